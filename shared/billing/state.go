package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/referral"
)

// A State is all that Windfall knows of one customer: one partition of the
// table, read in one request.
type State struct {
	Customer   Customer
	Products   []CustomerProduct
	Balances   map[string]entitlement.Balance // by feature id
	Operations []Operation                    // money commands in flight and pages not yet paid
	Codes      []catalog.ReferralCode         // the customer's own, one per program
	Credits    credit.Account                 // invoice credits given, and what became of them
	Queue      []QueuedReward                 // discounts earned and not yet applied, the oldest first
	Redeemed   []referral.Redemption          // codes redeemed whose reward waits for the customer's purchase, or is held
	Guesses    Guesses                        // unknown codes that were sent for the customer
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
		if cp.Group == group && !cp.AddOn && cp.Running(now) && !ProductOf(c, cp).OneOff() {
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
		if cp.ProductID != productID || cp.At(now) == Expired {
			continue
		}
		if cp.Running(now) {
			return &s.Products[i]
		}
		waits = &s.Products[i]
	}
	return waits
}

// ScheduledPlan returns the main product that is to begin later in a group, or nil.
func (s State) ScheduledPlan(group string, now time.Time) *CustomerProduct {
	for i, cp := range s.Products {
		if cp.Group == group && !cp.AddOn && cp.At(now) == Scheduled {
			return &s.Products[i]
		}
	}
	return nil
}
