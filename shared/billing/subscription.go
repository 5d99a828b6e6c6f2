package billing

import "time"

// A Subscription is a Stripe subscription as it is now.
type Subscription struct {
	ID               string
	Status           string // active, trialing, past_due, unpaid, canceled, incomplete, incomplete_expired
	StripeCustomerID string
	OperationID      string
	Period           Period
	TrialEnds        time.Time
	CancelAt         time.Time // zero while it goes on
	CanceledAt       time.Time // when the end was asked for
	EndedAt          time.Time
}

// Sync brings the customer products of a subscription to what Stripe says,
// and returns those that changed. It is a function of the subscription as it
// is now, so late, doubled and shuffled events end in the same state. What is
// over stays over.
func Sync(held []CustomerProduct, sub Subscription) []CustomerProduct {
	var changed []CustomerProduct
	for _, cp := range held {
		if cp.SubscriptionID != sub.ID || cp.Status == Expired {
			continue
		}
		next := cp
		next.Period, next.TrialEnds = sub.Period, sub.TrialEnds
		next.CanceledAt, next.EndsAt = sub.CanceledAt, sub.CancelAt
		next.Status = sub.status()
		if next.Status == Expired {
			next.EndsAt = sub.EndedAt
		}
		if !sameProduct(cp, next) {
			changed = append(changed, next)
		}
	}
	return changed
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

func sameProduct(a, b CustomerProduct) bool {
	return a.Status == b.Status && a.Period == b.Period && a.TrialEnds.Equal(b.TrialEnds) &&
		a.CanceledAt.Equal(b.CanceledAt) && a.EndsAt.Equal(b.EndsAt)
}

// FollowSubscription is what a change of a subscription at Stripe leaves
// behind: the products as Stripe says, their access, and the group's default
// product where a main product ended.
func FollowSubscription(s State, c *Catalog, sub Subscription, now time.Time) Settlement {
	out := Settlement{Customer: s.Customer, Products: Sync(s.Held, sub)}
	if len(out.Products) == 0 {
		return out
	}
	next := State{Customer: s.Customer, Balances: map[string]Balance{}}
	for id, b := range s.Balances {
		next.Balances[id] = b
	}
	for _, cp := range s.Held {
		for _, changed := range out.Products {
			if changed.ID == cp.ID {
				cp = changed
			}
		}
		next.Held = append(next.Held, cp)
	}
	op := Operation{Command: "follow", Decision: Decision{Branch: Branch("subscription_" + sub.Status), Start: defaultsBack(next, c, out.Products, sub, now)}}
	done := op.Settle(next, c, Results{}, now)
	out.Balances = accessOf(next, c, out.Products, done.Balances, now)
	out.Products = append(out.Products, done.Products...)
	out.Audit, out.Seats = done.Audit, done.Seats
	out.Audit.Actor, out.Audit.Why = "stripe", "The subscription is "+sub.Status+" at Stripe."
	out.Audit.Stripe = map[string]string{"subscription": sub.ID}
	return out
}

// defaultsBack begins the default product of each group that a main product
// left empty.
func defaultsBack(s State, c *Catalog, changed []CustomerProduct, sub Subscription, now time.Time) []CustomerProduct {
	var back []CustomerProduct
	for _, cp := range changed {
		if cp.At(now) != Expired || cp.AddOn || c.Held(cp).OneOff() || s.Main(c, cp.Group, now) != nil {
			continue
		}
		for _, p := range c.Fallbacks() {
			if p.Group == cp.Group && p.ID != cp.ProductID {
				back = append(back, CustomerProduct{ID: "cp_" + sub.ID + "_" + p.ID, ProductID: p.ID, Version: p.Version,
					Group: p.Group, Status: Active, Quantity: 1})
			}
		}
	}
	return back
}

// accessOf returns the balances that a change of products touches, with each
// grant's access as its product now stands. begun holds those that already
// changed because a product began.
func accessOf(s State, c *Catalog, changed []CustomerProduct, begun []Balance, now time.Time) []Balance {
	for _, b := range begun {
		s.Balances[b.FeatureID] = b
	}
	touched := map[string]bool{}
	for _, b := range begun {
		touched[b.FeatureID] = true
	}
	for id, b := range s.Balances {
		for _, cp := range changed {
			if next, moved := b.follow(cp, c.Settings, now); moved {
				b, touched[id] = next, true
			}
		}
		s.Balances[id] = b
	}
	var out []Balance
	for _, id := range sortedKeys(touched) {
		out = append(out, s.Balances[id].At(now))
	}
	return out
}

// follow gives the grants of a product the access the product has.
func (b Balance) follow(cp CustomerProduct, settings Settings, now time.Time) (Balance, bool) {
	moved := false
	grants := append([]Grant(nil), b.Grants...)
	for i, g := range grants {
		if g.HolderID != cp.ID {
			continue
		}
		g.Suspended = cp.Status == PastDue && !settings.KeepAccessWhenPastDue
		if g.Until = cp.EndsAt; cp.Status == Expired && g.Until.IsZero() {
			g.Until = now
		}
		if g.Suspended != grants[i].Suspended || !g.Until.Equal(grants[i].Until) {
			grants[i], moved = g, true
		}
	}
	b.Grants = grants
	return b, moved
}
