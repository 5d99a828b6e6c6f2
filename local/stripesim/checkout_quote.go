package stripesim

import (
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// quote prices an open session for a purchase that has not been made. It
// belongs to a transaction that is never committed.
func (t *tx) quote(id string, p hosted.Purchase) hosted.Quote {
	cs := edit[*object.CheckoutSession](t, id)
	q := hosted.Quote{Session: cs}
	if err := setLineQuantities(cs, p.Quantities); err != nil {
		q.QuantityProblem = err.Error()
	}
	if _, err := t.checkoutRedeem(cs, p.PromotionCode); err != nil && p.PromotionCode != "" {
		cs.State.PromotionCode = ""
		q.CodeProblem = err.Error()
	}
	if err := t.checkoutBilling(cs, p); err != nil && (p.Country != "" || p.TaxID != "") {
		q.AddressProblem = err.Error()
	}
	q.Coupon = t.checkoutTerms(cs)
	t.priceCheckout(cs, q.Coupon)
	if cs.Mode != "subscription" {
		return q
	}
	// What is paid today and afterwards comes from the purchase itself, made with
	// a card that works on a fork that is thrown away.
	f := t.fork()
	f.dry, f.present = false, true
	if done, err := f.complete(cs.ID, hosted.Purchase{PaymentMethod: "pm_card_visa", Country: p.Country, PostalCode: p.PostalCode}); err == nil { // else the button says why
		q.Outcome = f.outcome(done)
	}
	return q
}

// outcome is what came of a completed session.
func (t *tx) outcome(cs *object.CheckoutSession) (o hosted.Outcome) {
	o.Invoice, _ = find[*object.Invoice](t, string(cs.Invoice))
	if sub, ok := find[*object.Subscription](t, string(cs.Subscription)); ok && !ended(sub) {
		o.Renewal = t.renewal(sub)
	}
	return o
}

// renewal is the next invoice of a subscription, and that after its discount;
// nil when the subscription does not renew.
func (t *tx) renewal(sub *object.Subscription) *hosted.Renewal {
	next, err := t.preview(sub.ID)
	if err != nil || sub.CancelAt != 0 && int64(sub.CancelAt) <= sub.CurrentPeriodEnd {
		return nil
	}
	r := &hosted.Renewal{At: sub.CurrentPeriodEnd, Every: sub.Items.Data[0].Price.Recurring, Next: next}
	r.Full, r.FullFrom = t.afterDiscount(sub)
	for _, item := range sub.Items.Data {
		r.Metered = r.Metered || metered(item.Price)
	}
	return r
}

// afterDiscount is the first renewal without the discount, and its date.
func (t *tx) afterDiscount(sub *object.Subscription) (*object.Invoice, int64) {
	if sub.Discount == nil || sub.Discount.Coupon.Duration == "forever" {
		return nil, 0
	}
	n, interval := int64(0), subscriptionInterval(sub)
	from := sub.CurrentPeriodEnd
	for from < int64(sub.Discount.End) || sub.Discount.Coupon.Duration == "once" && n == 0 {
		n++
		from = interval.Add(sub.CurrentPeriodEnd, n)
	}
	f := t.fork()
	edit[*object.Subscription](f, sub.ID).Discount = nil
	full, err := f.lookAhead(sub.ID)
	if err != nil {
		return nil, 0
	}
	return full, from
}

// completeInLines is complete for quantities of the lines' own units, by line.
func (t *tx) completeInLines(id string, p hosted.Purchase) (*object.CheckoutSession, error) {
	if _, err := need[*object.CheckoutSession](t, "checkout.session", id, "id"); err != nil {
		return nil, err
	}
	if err := setLineQuantities(edit[*object.CheckoutSession](t, id), p.Quantities); err != nil {
		return nil, err
	}
	p.Quantities = nil
	return t.complete(id, p)
}

func setLineQuantities(cs *object.CheckoutSession, quantities map[string]int64) error {
	for _, line := range cs.State.Lines {
		q, given := quantities[line.ID]
		if !given || !line.State.Adjustable {
			continue
		}
		if q < line.State.Min || q > line.State.Max {
			return invalid("quantities", "The quantity of %s must be between %d and %d.", line.Description, line.State.Min, line.State.Max)
		}
		line.Quantity = ptr(q)
	}
	return nil
}
