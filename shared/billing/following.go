package billing

import (
	"time"

	"windfall/shared/catalog"
)

// imaginedSubscription is that of a purchase that is not made yet.
const imaginedSubscription = "sub_imagined"

// After is the customer as a purchase or a change at once of a decision would leave them, as
// far as their products go: what is to follow it can be tried before it is paid. Products are
// those of the decision.
func (s AttachState) After(d Decision, products []catalog.Product, now time.Time) AttachState {
	s.State = s.Of(d.Entity)
	end := d.Next(products, now).At
	begun := make([]CustomerProduct, len(d.Start))
	for i, cp := range d.Start {
		if begun[i] = cp; cp.Status == Scheduled {
			continue
		}
		begun[i].StartsAt = now
		if begun[i].Period.Start, begun[i].Period.End = now, end; cp.SubscriptionID == "" && ProductOf(s.Catalog, cp).Recurring() {
			begun[i].SubscriptionID = imaginedSubscription
		}
	}
	s.Products = s.after(s.transition(s.Catalog, d, begun, now), now)
	return s
}
