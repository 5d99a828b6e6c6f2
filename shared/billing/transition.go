package billing

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// transition is what happens to the products of one customer at one moment. It is
// the only way in which a product begins, changes or ends.
type transition struct {
	begin     []CustomerProduct             // with their dates; one that is Scheduled waits for its own
	end       []Ending                      // running products that end
	asked     time.Time                     // when those that end later were asked to; zero is now
	keep      []string                      // customer products whose end is withdrawn
	drop      []string                      // scheduled products that are taken back
	bought    map[string][]catalog.Quantity // prepaid quantities of a customer product as they are from now on
	follow    []CustomerProduct             // customer products as Stripe has them now
	restarts  []string                      // those of them whose period was begun before the one before was over
	billed    []entitlement.UnbilledUsage   // overage that was billed with this very move
	keepUsage bool                          // what begins is the same product as what ends: what was used stays used
}

// An Ending is the end of a customer product: now, or at a date.
type Ending struct {
	CustomerProductID string    `json:"customer_product_id,omitzero"`
	At                time.Time `json:"at,omitzero"` // zero is now
}

func (t transition) empty() bool {
	return len(t.begin)+len(t.end)+len(t.keep)+len(t.drop)+len(t.bought)+len(t.follow) == 0
}

// of returns a customer product after the transition, and whether they change it.
func (t transition) of(cp CustomerProduct, now time.Time) (CustomerProduct, bool) {
	changed := false
	for _, next := range t.follow {
		if next.ID == cp.ID {
			cp, changed = next, true
		}
	}
	if slices.Contains(t.keep, cp.ID) {
		cp.CanceledAt, cp.EndsAt, cp.CardCheckAt, changed = time.Time{}, time.Time{}, time.Time{}, true
	}
	for _, e := range t.end {
		if e.CustomerProductID != cp.ID {
			continue
		}
		cp.CardCheckAt = time.Time{} // it ends whether there is a card or not
		if changed = true; e.At.IsZero() {
			cp.Status, cp.EndsAt = Expired, now
		} else if cp.EndsAt = e.At; !t.asked.IsZero() {
			cp.CanceledAt = t.asked
		} else if cp.CanceledAt.IsZero() {
			cp.CanceledAt = now
		}
	}
	if options, again := t.bought[cp.ID]; again {
		cp.Quantities, changed = options, true
	}
	return cp, changed
}

// after returns all customer products as the transition leaves them.
func (s State) after(t transition, now time.Time) []CustomerProduct {
	var products []CustomerProduct
	for _, cp := range s.Products {
		begins := slices.ContainsFunc(t.begin, func(b CustomerProduct) bool { return b.ID == cp.ID })
		if !begins && !slices.Contains(t.drop, cp.ID) {
			cp, _ = t.of(cp, now)
			products = append(products, cp)
		}
	}
	return append(products, t.begin...)
}

// apply returns what the transition changes: the rows to save, those to remove, and
// the balances.
func (s State) apply(c *catalog.Catalog, t transition, now time.Time) (rows, gone []CustomerProduct, balances []entitlement.Balance) {
	var over []string // ended at this moment: what was used may be carried on
	for _, cp := range s.Products {
		if slices.Contains(t.drop, cp.ID) {
			gone = append(gone, cp)
			continue
		}
		if next, changed := t.of(cp, now); changed {
			rows = append(rows, next)
			if next.Status == Expired && cp.Status != Expired && !next.EndsAt.Before(now) {
				over = append(over, cp.ID)
			}
		}
	}
	begun := map[string][]entitlement.Grant{}
	for _, cp := range t.begin {
		for id, grants := range cp.origin(cp.Status == PastDue && !c.Settings.KeepAccessWhenPastDue).Grants(ProductOf(c, cp).Items, c.Features) {
			begun[id] = append(begun[id], grants...)
		}
	}
	touched := map[string]entitlement.Balance{}
	for id := range begun {
		touched[id] = entitlement.Balance{FeatureID: id, Entity: s.Scope}
	}
	for id, b := range s.Balances {
		touched[id] = b
	}
	for _, id := range slices.Sorted(maps.Keys(touched)) {
		continuing := s.continuing(c, t, touched[id], over)
		b, moved := t.applyTo(s.countEntities(touched[id], firstSeats(touched[id], now), now), c, rows, over, continuing, now)
		if grants := begun[id]; moved || len(grants) > 0 {
			if t.keepUsage {
				grants = b.KeepUsage(over, grants, now)
			}
			b = b.ReplaceGrants(over, grants, t.keepUsage, now, continuing...)
			balances = append(balances, s.countEntities(b, len(grants) > 0, now).Marked(touched[id]))
		}
	}
	balances = append(balances, s.marked(begun, now)...)
	return s.setUsageAt(c, append(rows, t.begin...), balances, now), gone, balances
}

// applyTo brings a balance along with the customer products that changed, and
// reports whether it changed itself.
func (t transition) applyTo(b entitlement.Balance, c *catalog.Catalog, rows []CustomerProduct, over, continuing []string, now time.Time) (entitlement.Balance, bool) {
	b, moved := b.CloseEnded(over, continuing, t.billed, now)
	for _, cp := range rows {
		if slices.Contains(over, cp.ID) {
			continue // ReplaceGrants takes its grants out
		}
		from := cp.origin(cp.Status == PastDue && !c.Settings.KeepAccessWhenPastDue)
		from.Restarts = slices.Contains(t.restarts, cp.ID)
		next, followed := b.Follow(from, ProductOf(c, cp), cp.Status == Expired, now)
		b, moved = next, moved || followed
		if from.Restarts || cp.Status != Expired && cp.TrialEnds.Equal(cp.Period.Start) && !cp.TrialEnds.IsZero() {
			renewed := false
			b, renewed = (State{Products: rows}).renewSeats(c, b, cp.SubscriptionID, cp.Period.Start)
			moved = moved || renewed
		}
	}
	if n := len(b.Grants); len(t.drop) > 0 {
		b.Grants = slices.DeleteFunc(slices.Clone(b.Grants), func(g entitlement.Grant) bool { return slices.Contains(t.drop, g.CustomerProductID) })
		moved = moved || len(b.Grants) < n
	}
	return b, moved
}

// continuing lists the grants of a balance whose overage is not computed when
// their customer product ends, because the same product begins with the same price for
// it: it is billed in the end of the period, as it would have been.
func (s State) continuing(c *catalog.Catalog, t transition, b entitlement.Balance, over []string) []string {
	if !t.keepUsage {
		return nil
	}
	var ids []string
	for _, g := range b.Grants {
		_, item, sold := s.itemOfGrant(c, g.ID)
		for _, cp := range t.begin {
			if sold && slices.Contains(over, g.CustomerProductID) && ProductOf(c, cp).SellsLike(item) {
				ids = append(ids, g.ID)
			}
		}
	}
	return ids
}
