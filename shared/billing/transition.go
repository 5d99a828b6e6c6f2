package billing

import (
	"slices"
	"time"
)

// transition is what happens to the products of one customer at one moment. It is
// the only way in which a product begins, changes or ends.
type transition struct {
	begin     []CustomerProduct     // with their dates; one that is Scheduled waits for its own
	end       []Ending              // running products that end
	asked     time.Time             // when those that end later were asked to; zero is now
	keep      []string              // holdings whose end is withdrawn
	drop      []string              // scheduled products that are taken back
	bought    map[string][]Quantity // prepaid quantities of a holding as they are from now on
	follow    []CustomerProduct     // holdings as Stripe has them now
	billed    []UnbilledUsage       // overage that was billed with this very move
	keepUsage bool                  // what begins is the same product as what ends: what was used stays used
}

// An Ending is the end of a holding: now, or at a date.
type Ending struct {
	CustomerProductID string
	At                time.Time // zero is now
}

func (t transition) empty() bool {
	return len(t.begin)+len(t.end)+len(t.keep)+len(t.drop)+len(t.bought)+len(t.follow) == 0
}

// of returns a holding after the moves, and whether they change it.
func (t transition) of(cp CustomerProduct, now time.Time) (CustomerProduct, bool) {
	changed := false
	for _, next := range t.follow {
		if next.ID == cp.ID {
			cp, changed = next, true
		}
	}
	if slices.Contains(t.keep, cp.ID) {
		cp.CanceledAt, cp.EndsAt, changed = time.Time{}, time.Time{}, true
	}
	for _, e := range t.end {
		if e.CustomerProductID != cp.ID {
			continue
		}
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

// after returns all holdings as the moves leave them.
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

// apply returns what the moves change: the rows to save, those to remove, and
// the balances.
func (s State) apply(c *Catalog, t transition, now time.Time) (rows, gone []CustomerProduct, balances []Balance) {
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
	begun := map[string][]Grant{}
	for _, cp := range t.begin {
		for id, grants := range GrantsOf(cp, c.ProductOf(cp), c.Features) {
			begun[id] = append(begun[id], grants...)
		}
	}
	touched := map[string]Balance{}
	for id := range begun {
		touched[id] = Balance{FeatureID: id}
	}
	for id, b := range s.Balances {
		touched[id] = b
	}
	for _, id := range sortedKeys(touched) {
		continuing := s.continuing(c, t, touched[id], over)
		b, moved := touched[id].apply(c, t, rows, over, continuing, now)
		if grants := begun[id]; moved || len(grants) > 0 {
			if t.keepUsage {
				b, grants = b.keepUsage(over, grants, continuing, now)
			}
			balances = append(balances, b.replaceGrants(over, grants, t.keepUsage, now))
		}
	}
	return append(rows, t.begin...), gone, balances
}

// apply brings a balance along with the holdings that changed, and reports
// whether it changed itself.
func (b Balance) apply(c *Catalog, t transition, rows []CustomerProduct, over, continuing []string, now time.Time) (Balance, bool) {
	b, moved := b.closeEnded(over, continuing, t.billed, now)
	for _, cp := range rows {
		if slices.Contains(over, cp.ID) {
			continue // Regrant takes its grants out
		}
		next, followed := b.follow(cp, c, now)
		b, moved = next, moved || followed
	}
	if n := len(b.Grants); len(t.drop) > 0 {
		b.Grants = slices.DeleteFunc(slices.Clone(b.Grants), func(g Grant) bool { return slices.Contains(t.drop, g.CustomerProductID) })
		moved = moved || len(b.Grants) < n
	}
	return b, moved
}

// closeEnded notes the overage of holdings that end at this moment, so that it
// is billed, but neither what goes on in another grant nor what the moves have
// billed themselves.
func (b Balance) closeEnded(over, continuing []string, billed []UnbilledUsage, now time.Time) (Balance, bool) {
	if !slices.ContainsFunc(b.Grants, func(g Grant) bool { return slices.Contains(over, g.CustomerProductID) }) {
		return b, false
	}
	b = b.At(now)
	b.Closed = slices.Clone(b.Closed)
	for _, g := range b.Grants {
		if units := g.overdrawn(); slices.Contains(over, g.CustomerProductID) && units.IsPositive() && !slices.Contains(continuing, g.ID) {
			b.Closed = append(b.Closed, UnbilledUsage{GrantID: g.ID, Period: Period{g.periodStart(), now}, Units: units})
		}
	}
	for _, paid := range billed {
		i := slices.IndexFunc(b.Closed, func(c UnbilledUsage) bool {
			return c.GrantID == paid.GrantID && c.Period.Start.Equal(paid.Period.Start)
		})
		if i < 0 {
			continue
		}
		rest := b.Closed[i]
		rest.Units, rest.Period.Start = rest.Units.Sub(paid.Units), paid.Period.End
		if !rest.Period.End.After(paid.Period.End) {
			rest.Period.End = paid.Period.End.Add(time.Millisecond) // its end names it: it is another use
		}
		if b.Closed[i] = rest; !rest.Units.IsPositive() {
			b.Closed = slices.Delete(b.Closed, i, i+1)
		}
	}
	return b, true
}

// withPrepaid gives the grant another quantity. What was used beyond it while
// that was being decided is dropped.
func (g Grant) withPrepaid(units Decimal) Grant {
	fewer := units.LessThan(g.Prepaid)
	if g.Prepaid = units; fewer && !g.Overage && !g.Unlimited {
		g.Used = minOf(g.Used, maxOf(Zero, g.Granted()))
	}
	return g
}

// follow gives the grants of a holding the access and the quantities it has.
func (b Balance) follow(cp CustomerProduct, c *Catalog, now time.Time) (Balance, bool) {
	moved := false
	grants := slices.Clone(b.Grants)
	product := c.ProductOf(cp)
	for i, g := range grants {
		if g.CustomerProductID != cp.ID {
			continue
		}
		g.Suspended = cp.Status == PastDue && !c.Settings.KeepAccessWhenPastDue
		if g.Until = cp.EndsAt; cp.Status == Expired && g.Until.IsZero() {
			g.Until = now
		}
		if !g.From.Equal(cp.StartsAt) && cp.Status != Expired { // it begins before its day
			g.From, g.Since, g.Anchor = cp.StartsAt, cp.StartsAt, cp.anchor()
			if g.Cycle.Repeats() && !g.ResetsAt.IsZero() {
				g.ResetsAt = cp.firstReset(g.Cycle)
			}
		}
		for _, item := range product.Items {
			if g.ID == cp.ID+"/"+item.ID && item.UsageModel == Prepaid && !product.OneOff() {
				g = g.withPrepaid(cp.prepaid(item))
			}
		}
		if trial := cp.TrialEnds; !trial.IsZero() && g.Cycle.Repeats() && !g.ResetsAt.IsZero() && !g.Anchor.Equal(trial) {
			g.Anchor, g.ResetsAt = trial, trial // it ended earlier or later than was planned
		}
		if g.Suspended != grants[i].Suspended || !g.From.Equal(grants[i].From) || !g.Until.Equal(grants[i].Until) ||
			!g.Prepaid.Equal(grants[i].Prepaid) || !g.Anchor.Equal(grants[i].Anchor) {
			grants[i], moved = g, true
		}
	}
	b.Grants = grants
	return b, moved
}
