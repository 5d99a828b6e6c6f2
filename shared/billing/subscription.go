package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A Subscription is a Stripe subscription as it is now.
type Subscription struct {
	ID               string
	Status           string // active, trialing, past_due, unpaid, canceled, incomplete, incomplete_expired
	StripeCustomerID string
	OperationID      string
	ChangedBy        string // the operation that changed it last
	Period           money.Period
	TrialEnds        time.Time
	CancelAt         time.Time // zero while it goes on
	CanceledAt       time.Time // when the end was asked for
	EndedAt          time.Time
	Unbegun          bool   // the period is not charged if it ends now: its renewal is a draft, or was issued without it
	ScheduleID       string // a plan for its next period is attached; "" without
	Paused           bool   // its invoices are not collected for a time
	Taxed            bool   // Stripe computes the tax of its invoices
	Items            []SubscriptionItem
}

// A SubscriptionItem is a price of a subscription, by its id at Stripe.
type SubscriptionItem struct {
	PriceID  string
	Quantity int64
}

func (s Subscription) status() Status {
	switch s.Status {
	case "active", "trialing":
		return Active
	case "canceled", "incomplete_expired":
		return Expired
	}
	return PastDue // past_due, unpaid, incomplete, paused: no access until it is paid
}

// begun reports whether a product that waited has begun: with its period, or on
// its day within a period that was moved meanwhile.
func (s Subscription) begun(c *catalog.Catalog, cp CustomerProduct, now time.Time) bool {
	return s.past(cp.StartsAt, now) && (!s.Period.Start.Before(cp.StartsAt) || s.sells(c, cp))
}

// past reports whether a day on which Stripe was to exchange prices has come
// there: a period began with it or since, or goes on over it. A period that is
// over is about to be exchanged as well.
func (s Subscription) past(day, now time.Time) bool {
	return !s.Period.Start.Before(day) || !now.Before(day) && now.Before(s.Period.End)
}

// of returns a customer product of the subscription as it is at Stripe.
//
//   - A product whose end has come while the subscription went on was replaced,
//     unless it is sold there still: then its end was withdrawn.
//   - While a plan is attached, it says what ends; otherwise the subscription
//     itself does, so that an end withdrawn at Stripe is withdrawn here.
func (s Subscription) of(c *catalog.Catalog, cp CustomerProduct, now time.Time) CustomerProduct {
	next := cp
	next.Taxed = s.Taxed
	if next.Status = s.status(); next.Status == Expired {
		next.Period, next.TrialEnds, next.CanceledAt, next.EndsAt = s.Period, s.trialOf(cp), s.CanceledAt, s.EndedAt
		return next
	}
	if !cp.EndsAt.IsZero() && s.past(cp.EndsAt, now) && !s.sells(c, cp) {
		next.Status = Expired
		return next
	}
	next.Period, next.TrialEnds = s.Period, s.trialOf(cp)
	if !s.CancelAt.IsZero() || s.ScheduleID == "" {
		next.CanceledAt, next.EndsAt = s.CanceledAt, s.CancelAt
	}
	if next.EndsAt.IsZero() { // withdrawn at Stripe
		next.CardCheckAt = time.Time{}
	}
	return next
}

// sells reports whether a price of the product is on the subscription.
func (s Subscription) sells(c *catalog.Catalog, cp CustomerProduct) bool {
	lines, _ := recurringLines(c, ProductOf(c, cp), cp.Quantities)
	return slices.ContainsFunc(lines, func(l PriceLine) bool {
		return l.StripeID != "" && slices.ContainsFunc(s.Items, func(i SubscriptionItem) bool { return i.PriceID == l.StripeID })
	})
}

// trialOf is the end of a product's trial. One that was over when the product
// came to the subscription was another product's.
func (s Subscription) trialOf(cp CustomerProduct) time.Time {
	if s.TrialEnds.After(cp.StartsAt) {
		return s.TrialEnds
	}
	return time.Time{}
}

func sameProduct(a, b CustomerProduct) bool {
	return a.Status == b.Status && a.Period.Start.Equal(b.Period.Start) && a.Period.End.Equal(b.Period.End) &&
		a.TrialEnds.Equal(b.TrialEnds) && a.CanceledAt.Equal(b.CanceledAt) && a.EndsAt.Equal(b.EndsAt) &&
		a.ChangedAtStripe == b.ChangedAtStripe && a.Taxed == b.Taxed && slices.EqualFunc(a.Quantities, b.Quantities, catalog.Quantity.Same)
}

// restarts reports whether the period of a product was begun before the one
// before it was over, so that it is billed on another day from then on. A trial
// that begins or ends moves the day by itself.
func (s Subscription) restarts(c *catalog.Catalog, cp CustomerProduct) bool {
	old, start := cp.Period, s.Period.Start
	if old.Start.IsZero() || !start.After(old.Start) || start.Equal(old.End) || s.TrialEnds.Equal(start) || s.TrialEnds.After(start) {
		return false
	}
	cycle := ProductOf(c, cp).BillingCycle()
	if start.Before(old.End) || !cycle.Repeats() {
		return true
	}
	before := start.Add(-time.Nanosecond) // an event was lost: a later period of the same days is none
	if !old.Anchor.At.IsZero() && old.Anchor.Next(cycle, before).Equal(start) {
		return false
	}
	return !cycle.Next(old.Start, before).Equal(start) && !cycle.Next(old.End, before).Equal(start)
}
