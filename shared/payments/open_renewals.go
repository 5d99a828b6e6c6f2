package payments

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/money"
)

// draftTime is how long a renewal can be a draft that Stripe will issue: an
// hour, and up to 72 while its event is not accepted. An older draft is one
// that staff keeps.
//
// Source: https://docs.stripe.com/billing/subscriptions/webhooks
const draftTime = 74 * time.Hour

// openRenewals are the renewals of a subscription that Stripe has not issued, and
// what other invoices say of the periods that they begin.
type openRenewals struct {
	list   []*stripe.Invoice // drafts, and those that an end has issued; the oldest first
	issued map[span]money.Amount
	back   map[span]money.Amount // what Stripe credited of it, below 0, less what lines of ours hold back
	seats  map[span]money.Amount // what of it our own lines come to: a credit beyond them relies on the renewal
	sold   []string              // the items that are on the subscription now
	until  int64                 // when the subscription ended, or now
}

// A span is an item's time up to the end of a period. What is credited of it
// ends with what was charged of it.
type span struct {
	item string
	end  int64
}

// openRenewals reads a subscription's invoices of its last periods, and the
// customer's without a subscription, with all lines.
func (j job) openRenewals(ctx context.Context, sub *stripe.Subscription, until int64) (openRenewals, error) {
	o := openRenewals{issued: map[span]money.Amount{}, back: map[span]money.Amount{}, seats: map[span]money.Amount{}, until: until}
	for _, item := range itemsOf(sub) {
		o.sold = append(o.sold, soldItem(nil, item.Price))
	}
	since := min(sub.CurrentPeriodStart, until-int64(draftTime.Seconds()))
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Customer: &sub.Customer.ID, // seats are on invoices of their own, too
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since}})
	for list.Next() {
		in := list.Invoice()
		if in.Subscription != nil && in.Subscription.ID != sub.ID {
			continue
		}
		if err := j.readLines(ctx, in); err != nil {
			return o, err
		}
		switch {
		case in.Lines == nil || in.Status == stripe.InvoiceStatusVoid:
		case beginsPeriod(in, sub):
			o.list = append(o.list, in)
		case in.Status != stripe.InvoiceStatusDraft:
			o.book(in)
		}
	}
	slices.Reverse(o.list)
	return o, list.Err()
}

// beginsPeriod reports whether an invoice is a renewal that Stripe has not
// issued: it is a draft, or an end has issued it. The last invoice of a
// subscription has the same reason, but its period is the present one.
func beginsPeriod(in *stripe.Invoice, sub *stripe.Subscription) bool {
	return in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle && in.PeriodStart < sub.CurrentPeriodStart &&
		(asDraft(in) != nil || takenOff(in) || in.Status == stripe.InvoiceStatusOpen && in.AutoAdvance && !in.Attempted)
}

// book adds up what an issued invoice charges and credits of each span.
func (o openRenewals) book(in *stripe.Invoice) {
	for _, l := range in.Lines.Data {
		if l.Period != nil {
			s, amount := spanOf(l), money.Amount(l.Amount)
			for _, d := range l.DiscountAmounts { // credits are less theirs already
				amount -= money.Amount(d.Amount)
			}
			o.issued[s] += amount
			switch {
			case seats(aboutLine(l)):
				o.seats[s] += amount
			case l.Amount < 0 || strings.HasPrefix(aboutLine(l)[metaUse], billing.UnpaidUse):
				o.back[s] += amount
			}
		}
	}
}

func spanOf(l *stripe.InvoiceLineItem) span {
	return span{soldItem(aboutLine(l), l.Price), l.Period.End}
}

// relied lists what a renewal charges that a credit on an issued invoice relies
// on: the time of the same item, also if a later change charged it again. Where staff exchanged a price without a charge,
// the item that came was credited instead, so it is the one that left; or, if it
// came back, the one that was charged again.
func (o openRenewals) relied(renewal *stripe.Invoice) map[span]bool {
	relied := map[span]bool{}
	var charged []span
	for _, l := range renewal.Lines.Data {
		if s := spanOf(l); ahead(l) && o.within(renewal, l.Period) && !slices.Contains(charged, s) {
			charged, relied[s] = append(charged, s), o.back[s] < 0 || o.seats[s] < 0
		}
	}
	for credit, amount := range o.issued {
		if amount >= 0 || slices.Contains(charged, credit) {
			continue
		}
		for _, instead := range []func(span) bool{
			func(s span) bool { return !slices.Contains(o.sold, s.item) },
			func(s span) bool { return o.issued[s] > 0 },
			func(span) bool { return true },
		} {
			found := false
			for _, s := range charged {
				if s.end == credit.end && instead(s) {
					relied[s], found = true, true
				}
			}
			if found {
				break
			}
		}
	}
	return relied
}

// within reports whether a span of time lies in a period that has just begun and
// runs still. A moment does not: it is no time that is charged.
func (o openRenewals) within(renewal *stripe.Invoice, p *stripe.Period) bool {
	return p != nil && p.Start >= renewal.PeriodEnd && p.End > p.Start && p.End > o.until
}

// drafts are the renewals that are still drafts.
func (o openRenewals) drafts() []*stripe.Invoice {
	return slices.DeleteFunc(slices.Clone(o.list), func(in *stripe.Invoice) bool { return asDraft(in) == nil })
}

// since reports whether a period began after a moment, at which a credit was
// decided that knew nothing of its draft.
func (o openRenewals) since(at time.Time) bool {
	return slices.ContainsFunc(o.drafts(), func(in *stripe.Invoice) bool { return in.PeriodEnd > at.Unix() })
}

func asDraft(in *stripe.Invoice) *stripe.Invoice {
	if in == nil || in.Status != stripe.InvoiceStatusDraft {
		return nil
	}
	return in
}

// waitsInVain reports whether an item waits for time in a period that is not
// charged: the end drops it. A credit of what a change has charged is given, and so is
// what staff changed of it: their charge belongs to their credit.
func (o openRenewals) waitsInVain(item *stripe.InvoiceItem) bool {
	in := func(renewal *stripe.Invoice) bool { return o.within(renewal, item.Period) }
	drafts := o.drafts()
	if !slices.ContainsFunc(drafts, in) {
		return false
	}
	s := span{soldItem(item.Metadata, item.Price), item.Period.End}
	if item.Proration && slices.ContainsFunc(drafts, func(renewal *stripe.Invoice) bool { return o.relied(renewal)[s] }) {
		return false // the draft stays as it is
	}
	charged := o.issued[s]
	return charged <= 0 || item.Amount > 0 && !item.Proration
}

// soldItem names what a line sells: an item of the catalog, or a price of others.
func soldItem(metadata map[string]string, p *stripe.Price) string {
	if id := metadata[metaItem]; id != "" || p == nil {
		return id
	}
	if id := p.Metadata[metaItem]; id != "" {
		return id
	}
	return p.ID
}
