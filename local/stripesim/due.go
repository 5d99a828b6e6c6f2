package stripesim

import "windfall/local/stripesim/object"

// plan is what the store has to know about time.
func plan(r object.Row) (at int64, rank int, clock string) {
	at, rank = dueOf(r)
	return at, rank, clockOf(r)
}

// clockOf is the test clock a row lives on, "" for the simulator's own.
func clockOf(r object.Row) string {
	switch o := r.(type) {
	case *object.Subscription:
		return string(o.TestClock)
	case *object.Invoice:
		return string(o.TestClock)
	case *object.Schedule:
		return string(o.TestClock)
	}
	return ""
}

// dueOf is when a row wants attention (0: never) and its rank among rows due
// at the same second; rank -1 is for kinds that never fall due.
func dueOf(r object.Row) (at int64, rank int) {
	switch o := r.(type) {
	case *object.Schedule:
		return scheduleDue(o), 0
	case *object.Subscription:
		return subscriptionDue(o), 1
	case *object.Invoice:
		return invoiceDue(o), 2
	case *object.CheckoutSession:
		return checkoutDue(o), 3
	case *object.PromotionCode:
		return promotionDue(o), 4
	case *object.Coupon:
		return couponDue(o), 4
	case *object.Event:
		return o.State.NextTry, 5
	}
	return 0, -1
}

// due does what a row wants.
func (t *tx) due(r object.Row) error {
	switch o := r.(type) {
	case *object.Schedule:
		return t.scheduleFalls(o)
	case *object.Subscription:
		return t.subscriptionFalls(o)
	case *object.Invoice:
		return t.invoiceFalls(o)
	case *object.CheckoutSession:
		return t.checkoutExpires(o.ID)
	case *object.PromotionCode:
		return t.promotionExpires(o.ID)
	case *object.Coupon:
		return t.couponExpires(o.ID)
	case *object.Event:
		e := edit[*object.Event](t, o.ID)
		e.State.NextTry = 0
		t.after = append(t.after, func() { t.s.courier.Accept([]*object.Event{e}) })
	}
	return nil
}
