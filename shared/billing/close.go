package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

// Grace is how long after a billing day the sweep leaves a subscription to
// Stripe's own events before it asks Stripe itself. A renewal is a draft for
// about an hour and then charged; six hours leave room for a few deliveries
// that failed. Our choice: access does not wait for it, as dates decide that.
const Grace = 6 * time.Hour

// Due is when background work on a customer product is due: when it begins or
// ends, when use is billed within its period, or, as only Stripe knows what becomes of a
// subscription, some time after its period. Zero when nothing is to come.
func (p CustomerProduct) Due() time.Time {
	if p.Status == Expired {
		return time.Time{}
	}
	return earliest(earliest(p.dateDue(), p.CardCheckAt), p.UsageAt)
}

// earliest is the earlier of two moments, of which zero is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (p CustomerProduct) dateDue() time.Time {
	at := p.EndsAt
	switch {
	case p.Status == Expired:
		return time.Time{}
	case p.Status == Scheduled:
		at = p.StartsAt
	case p.SubscriptionID != "" && (at.IsZero() || p.Period.End.Before(at)):
		at = p.Period.End
	}
	if p.SubscriptionID != "" && !at.IsZero() {
		return at.Add(Grace)
	}
	return at
}

// DueSubscriptions lists the subscriptions that Stripe is to be asked about:
// no event has told what became of them.
func (s State) DueSubscriptions(now time.Time) []string {
	var ids []string
	for _, cp := range s.Products {
		due := cp.dateDue()
		if cp.SubscriptionID != "" && !due.IsZero() && !now.Before(due) && !slices.Contains(ids, cp.SubscriptionID) {
			ids = append(ids, cp.SubscriptionID)
		}
	}
	return ids
}

// CloseDue makes the stored products what their dates say they are already, so
// that nothing changes for the customer whenever it comes.
//
//   - A product whose day has come is active; one whose end has come is expired.
//   - Where a main product has ended and nothing followed it in its group, the
//     group's default begins now.
//   - What is on a Stripe subscription is left alone: FollowSubscription says
//     what became of it.
func CloseDue(s State, c *catalog.Catalog, now time.Time) Settlement {
	c = s.In(c)
	var t transition
	for _, cp := range s.Products {
		if cp.SubscriptionID != "" || cp.Due().IsZero() || now.Before(cp.Due()) {
			continue
		}
		if cp.Status = Active; cp.At(now) == Expired {
			cp.Status = Expired
		}
		t.follow = append(t.follow, cp)
	}
	out := Settlement{Customer: s.Customer}
	if t.empty() {
		return out
	}
	for _, cp := range t.follow {
		if cp.Status == Expired && !cp.AddOn && !ProductOf(c, cp).OneOff() && !s.followed(c, cp, now) {
			t.begin = append(t.begin, fallback(c, cp, cp.ID+"_after", now, now)...)
		}
	}
	out.Products, _, out.Balances = s.apply(c, t, now)
	if len(t.begin) == 0 {
		out.Balances = nil // they know the dates already, and tracks would have to wait
	}
	out.Audit = s.auditOf(t, now)
	out.Audit.Actor, out.Audit.Action, out.Audit.Rule = "schedule", "close", "dates"
	out.Audit.Why = "The day has come on which this was to begin or to end."
	s.moveEnded(c, &out, now)
	return out
}

// followed reports whether something came in the group after a main product:
// it runs, it waits, or it began then and is over, too.
func (s State) followed(c *catalog.Catalog, ended CustomerProduct, now time.Time) bool {
	s.Scope = ended.Entity
	return s.ActivePlan(c, ended.Group, now) != nil || slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool {
		return cp.ID != ended.ID && cp.Group == ended.Group && cp.Entity.ID == ended.Entity.ID && !cp.AddOn && !ProductOf(c, cp).OneOff() && !cp.StartsAt.Before(ended.EndsAt)
	})
}

// How long before its end a product is looked at that ends as there was no card to charge
// for it. The first leaves time for a second one, should Stripe not be reached, and the
// second is for a card of the last day. Our choice.
const (
	firstCardCheck = 24 * time.Hour
	lastCardCheck  = time.Hour
)

// nextCardCheck is when the schedule looks for a card; zero when it does no more.
func (p CustomerProduct) nextCardCheck(now time.Time) time.Time {
	for _, before := range []time.Duration{firstCardCheck, lastCardCheck} {
		if at := p.EndsAt.Add(-before); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// CardCheckDue returns a product for whose customer a card is to be looked for, or nil.
func (s State) CardCheckDue(now time.Time) *CustomerProduct {
	i := slices.IndexFunc(s.Products, func(cp CustomerProduct) bool {
		return !cp.CardCheckAt.IsZero() && !now.Before(cp.CardCheckAt) && cp.Running(now)
	})
	if i < 0 {
		return nil
	}
	return &s.Products[i]
}

// WithoutCard is the product when there is still no card.
func (p CustomerProduct) WithoutCard(now time.Time) CustomerProduct {
	p.CardCheckAt = p.nextCardCheck(now)
	return p
}

// DecideGoesOn withdraws the end of a product for which there is a card now. Nothing
// follows it any more.
func DecideGoesOn(s State, c *catalog.Catalog, cp CustomerProduct, now time.Time) (Decision, error) {
	c, s = s.In(c), s.Of(cp.Entity)
	d := Decision{Branch: BranchGoesOn, Entity: cp.Entity, Currency: c.Currency(), Products: []string{cp.ProductID}, Keep: []string{cp.ID},
		Why: "There is a card by now, so the product goes on after its free periods and is charged."}
	if w := s.ScheduledPlan(cp.Group, now); w != nil && !cp.AddOn {
		d.Drop = []string{w.ID}
	}
	return s.planned(c, d, now)
}
