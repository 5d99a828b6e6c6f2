package payments

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/ledger"
	"windfall/shared/money"
)

// Billed implements app.Payments. Three calls: one for each hundred invoices (and
// for each hundred lines of a long one), of which Stripe lists the newest first,
// one for each hundred items that wait, and those of discountsOf.
func (s *Stripe) Billed(ctx context.Context, env catalog.Env, stripeID string, currency money.Currency, since, now time.Time) (billing.Bills, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return billing.Bills{}, err
	}
	invoices, err := a.billedSince(ctx, stripeID, since)
	if err != nil {
		return billing.Bills{}, a.explain(err)
	}
	waiting, err := a.waiting(ctx, stripeID, currency)
	if err != nil {
		return billing.Bills{}, a.explain(err)
	}
	discounts, err := a.discountsOf(ctx, stripeID, currency, now)
	return billing.Bills{Billed: ledger.Billed{Invoices: invoices, Waiting: waiting}, Discounts: discounts, Books: ledger.BooksOf}, a.explain(err)
}

// Waiting implements app.Payments. One call for each hundred items that wait.
func (s *Stripe) Waiting(ctx context.Context, env catalog.Env, stripeID string, currency money.Currency) ([]ledger.WaitingItem, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	waiting, err := a.waiting(ctx, stripeID, currency)
	return waiting, a.explain(err)
}

// waiting lists the invoice items of a customer that are on no invoice yet.
func (a account) waiting(ctx context.Context, stripeID string, currency money.Currency) (waiting []ledger.WaitingItem, err error) {
	list := a.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Customer: &stripeID, Pending: stripe.Bool(true)})
	for list.Next() {
		item := list.InvoiceItem()
		if money.Currency(item.Currency) != currency {
			continue // no invoice of ours takes it
		}
		w := ledger.WaitingItem{Description: item.Description, Full: !item.Discountable, ProductID: item.Metadata[metaProduct], Line: ledger.Line{ItemID: soldItem(item.Metadata, item.Price),
			Amount: money.Amount(item.Amount), Proration: item.Proration, Ours: seats(item.Metadata), Operation: item.Metadata[metaOperation], Dated: billing.BilledByDate(item.Metadata[metaOperation]), For: item.Metadata[metaFor]}}
		listed(&w.Line, item.Metadata)
		w.List, w.Quantity = listPrice(item.Price, item.Quantity), item.Quantity
		if item.Price != nil && w.ProductID == "" {
			w.ProductID = item.Price.Metadata[metaProduct]
		}
		if item.Price != nil && item.Price.Product != nil && w.ItemID == item.Price.ID { // a coupon is limited to products
			w.ItemID = item.Price.Product.ID
		}
		if item.Subscription != nil {
			w.SubscriptionID = item.Subscription.ID
		}
		if item.Period != nil {
			w.Period = money.Period{Start: moment(item.Period.Start), End: moment(item.Period.End)}
		}
		waiting = append(waiting, w)
	}
	if err := list.Err(); !missing(err) {
		return waiting, err
	}
	return nil, nil
}

func (a account) billedSince(ctx context.Context, stripeID string, since time.Time) ([]ledger.Invoice, error) {
	params := &stripe.InvoiceListParams{ListParams: every(ctx), Customer: &stripeID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Unix()}}
	for _, part := range []string{"data.charge", "data.subscription", "data.customer"} {
		params.AddExpand(part)
	}
	var billed []ledger.Invoice
	list := a.invoices.List(params)
	for list.Next() {
		in := list.Invoice()
		if err := a.readLines(ctx, in); err != nil {
			return nil, err
		}
		billed = append(billed, billedOf(in))
	}
	if err := list.Err(); err != nil && !missing(err) {
		return nil, err
	}
	slices.Reverse(billed)
	return billed, nil
}

func billedOf(in *stripe.Invoice) ledger.Invoice {
	out := ledger.Invoice{ID: in.ID, CreatedAt: moment(in.Created), Total: money.Amount(in.Total), Currency: money.Currency(in.Currency),
		Draft: in.Status == stripe.InvoiceStatusDraft, Collected: collected(in)}
	if in.BillingReason == stripe.InvoiceBillingReasonSubscriptionUpdate && in.SubscriptionDetails != nil {
		out.Operation = in.SubscriptionDetails.Metadata[metaChange]
	}
	out.Paid, out.Due = paidOf(in)
	out = out.BeforeTax(onTop(in))
	running := runningDiscount(in)
	if in.Lines == nil {
		return out
	}
	payByCredits(&out, in)
	off, given := map[string]money.Amount{}, map[string]money.Amount{}
	for _, l := range in.Lines.Data {
		line, use := billedLine(l, in, running), aboutLine(l)[metaUse]
		switch {
		case aboutLine(l)[metaCredits] != "": // a payment
		case strings.HasPrefix(use, unbegunUse):
			off[line.ItemID] -= line.Amount
		case !strings.HasPrefix(use, billing.RewardUse):
			out.Lines = append(out.Lines, line)
		case rewardRuns(in, aboutLine(l)[metaRewardID]): // Stripe's credit knows of it
			off[line.ItemID] -= line.Amount
		default:
			given[line.ItemID] -= line.Amount
		}
	}
	for i := range out.Lines { // what was taken off was never charged
		line := &out.Lines[i]
		if line.Withheld {
			continue // no charge of the item
		}
		if some := min(off[line.ItemID], line.Amount-line.Off); some > 0 {
			line.Amount, off[line.ItemID] = line.Amount-some, off[line.ItemID]-some
		}
		if some := min(given[line.ItemID], line.Amount-line.Off); some > 0 {
			line.Off, given[line.ItemID] = line.Off+some, given[line.ItemID]-some
		}
	}
	return out
}

// collected reports whether Stripe charges an invoice to a card within the hour: the draft
// of a renewal, and an invoice of our own that was issued and not tried yet.
//
// Source: https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
func collected(in *stripe.Invoice) bool {
	return (in.Status == stripe.InvoiceStatusDraft || in.Status == stripe.InvoiceStatusOpen && !in.Attempted) &&
		in.AutoAdvance && in.CollectionMethod == stripe.InvoiceCollectionMethodChargeAutomatically
}

// creditsDiscount is the discount by which invoice credits paid a part of an invoice;
// "" for none.
func creditsDiscount(in *stripe.Invoice) string {
	if d := in.Discount; d != nil && d.Coupon != nil && d.Coupon.Metadata[metaCredits] != "" {
		return d.ID
	}
	return ""
}

// payByCredits counts what credits took off an invoice as a part of its total that is
// paid, or is about to be on a draft. What came back of it is in our own books.
func payByCredits(out *ledger.Invoice, in *stripe.Invoice) {
	some := money.Amount(0)
	for _, l := range in.Lines.Data {
		if aboutLine(l)[metaCredits] != "" {
			some -= money.Amount(l.Amount)
		}
	}
	for _, d := range in.TotalDiscountAmounts {
		if d.Discount != nil && d.Discount.ID == creditsDiscount(in) {
			some += money.Amount(d.Amount)
		}
	}
	if some == 0 {
		return
	}
	switch out.Total += some; in.Status {
	case stripe.InvoiceStatusVoid:
	case stripe.InvoiceStatusDraft:
		out.Due += some
	default:
		out.Paid += some
	}
}

// rewardRuns reports whether the percentage of a reward runs on an invoice's
// subscription at this moment. An amount was taken off in full, and Stripe's credit
// knows a share of it: what of such a line was paid is counted.
func rewardRuns(in *stripe.Invoice, rewardID string) bool {
	return in.Subscription != nil && in.Subscription.Discount != nil && in.Subscription.Discount.Coupon != nil &&
		in.Subscription.Discount.Coupon.AmountOff == 0 && in.Subscription.Discount.Coupon.Metadata[metaRewardID] == rewardID
}

// paidOf returns what of an invoice's total is paid, and what is to be paid
// still. What a credit note took off was not paid, and neither was what went
// back to the customer. A balance that Stripe applied was.
//
// Source: https://docs.stripe.com/api/invoices/object (amount_remaining,
// pre_payment_credit_notes_amount, post_payment_credit_notes_amount)
func paidOf(in *stripe.Invoice) (paid, due money.Amount) {
	total := max(0, in.Total)
	if in.Status == stripe.InvoiceStatusDraft {
		return 0, money.Amount(total)
	}
	if in.Status == stripe.InvoiceStatusVoid {
		return 0, 0
	}
	back := in.PrePaymentCreditNotesAmount
	if in.Status == stripe.InvoiceStatusPaid {
		back += max(refunded(in), in.PostPaymentCreditNotesAmount) // a refund by credit note is both
	}
	left := min(total, max(0, in.AmountRemaining))
	paid = money.Amount(max(0, total-left-back))
	if in.Status == stripe.InvoiceStatusOpen {
		due = money.Amount(left)
	}
	return paid, due
}

// refunded is what of a charge went back. While a payment is disputed, Stripe
// has taken all of it back.
//
// Source: https://docs.stripe.com/disputes/how-disputes-work
func refunded(in *stripe.Invoice) int64 {
	switch {
	case in.Charge == nil:
		return 0
	case in.Charge.Disputed:
		return in.Charge.Amount
	}
	return in.Charge.AmountRefunded
}

// runningDiscount is the one that Stripe's prorations know of at this moment: the
// subscription's own, or else the customer's. "" for none.
func runningDiscount(in *stripe.Invoice) string {
	switch {
	case in.Subscription != nil && in.Subscription.Discount != nil:
		return in.Subscription.Discount.ID
	case in.Customer != nil && in.Customer.Discount != nil:
		return in.Customer.Discount.ID
	}
	return ""
}

// seats reports whether an invoice line is of seats, or of use: Stripe makes no
// credit for what we have put there.
func seats(about map[string]string) bool {
	use := about[metaUse]
	return use != "" && !strings.HasPrefix(use, billing.UnpaidUse) && !strings.HasPrefix(use, unbegunUse) && !strings.HasPrefix(use, billing.RewardUse) && !strings.HasPrefix(use, billing.CreditUse)
}

// listed tells the ledger what a credit of seats would be without the discount, or
// the lower price, at which they were paid, and that a charge of them is for a whole
// period. A credit of 0 is of seats that nobody paid for.
func listed(l *ledger.Line, about map[string]string) {
	if whole, err := strconv.ParseInt(about[metaWhole], 10, 64); l.Ours && err == nil {
		l.Whole = moment(whole)
	}
	list, err := strconv.ParseInt(about[metaList], 10, 64)
	if !l.Ours || err != nil {
		return
	}
	if all, err := strconv.ParseInt(about[metaListAll], 10, 64); err == nil {
		l.All = money.Amount(all)
	}
	switch full := money.Amount(list); {
	case l.All == 0 && full > l.Amount: // a charge that a discount had lowered
		l.Amount, l.Off = full, full-l.Amount
	case l.All > 0 && full > -l.Amount:
		l.Amount, l.Off = -full, -l.Amount-full
	}
}

func billedLine(l *stripe.InvoiceLineItem, in *stripe.Invoice, running string) ledger.Line {
	out := ledger.Line{ItemID: soldItem(aboutLine(l), l.Price), Amount: money.Amount(l.Amount), Proration: l.Proration,
		Withheld: strings.HasPrefix(aboutLine(l)[metaUse], billing.UnpaidUse), Ours: seats(aboutLine(l)), Operation: aboutLine(l)[metaOperation], Dated: billing.BilledByDate(aboutLine(l)[metaOperation]), For: aboutLine(l)[metaFor]}
	listed(&out, aboutLine(l))
	out.List, out.Quantity = listPrice(l.Price, l.Quantity), l.Quantity
	if l.Subscription != nil {
		out.SubscriptionID = l.Subscription.ID
	}
	if l.Period != nil {
		out.Period = money.Period{Start: moment(l.Period.Start), End: moment(l.Period.End)}
	}
	for _, d := range l.DiscountAmounts {
		if d.Discount != nil && d.Discount.ID == creditsDiscount(in) {
			continue // a payment
		}
		if d.Discount != nil && d.Discount.ID == running && !out.Ours { // Stripe's credit knows of it
			out.Amount -= money.Amount(d.Amount)
		} else {
			out.Off += money.Amount(d.Amount)
		}
	}
	return out
}
