package billing

import (
	"slices"
	"time"
)

// FollowSubscription is what a change of a subscription at Stripe leaves
// behind. It is a function of the subscription as it is now, so late, doubled
// and shuffled events end in the same state. What is over stays over.
//
//   - Its products get the status, the period and the end that Stripe says.
//   - A scheduled product begins with the period it waited for; it is dropped
//     when its plan is gone or the subscription has ended.
//   - Where a main product has ended, what waited in its group begins, or the
//     group's default. Where it will end, the default waits for that day.
func FollowSubscription(s State, c *Catalog, sub Subscription, now time.Time) Settlement {
	m := s.follow(c, sub, now)
	out := Settlement{Customer: s.Customer}
	if m.empty() {
		return out
	}
	out.Products, out.Gone, out.Balances = s.apply(c, m, now)
	out.Audit = s.auditOf(m, now)
	out.Audit.Actor, out.Audit.Action, out.Audit.Rule = "stripe", "follow", "subscription_"+sub.Status
	out.Audit.Why = "The subscription is " + sub.Status + " at Stripe."
	out.Audit.Stripe = map[string]string{"subscription": sub.ID}
	return out
}

func (s State) follow(c *Catalog, sub Subscription, now time.Time) transition {
	var m transition
	for _, cp := range s.Products {
		switch {
		case cp.SubscriptionID != sub.ID || cp.Status == Expired:
			continue
		case cp.Status != Scheduled || sub.begun(cp):
			if next := sub.of(c, cp); !sameProduct(cp, next) {
				m.follow = append(m.follow, next)
			}
		case sub.ScheduleID == "" || sub.status() == Expired: // what has ended may still name its plan
			m.drop = append(m.drop, cp.ID)
		}
	}
	for _, cp := range m.follow {
		if !cp.AddOn && !c.ProductOf(cp).OneOff() {
			s.succeed(c, &m, cp, now)
		}
	}
	return m
}

// succeed sees to what comes after a main product that Stripe has ended, will
// end, or has decided to let go on.
func (s State) succeed(c *Catalog, m *transition, cp CustomerProduct, now time.Time) {
	held := State{Products: s.after(*m, now)}
	waiting := held.ScheduledPlan(cp.Group, now)
	switch {
	case cp.Status != Expired && cp.EndsAt.IsZero():
		s.unfollowed(c, m, cp, now)
	case cp.Status == Expired && held.ActivePlan(c, cp.Group, now) != nil:
		// something else runs in the group already
	case cp.Status == Expired && waiting != nil: // the end came before its day
		next := *waiting
		next.Status, next.StartsAt = Active, now
		m.follow = append(m.follow, next)
	case waiting == nil:
		m.begin = append(m.begin, c.fallback(cp, cp.ID+"_after", later(now, cp.EndsAt), now)...)
	}
}

// unfollowed takes back what was to follow a main product that goes on after
// all: what waits, and what has begun by its date before that was heard of.
func (s State) unfollowed(c *Catalog, m *transition, cp CustomerProduct, now time.Time) {
	for _, next := range s.Products {
		switch {
		case next.ID == cp.ID || next.Group != cp.Group || next.AddOn || c.ProductOf(next).OneOff():
		case next.Status == Scheduled && (next.SubscriptionID == "" || next.At(now) == Scheduled):
			if !slices.Contains(m.drop, next.ID) {
				m.drop = append(m.drop, next.ID)
			}
		case next.Running(now) && next.SubscriptionID == "":
			m.end = append(m.end, Ending{CustomerProductID: next.ID})
		}
	}
}

// fallback is the default product that follows a main product of its group,
// from a moment on; none where the group has no other default.
func (c *Catalog) fallback(cp CustomerProduct, id string, from, now time.Time) []CustomerProduct {
	i := slices.IndexFunc(c.Fallbacks(), func(p Product) bool { return p.Group == cp.Group && (p.ID != cp.ProductID || cp.Custom != nil) })
	if i < 0 {
		return nil
	}
	p := c.Fallbacks()[i]
	next := CustomerProduct{ID: id, ProductID: p.ID, Version: p.Version, Group: p.Group, Status: Active, StartsAt: from, Quantity: 1}
	if from.After(now) {
		next.Status = Scheduled
	}
	return []CustomerProduct{next}
}
