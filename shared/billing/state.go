package billing

import (
	"slices"
	"time"
)

// A State is all that Windfall knows of one customer: one partition of the
// table, read in one request.
type State struct {
	Customer   Customer
	Held       []CustomerProduct
	Balances   map[string]Balance // by feature id
	Operations []Operation        // money commands in flight and pages not yet paid
	Codes      []ReferralCode     // the customer's own, one per program
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

// Main returns the product that runs in a group, or nil: not an add-on, not a
// one-off, not waiting.
func (s State) Main(c *Catalog, group string, now time.Time) *CustomerProduct {
	for i, cp := range s.Held {
		if cp.Group == group && !cp.AddOn && cp.Running(now) && !c.Held(cp).OneOff() {
			return &s.Held[i]
		}
	}
	return nil
}

// Holding returns the running or scheduled holding of a product, or nil.
func (s State) Holding(productID string, now time.Time) *CustomerProduct {
	for i, cp := range s.Held {
		if cp.ProductID == productID && cp.At(now) != Expired {
			return &s.Held[i]
		}
	}
	return nil
}

// begin puts customer products into the state and ends others, and returns
// what changed: the rows and the balances to save.
func (s State) begin(c *Catalog, begun []CustomerProduct, ended []string, now time.Time) ([]CustomerProduct, []Balance) {
	var rows []CustomerProduct
	touched := map[string][]Grant{}
	for _, cp := range s.Held {
		if slices.Contains(ended, cp.ID) {
			cp.Status, cp.EndsAt = Expired, now
			rows = append(rows, cp)
		}
	}
	for id, b := range s.Balances {
		if slices.ContainsFunc(b.Grants, func(g Grant) bool { return slices.Contains(ended, g.HolderID) }) {
			touched[id] = nil // begun products add to it below
		}
	}
	for _, cp := range begun {
		rows = append(rows, cp)
		for id, grants := range GrantsOf(cp, c.Held(cp), c.Features) {
			touched[id] = append(touched[id], grants...)
		}
	}
	var balances []Balance
	for _, id := range sortedKeys(touched) {
		b := s.Balances[id]
		b.FeatureID = id
		balances = append(balances, b.Regrant(ended, touched[id], now))
	}
	return rows, balances
}
