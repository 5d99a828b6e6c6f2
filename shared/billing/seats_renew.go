package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// renewSeats pays the seats in use for the period that begins at from, and
// lists them among what is to be billed. A period that no invoice was heard of
// for is billed with it. It is a function of the row alone, so doubled and
// late invoices renew once.
func (s State) renewSeats(c *catalog.Catalog, b entitlement.Balance, subscriptionID string, from time.Time) (entitlement.Balance, bool) {
	b.Grants, b.Closed = slices.Clone(b.Grants), slices.Clip(b.Closed)
	renewed := false
	for i := range b.Grants {
		g := &b.Grants[i]
		cp, item, known := s.itemOfGrant(c, g.ID)
		if !g.Seats || !known || cp.SubscriptionID != subscriptionID || g.PaidFor.End.After(from) {
			continue
		}
		start := g.PaidFor.End
		if start.IsZero() {
			start = from // the trial was free
		}
		g.Paid, renewed = money.Packs(g.SeatsTaken(), item.Pack()).Mul(item.Pack()), true
		for ; !start.After(from); start = g.PaidFor.End {
			g.PaidFor = money.Period{Start: start, End: item.Cycle.Next(g.Anchor, start)}
			if g.Paid.IsPositive() {
				b.Closed = append(b.Closed, entitlement.UnbilledUsage{GrantID: g.ID, Period: g.PaidFor, Units: g.Paid, Ahead: true})
			}
		}
	}
	return b, renewed
}
