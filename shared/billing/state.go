package billing

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/order"
	"windfall/shared/referral"
)

// A State is all that Windfall knows of one customer: one partition of the
// table, read in one request. Most of what has ended is in the history; see moveEnded.
type State struct {
	Customer   Customer
	Products   []CustomerProduct
	Balances   map[string]entitlement.Balance // by feature id: the customer's own, or those of Scope
	Scope      entitlement.EntityRef          // the entity whose products and balances a rule looks at; zero is the customer; see Of
	OfEntities []entitlement.Balance          // of all entities, where a product is sold to one or about to be
	Own        map[string]entitlement.Balance // of a state with a Scope: the customer's
	Operations []Operation                    // money commands in flight and pages not yet paid
	Codes      []catalog.ReferralCode         // the customer's own, one per program
	Credits    credit.Account                 // invoice credits given, and what became of them
	Queue      []QueuedReward                 // discounts earned and not yet applied, the oldest first
	Redeemed   []referral.Redemption          // codes redeemed whose reward waits for the customer's purchase, or is held
	Guesses    Guesses                        // unknown codes that were sent for the customer
	Chosen     money.Currency                 // that the command at hand is to be paid in, while the customer has none; never saved
}

// Guesses are how many unknown codes were sent for a customer within one window of
// time, the last one in which there were any.
type Guesses struct {
	Window time.Time // its beginning, in whole seconds; zero if there were none
	Count  int
}

// In is how many there were in a window.
func (g Guesses) In(window time.Time) int {
	if !g.Window.Equal(window) {
		return 0
	}
	return g.Count
}

// Pending returns the money command in flight, or nil.
func (s State) Pending() *Operation {
	for i, op := range s.Operations {
		if op.ID == s.Customer.PendingOperation {
			return &s.Operations[i]
		}
	}
	return nil
}

// Operation returns the operation with this id, or nil when it has ended.
func (s State) Operation(id string) *Operation {
	for i, op := range s.Operations {
		if op.ID == id {
			return &s.Operations[i]
		}
	}
	return nil
}

// Bills reports whether a running product is billed by a subscription.
func (s State) Bills(subscriptionID string, now time.Time) bool {
	return subscriptionID != "" && slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.SubscriptionID == subscriptionID && cp.Running(now) })
}

// ActivePlan returns the product that runs in a group, or nil: not an add-on, not a
// one-off, not waiting.
func (s State) ActivePlan(c *catalog.Catalog, group string, now time.Time) *CustomerProduct {
	for i, cp := range s.Products {
		if cp.Group == group && cp.Entity.ID == s.Scope.ID && !cp.AddOn && cp.Running(now) && !ProductOf(c, cp).OneOff() {
			return &s.Products[i]
		}
	}
	return nil
}

// CustomerProductOf returns the running customer product of a product, else the scheduled one, or
// nil.
func (s State) CustomerProductOf(productID string, now time.Time) *CustomerProduct {
	var waits *CustomerProduct
	for i, cp := range s.Products {
		if cp.ProductID != productID || cp.Entity.ID != s.Scope.ID || cp.At(now) == Expired {
			continue
		}
		if cp.Running(now) {
			return &s.Products[i]
		}
		waits = &s.Products[i]
	}
	return waits
}

// Replaced reports whether another main product took the place of one that has ended, as somebody
// bought or chose it: a default that followed has neither an operation nor a subscription.
func (s State) Replaced(ended CustomerProduct) bool {
	return !ended.AddOn && slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool {
		return cp.ID != ended.ID && cp.Group == ended.Group && cp.Entity == ended.Entity && !cp.AddOn && (cp.CreatedBy != "" || cp.SubscriptionID != "") && cp.StartsAt.Equal(ended.EndsAt)
	})
}

// ScheduledPlan returns the main product that is to begin later in a group, or nil.
func (s State) ScheduledPlan(group string, now time.Time) *CustomerProduct {
	for i, cp := range s.Products {
		if cp.Group == group && cp.Entity.ID == s.Scope.ID && !cp.AddOn && cp.At(now) == Scheduled {
			return &s.Products[i]
		}
	}
	return nil
}

// mostEnded is how many ended products stay among a customer's rows although nothing
// waits for them: late events are about the last one, if about any. Our choice.
const mostEnded = 1

// mostMoved bounds how many leave with one settlement, whose transaction has other rows.
const mostMoved = 25

// MovedProducts is what is remembered of the ended products that have left a customer's
// rows for the history. It says when the history is to be asked.
type MovedProducts struct {
	Bought     bool      `json:"bought,omitzero"`     // one was no gift, and on a subscription or a one-off
	Custom     bool      `json:"custom,omitzero"`     // one on a subscription had items of the customer's own
	Subscribed time.Time `json:"subscribed,omitzero"` // the last end of one on a subscription
}

// moveEnded adds to a settlement which ended products leave the customer's rows, the
// oldest first. So a customer of a thousand changes is read as fast as a new one.
//
// These look at a product that has ended, and keep it, or find it in the history:
//
//   - What was used and is not billed yet is priced by the product's items; see
//     itemOfGrant. It stays as long as a balance names it.
//   - The sweep makes the last bill of its subscription: it stays while it is awaited.
//   - A main product that is over by its date, and not closed yet, was followed by what
//     began then; see followed. Nothing leaves before it is closed.
//   - Ids of products that staff exchange at Stripe number those of a millisecond; see
//     sold. They stay for a minute.
//   - The draft of a renewal is compared with what ran at the end of its period, however
//     late it is heard of: MovedProducts.Subscribed says if that may have moved.
//   - HasPaid, HasBought, Rewarded and concerns: MovedProducts.Bought and Subscribed say so.
//   - The books of seats and tiers know items of the customer's own: MovedProducts.Custom.
//
// Everything else looks at products that run or wait. Trials are remembered with the
// customer, and purchases in the audit and the invoices.
func (s State) moveEnded(c *catalog.Catalog, out *Settlement, now time.Time) {
	var ended []CustomerProduct
	for i := range s.Products {
		cp := &s.Products[i]
		switch settled := out.has(cp.ID); {
		case settled:
		case cp.Status == Expired:
			ended = append(ended, *cp)
		case cp.SubscriptionID == "" && cp.At(now) == Expired:
			return // it is not closed yet
		}
	}
	if len(ended) <= mostEnded {
		return
	}
	order.Stable(ended, func(a, b *CustomerProduct) int { return a.EndsAt.Compare(b.EndsAt) })
	for i := range ended[:len(ended)-mostEnded] {
		if cp := &ended[i]; len(out.Moved) < mostMoved && !s.asksFor(cp, out, now) {
			out.Moved = append(out.Moved, *cp)
			out.Customer.Moved = out.Customer.Moved.with(c, *cp)
		}
	}
}

// has reports whether a settlement changes a customer product, or removes it.
func (s *Settlement) has(id string) bool {
	for _, list := range [][]CustomerProduct{s.Products, s.Gone} {
		for i := range list {
			if list[i].ID == id {
				return true
			}
		}
	}
	return false
}

// asksFor reports whether something may still ask for an ended product.
func (s State) asksFor(cp *CustomerProduct, out *Settlement, now time.Time) bool {
	exchanged := strings.HasPrefix(cp.ID, "cp_"+cp.SubscriptionID+"_") && now.Before(cp.StartsAt.Add(time.Minute))
	if cp.Awaited || cp.EndsAt.IsZero() || cp.EndsAt.After(now) || exchanged {
		return true
	}
	type place struct{ featureID, entityID string }
	settled := map[place]bool{}
	for i := range out.Balances {
		b := &out.Balances[i]
		if settled[place{b.FeatureID, b.Entity.ID}] = true; b.Names(cp.ID, now) {
			return true
		}
	}
	for id, b := range s.Balances {
		if !settled[place{id, b.Entity.ID}] && b.Names(cp.ID, now) {
			return true
		}
	}
	return slices.ContainsFunc(s.OfEntities, func(b entitlement.Balance) bool {
		return !settled[place{b.FeatureID, b.Entity.ID}] && b.Names(cp.ID, now)
	})
}

func (m MovedProducts) with(c *catalog.Catalog, cp CustomerProduct) MovedProducts {
	m.Bought = m.Bought || purchased(c, cp)
	if cp.SubscriptionID != "" {
		m.Custom = m.Custom || cp.Custom != nil
		m.Subscribed = later(m.Subscribed, cp.EndsAt)
	}
	return m
}

// WithMoved is the customer with products that were found in the history, in the order
// in which rows are read. One of them may have begun anew since under its id.
func (s State) WithMoved(moved []CustomerProduct) State {
	if len(moved) == 0 {
		return s
	}
	s.Products = slices.Clone(s.Products)
	for _, cp := range moved {
		if s.withID(cp.ID) == nil {
			s.Products = append(s.Products, cp)
		}
	}
	order.Stable(s.Products, func(a, b *CustomerProduct) int { return strings.Compare(a.ID, b.ID) })
	return s
}
