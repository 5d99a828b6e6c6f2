package billing

import (
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/entitlement"
)

// Of is the customer as a rule sees it that is about one entity: its products are that
// entity's, and so are the balances. Zero is the customer.
func (s State) Of(e entitlement.EntityRef) State {
	if e.ID == s.Scope.ID {
		return s
	}
	if s.Scope.ID == "" {
		s.Own = s.Balances
	}
	if s.Scope = e; e.ID == "" {
		s.Balances = s.Own
		return s
	}
	s.Balances = map[string]entitlement.Balance{}
	for _, b := range s.OfEntities {
		if b.Entity.ID == e.ID {
			s.Balances[b.FeatureID] = b
		}
	}
	return s
}

// onSubscription is the customer as a rule sees it that is about a subscription: of the entity
// whose products are on it.
func (s State) onSubscription(id string) State {
	for _, cp := range s.Products {
		if id != "" && cp.SubscriptionID == id {
			return s.Of(cp.Entity)
		}
	}
	return s.Of(entitlement.EntityRef{})
}

// EntityBilled is the entity for which an invoice was made: whose products its subscription bills,
// or for which something was bought; "" is the customer.
func (s State) EntityBilled(in Invoice) string {
	if of := s.onSubscription(in.SubscriptionID).Scope.ID; of != "" {
		return of
	}
	if op := s.Operation(in.OperationID); op != nil {
		return op.Decision.Entity.ID
	}
	if !BilledByDate(in.OperationID) {
		return ""
	}
	for _, cp := range s.Products { // use and seats on an invoice of their own
		if cp.Entity.ID != "" && (strings.Contains(in.OperationID, cp.ID+"/") || cp.SubscriptionID != "" && strings.Contains(in.OperationID, cp.SubscriptionID)) {
			return cp.Entity.ID
		}
	}
	return ""
}

// SellsToEntities reports whether a product is attached to an entity, or about to be: the
// balances of entities are read with the customer then. One that has ended may still owe
// what was used of it.
func (s State) SellsToEntities() bool {
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.Entity.ID != "" }) ||
		slices.ContainsFunc(s.Operations, func(op Operation) bool { return op.Decision.Entity.ID != "" })
}

// WithEntities is the customer with balances of entities that were read.
func (s State) WithEntities(balances []entitlement.Balance) State {
	s.OfEntities = balances
	return s
}

// about is a decision that is about an entity, with what follows a refused card.
func (d Decision) about(e entitlement.EntityRef) Decision {
	if e.ID == "" {
		return d
	}
	if d.Entity = e; d.Declined != nil {
		page := d.Declined.about(e)
		d.Declined = &page
	}
	return d
}

// trialKey is under which a trial that was begun is remembered: an entity has its own.
func trialKey(productID string, e entitlement.EntityRef) string {
	if e.ID == "" {
		return productID
	}
	return productID + "#" + e.ID
}

// TrialsOfCustomer lists the products that the customer, and not an entity, has tried.
func (c Customer) TrialsOfCustomer() (ids []string) {
	for id := range c.TrialsUsed {
		if !strings.Contains(id, "#") { // no id of a product has it
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// countEntities has a balance that begins, or gets more, count the entities there are: they
// were made, or stayed, while nothing granted their feature, or less than their number.
func (s State) countEntities(b entitlement.Balance, begins bool, now time.Time) entitlement.Balance {
	n := s.Customer.Entities.Of[b.FeatureID]
	if n == 0 || s.Scope.ID != "" || b.Entity.ID != "" || !begins || !b.Has(now) {
		return b
	}
	return b.Hold(n, now)
}

// firstSeats reports whether a balance has seats that run and were never paid for: a product
// has begun by its date.
func firstSeats(b entitlement.Balance, now time.Time) bool {
	return slices.ContainsFunc(b.OpenGrants(now), func(i int) bool { return b.Grants[i].Seats && b.Grants[i].PaidFor.End.IsZero() })
}

// marked returns the balances of the customer that get the mark that an entity has one of the
// same feature: an ordinary customer's use looks at no other row.
func (s State) marked(begun map[string][]entitlement.Grant, now time.Time) (rows []entitlement.Balance) {
	if s.Scope.ID == "" {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(begun)) {
		if b := s.Own[id]; !b.Entities {
			rows = append(rows, b.WithMark(id, now))
		}
	}
	return rows
}
