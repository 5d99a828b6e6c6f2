package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

// FollowSubscription is what a change of a subscription at Stripe leaves
// behind. It is a function of the subscription as it is now, so late, doubled
// and shuffled events end in the same state. What is over stays over.
//
//   - Its products get the status, the period and the end that Stripe says.
//   - A period begun anew brings the allowances anew, and resets move with it.
//   - Its products are those whose prices are on it; see followItems. Seats in use
//     go on as they are paid to the end of the period.
//   - A scheduled product begins with the period it waited for; it is dropped
//     when its plan is gone or the subscription has ended.
//   - Where a main product has ended, what waited in its group begins, or the
//     group's default. Where it will end, the default waits for that day, and
//     what waits without a subscription waits for another day with it.
func FollowSubscription(s State, c *catalog.Catalog, sub Subscription, now time.Time) Settlement {
	c, s = s.In(c), s.onSubscription(sub.ID)
	t := s.follow(c, sub, now)
	out := Settlement{Customer: s.Customer}
	if t.empty() {
		return out
	}
	out.Products, out.Gone, out.Balances = s.apply(c, t, now)
	s.takeSeatsOver(c, t, out.Balances, now)
	out.Audit = s.auditOf(t, now)
	out.Audit.Actor, out.Audit.Action, out.Audit.Rule = "stripe", "follow", "subscription_"+sub.Status
	out.Audit.Why = "The subscription is " + sub.Status + " at Stripe."
	out.Audit.Stripe = map[string]string{"subscription": sub.ID}
	for _, cp := range slices.Concat(t.follow, t.begin) {
		if was := s.withID(cp.ID); cp.ChangedAtStripe != "" && (was == nil || was.ChangedAtStripe != cp.ChangedAtStripe) {
			out.Audit.Rule, out.Audit.Why = ChangedAtStripe, cp.ChangedAtStripe.why()
		}
	}
	s.moveEnded(c, &out, now)
	return out
}

// BillHeld adds the bill for seats that a product which ended with a subscription held, and
// that a product of another subscription holds from now on: nothing else would bill them
// before its renewal. op is a new operation, for that.
func (out Settlement) BillHeld(s State, c *catalog.Catalog, sub Subscription, op Operation) Settlement {
	others := State{Operations: s.Operations}
	for _, cp := range s.Products {
		if cp.SubscriptionID != sub.ID {
			others.Products = append(others.Products, cp)
		}
	}
	if slices.ContainsFunc(out.Products, func(cp CustomerProduct) bool {
		was := s.withID(cp.ID)
		return cp.Status == Expired && was != nil && was.Status != Expired
	}) {
		out.Balances, out.Seats = BillSeatsTaken(others, c, out.Balances, op)
	}
	return out
}

func (s State) follow(c *catalog.Catalog, sub Subscription, now time.Time) transition {
	var t transition
	for _, cp := range s.Products {
		switch {
		case cp.SubscriptionID != sub.ID || cp.Status == Expired:
			continue
		case cp.Status != Scheduled || sub.begun(c, cp, now):
			if next := sub.of(c, cp, now); !sameProduct(cp, next) {
				t.follow = append(t.follow, next)
				if next.Status != Expired && cp.Status != Scheduled && sub.restarts(c, cp) {
					t.restarts = append(t.restarts, cp.ID)
				}
			}
		case sub.ScheduleID == "" || sub.status() == Expired: // what has ended may still name its plan
			t.drop = append(t.drop, cp.ID)
		}
	}
	s.followItems(c, &t, sub, now)
	for _, cp := range slices.Concat(t.follow, t.begin) {
		if !cp.AddOn && !ProductOf(c, cp).OneOff() {
			s.succeed(c, &t, cp, now)
		}
	}
	t.end = onceEach(t.end)
	return t
}

// succeed sees to what comes after a main product that Stripe has ended, will
// end, or has decided to let go on.
func (s State) succeed(c *catalog.Catalog, t *transition, cp CustomerProduct, now time.Time) {
	held := State{Products: s.after(*t, now), Scope: cp.Entity}
	waiting := held.ScheduledPlan(cp.Group, now)
	switch {
	case cp.Status != Expired && cp.EndsAt.IsZero():
		s.unfollowed(c, t, cp, now)
	case cp.At(now) == Expired && held.ActivePlan(c, cp.Group, now) != nil:
		// something else runs in the group already
	case cp.Status == Expired && waiting != nil: // the end came before its day
		next := *waiting
		next.Status, next.StartsAt = Active, now
		t.follow = append(t.follow, next)
	case cp.Status != Expired && waiting != nil && waiting.SubscriptionID == "" && !waiting.StartsAt.Equal(cp.EndsAt): // the end was moved
		next := *waiting
		next.StartsAt = later(now, cp.EndsAt)
		t.follow = append(t.follow, next)
	case waiting == nil:
		from := later(now, cp.EndsAt)
		if cp.Status == Expired && !cp.EndsAt.IsZero() { // however late it is heard of: what was held goes on
			from = cp.EndsAt
		}
		t.begin = append(t.begin, fallback(c, cp, cp.ID+"_after", from, now)...)
	}
}

// unfollowed takes back what was to follow a main product that goes on after
// all: what waits, and what has begun by its date before that was heard of.
func (s State) unfollowed(c *catalog.Catalog, t *transition, cp CustomerProduct, now time.Time) {
	for _, next := range s.Products {
		switch {
		case next.ID == cp.ID || next.Group != cp.Group || next.Entity.ID != cp.Entity.ID || next.AddOn || ProductOf(c, next).OneOff():
		case next.Status == Scheduled && (next.SubscriptionID == "" || next.At(now) == Scheduled):
			if !slices.Contains(t.drop, next.ID) {
				t.drop = append(t.drop, next.ID)
			}
		case next.Running(now) && next.SubscriptionID == "":
			t.end = append(t.end, Ending{CustomerProductID: next.ID})
		}
	}
}

// fallback is the default product that follows a main product of its group,
// from a moment on; none where the group has no other default.
func fallback(c *catalog.Catalog, cp CustomerProduct, id string, from, now time.Time) []CustomerProduct {
	if cp.Entity.ID != "" {
		return nil // defaults are the customer's
	}
	i := slices.IndexFunc(c.Fallbacks(), func(p catalog.Product) bool { return p.Group == cp.Group && (p.ID != cp.ProductID || cp.Custom != nil) })
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
