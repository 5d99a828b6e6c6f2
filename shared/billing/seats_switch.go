package billing

import (
	"fmt"
	"slices"
	"time"
)

// SwitchSeats returns what a change of plan costs for seats: the paid seats of
// the products that end are credited for what is left of the period they are
// paid for, and the seats in use under the new ones are charged for what is
// left of theirs. Both are lines of the change itself.
//
// switched are the balances as the change leaves them; they are returned with
// the seats charged for marked as paid, so that nothing bills them again.
func (s State) SwitchSeats(c *Catalog, ended []string, begun []CustomerProduct, switched []Balance, now time.Time) ([]Balance, []Line) {
	var lines []Line
	for _, id := range sortedKeys(s.Balances) {
		for _, g := range s.Balances[id].At(now).Grants {
			if !slices.Contains(ended, g.CustomerProductID) || !g.paidNow(now) {
				continue
			}
			if cp, item, known := s.itemOfGrant(c, g.ID); known {
				cost := item.seatsCost(g.Paid, Zero, PeriodLeft(g.PaidFor, now))
				lines = addSeats(lines, c, cp, item, cost, g.Paid, "Unused time on %s: %s × %s")
			}
		}
	}
	next := State{Products: begun}
	out := slices.Clone(switched)
	for n := range out {
		out[n].Grants = slices.Clone(out[n].Grants)
		for i := range out[n].Grants {
			g := &out[n].Grants[i]
			cp, item, known := next.itemOfGrant(c, g.ID)
			if !known || !g.paidNow(now) {
				continue
			}
			g.Paid = Packs(g.seatsTaken(), item.Pack()).Mul(item.Pack())
			cost := item.seatsCost(Zero, g.Paid, PeriodLeft(g.PaidFor, now))
			lines = addSeats(lines, c, cp, item, cost, g.Paid, "Remaining time on %s: %s × %s")
		}
	}
	return out, lines
}

func addSeats(lines []Line, c *Catalog, cp CustomerProduct, item Item, cost Amount, units Decimal, text string) []Line {
	if cost == 0 {
		return lines
	}
	line := seatLine(cp, item, cost, fmt.Sprintf(text, c.ProductOf(cp).Name, item.FeatureID, units))
	line.Quantity = Packs(units, item.Pack())
	return append(lines, line)
}
