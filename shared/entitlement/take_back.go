package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// Taken is how many units were taken back of a grant: of those that were bought
// in packs, and of those that came with the price.
type Taken struct {
	Prepaid  money.Decimal `json:"prepaid"`
	Included money.Decimal `json:"included"`
}

// Total is all that was taken.
func (t Taken) Total() money.Decimal { return t.Prepaid.Add(t.Included) }

func (t Taken) plus(more Taken) Taken {
	return Taken{t.Prepaid.Add(more.Prepaid), t.Included.Add(more.Included)}
}

// TakeBack takes units out of a grant as far as they are unused, first those
// that were bought in packs. What has no number of units stays.
func (b Balance) TakeBack(grantID string, units money.Decimal, now time.Time) (Balance, Taken) {
	b = b.At(now)
	i := slices.IndexFunc(b.Grants, func(g Grant) bool { return g.ID == grantID })
	if i < 0 || b.Grants[i].Unlimited || b.Grants[i].Boolean {
		return b, Taken{}
	}
	g := b.Grants[i]
	units = money.Max(money.Zero, money.Min(units, g.Remaining()))
	var t Taken
	t.Prepaid = money.Min(units, g.Prepaid)
	t.Included = money.Min(units.Sub(t.Prepaid), g.Included)
	g.Prepaid, g.Included = g.Prepaid.Sub(t.Prepaid), g.Included.Sub(t.Included)
	b.Grants = slices.Clone(b.Grants)
	b.Grants[i] = g
	return b, t
}

// GiveBack puts units that were taken back into their grant again. It reports
// whether the grant is still there.
func (b Balance) GiveBack(grantID string, t Taken, now time.Time) (Balance, bool) {
	b = b.At(now)
	i := slices.IndexFunc(b.Grants, func(g Grant) bool { return g.ID == grantID })
	if i < 0 {
		return b, false
	}
	b.Grants = slices.Clone(b.Grants)
	b.Grants[i].Prepaid = b.Grants[i].Prepaid.Add(t.Prepaid)
	b.Grants[i].Included = b.Grants[i].Included.Add(t.Included)
	return b, true
}

// Change brings what was taken of a grant from one amount to another, by taking
// more or giving some back. What was taken last comes back first.
func (t Taken) Change(b Balance, grantID string, more, less money.Decimal, now time.Time) (Balance, Taken) {
	b, taken := b.TakeBack(grantID, more, now)
	t = t.plus(taken)
	if !less.IsPositive() {
		return b, t
	}
	back := Taken{Included: money.Min(less, t.Included)}
	back.Prepaid = money.Min(less.Sub(back.Included), t.Prepaid)
	if next, there := b.GiveBack(grantID, back, now); there {
		return next, Taken{t.Prepaid.Sub(back.Prepaid), t.Included.Sub(back.Included)}
	}
	return b, t
}
