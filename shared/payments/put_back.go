package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// note is what the update that gives a discount says of the operation. One that is put
// back has a note of its own: the next reward must not wipe it out.
func (j job) note(n *billing.PutDiscount) map[string]string {
	if n.Back != nil {
		return map[string]string{metaBack: j.ref.OperationID}
	}
	return map[string]string{metaReward: j.ref.OperationID}
}

// noteOf is note for a customer, with the redemption that gives the discount.
func (j job) noteOf(n *billing.PutDiscount, c *stripe.Customer) map[string]string {
	note := j.note(n)
	if n.Back == nil {
		note[metaOf], note[metaOfBefore] = n.Of, c.Metadata[metaOf]
	}
	return note
}

// givenBy is the redemption that gave the discount which was used up before the one that
// runs: that may be the next of a queue, or one that staff gave.
func givenBy(c *stripe.Customer, runs *stripe.Discount) string {
	if c.Discount != nil && c.Discount.ID == runs.ID && runs.Coupon != nil && runs.Coupon.Metadata[metaRewardID] != "" {
		return c.Metadata[metaOfBefore]
	}
	return c.Metadata[metaOf]
}

func (j job) noted(n *billing.PutDiscount, about map[string]string) bool {
	for name, id := range j.note(n) {
		if about[name] != id {
			return false
		}
	}
	return true
}

func (j job) couponToPut(ctx context.Context, n *billing.PutDiscount, r billing.Results) (string, error) {
	if n.Back != nil {
		return n.Back.CouponID, nil
	}
	return j.coupon(ctx, n.Coupon, r)
}

// errDiscountStays means that a discount was not used up for nothing.
var errDiscountStays = refusal.Invalid(app.ReasonDiscountStays)

// usedElsewhere returns errDiscountStays for a discount that was not used up for
// nothing: it is there still, as after the first invoice of a trial; it was taken off
// meanwhile, as about, the metadata of its place, has it; it lowered the
// change that the invoice is of; or another invoice of the same time has it. One call for
// the invoices, and those of covered and one where a change is on the invoice; none
// without a discount to put back.
func (j job) usedElsewhere(ctx context.Context, back *billing.UnusedUp, there *stripe.Discount, about map[string]string, r billing.Results) error {
	if back == nil {
		return nil
	}
	if there != nil && there.ID == back.DiscountID || about[metaTakenOff] == back.DiscountID {
		return errDiscountStays
	}
	switch lowers, err := j.lowersChange(ctx, *back, r.SubscriptionID); {
	case err != nil:
		return err
	case lowers:
		return errDiscountStays
	}
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Customer: &r.CustomerID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: j.ref.CreatedAt.Add(-draftTime).Unix()}})
	for list.Next() {
		if in := list.Invoice(); in.Status == stripe.InvoiceStatusVoid || in.ID == back.InvoiceID {
			continue // it lowered what nobody pays, or was looked at
		}
		for _, off := range list.Invoice().TotalDiscountAmounts {
			if off.Amount > 0 && off.Discount != nil && off.Discount.ID == back.DiscountID {
				return errDiscountStays
			}
		}
	}
	return list.Err()
}

// lowersChange reports whether an invoice is lower than without a discount, of whose
// prorations Stripe shows the lowered amounts alone.
func (j job) lowersChange(ctx context.Context, back billing.UnusedUp, subscriptionID string) (bool, error) {
	if len(back.Prorated) == 0 {
		return false, nil // then it is not lowered at all
	}
	items, err := j.covered(ctx, back.CouponID)
	if err != nil {
		return false, err
	}
	var sub *stripe.Subscription
	if slices.ContainsFunc(back.Prorated, func(l billing.ProratedLine) bool { return l.PriceID != "" }) {
		if sub, err = j.getSubscription(ctx, subscriptionID); err != nil && !missing(err) {
			return false, err
		}
	}
	return back.Lowers(func(item string) bool { return items == nil || slices.Contains(items, item) }, func(l billing.ProratedLine) bool {
		item := (*stripe.SubscriptionItem)(nil)
		if sub != nil && !over(sub) {
			item = itemOf(sub, l.PriceID)
		}
		return item != nil && item.Quantity == l.Quantity
	}), nil
}

// unusedUp is the discount for one invoice that an issued invoice has used up, if it
// may have lowered nothing of it: nil where that is sure. What the discount covers is in
// no invoice.
func unusedUp(in *stripe.Invoice) *billing.UnusedUp {
	d := in.Discount
	if d == nil || d.Coupon == nil || d.Coupon.Metadata[metaCredits] != "" || d.Coupon.Duration != stripe.CouponDurationOnce || d.Coupon.Metadata[metaRewardID] == "" || in.Status == stripe.InvoiceStatusDraft {
		return nil
	}
	out := &billing.UnusedUp{RewardID: d.Coupon.Metadata[metaRewardID], CouponID: d.Coupon.ID, DiscountID: d.ID, InvoiceID: in.ID, Currency: money.Currency(in.Currency), OnSubscription: d.Subscription != ""}
	for _, off := range in.TotalDiscountAmounts {
		out.Off += money.Amount(off.Amount)
	}
	for _, l := range in.Lines.Data {
		if by := loweredBy(l, in); l.Proration && !by.IsZero() {
			line := billing.ProratedLine{ItemID: soldItem(aboutLine(l), l.Price), By: by}
			if l.Amount == 0 {
				line.PriceID, line.Quantity = l.Price.ID, l.Quantity
			}
			out.Prorated = append(out.Prorated, line)
		}
	}
	if !out.Doubtful() {
		return nil
	}
	return out
}

// loweredBy is what the discount of an invoice lowers the price of a proration by, in
// minor units, if it covers it: below 0 for a credit. One of 0 may be either, and counts
// as a charge. A proration that waited from before counts as lowered by all that it is.
func loweredBy(l *stripe.InvoiceLineItem, in *stripe.Invoice) money.Decimal {
	amount, made := money.Int(l.Amount), in.Created
	if l.Period != nil {
		made = l.Period.Start
	}
	list := listPrice(l.Price, l.Quantity)
	if in.BillingReason != stripe.InvoiceBillingReasonSubscriptionUpdate && in.Created-made > int64(draftTime.Seconds()) || l.Period == nil || list == nil {
		return amount.Abs()
	}
	whole, _ := money.StoredDecimal(list.FloatString(money.MaxDecimals)) // digits always parse
	off := money.Int(in.Discount.Coupon.AmountOff)
	if off.IsZero() {
		percent, err := money.StoredDecimal(fmt.Sprint(in.Discount.Coupon.PercentOff))
		if err != nil {
			return amount.Abs()
		}
		off = whole.Mul(percent).Shift(-2)
	}
	if off.GreaterThan(whole) {
		off = whole
	}
	end := moment(l.Period.End)
	begin := money.Cycle{Interval: money.Interval(l.Price.Recurring.Interval), Count: int(l.Price.Recurring.IntervalCount)}.After(end, -1)
	left, of := l.Period.End-l.Period.Start, end.Unix()-begin.Unix()
	by := off.Mul(money.Int(min(left, of))).DivRound(money.Int(max(1, of)), money.MaxDecimals)
	if l.Amount < 0 {
		return by.Neg()
	}
	return by
}

// termsOf reads the terms of a reward's coupon, for a discount that has to wait: the
// reward itself may have been edited since. One call more than covered.
func (j job) termsOf(ctx context.Context, back billing.UnusedUp) (*catalog.Reward, error) {
	coupon, err := j.coupons.Get(back.CouponID, &stripe.CouponParams{Params: stripe.Params{Context: ctx}})
	if err != nil {
		return nil, err
	}
	terms, err := discountOf(&stripe.Discount{Coupon: coupon})
	if err != nil {
		return nil, err
	}
	items, err := j.covered(ctx, back.CouponID)
	return &catalog.Reward{ID: terms.RewardID, Name: terms.Name, Type: terms.Type,
		Discount: &catalog.Discount{Value: terms.Value, Duration: catalog.OneOffDiscount, ApplyToAll: items == nil, PriceIDs: items}}, err
}
