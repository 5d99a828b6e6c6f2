package entitlement

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

func TestWhatIsTakenBackOfAGrant(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		prepaid, included, extra, used, units int64
		change                                func(*Grant)
		want                                  [2]int64 // prepaid, included
	}{
		"all of it":                         {250, 0, 0, 0, 250, nil, [2]int64{250, 0}},
		"as far as it is unused":            {250, 0, 0, 200, 250, nil, [2]int64{50, 0}},
		"nothing of what is used up":        {250, 0, 0, 250, 250, nil, [2]int64{}},
		"first what was bought in packs":    {100, 30, 0, 0, 110, nil, [2]int64{100, 10}},
		"what came with the price":          {0, 30, 0, 10, 30, nil, [2]int64{0, 20}},
		"never what was given by hand":      {100, 0, 40, 0, 140, nil, [2]int64{100, 0}},
		"a gift does not save what is left": {100, 0, 40, 80, 100, nil, [2]int64{60, 0}},
		"taken by hand before":              {100, 0, -30, 0, 100, nil, [2]int64{70, 0}},
		"overdrawn":                         {100, 0, 0, 150, 100, func(g *Grant) { g.Overage = true }, [2]int64{}},
		"without a number":                  {0, 0, 0, 0, 10, func(g *Grant) { g.Unlimited = true }, [2]int64{}},
		"on or off":                         {0, 0, 0, 0, 10, func(g *Grant) { g.Boolean = true }, [2]int64{}},
		"over":                              {100, 0, 0, 0, 100, func(g *Grant) { g.Until = now }, [2]int64{}},
		"another grant":                     {100, 0, 0, 0, 100, func(g *Grant) { g.ID = "cp_2/i" }, [2]int64{}},
	} {
		g := Grant{ID: "cp_1/i", Prepaid: money.Int(tt.prepaid), Included: money.Int(tt.included), Extra: money.Int(tt.extra), Used: money.Int(tt.used), From: now.AddDate(0, -1, 0)}
		if tt.change != nil {
			tt.change(&g)
		}
		b, taken := Balance{FeatureID: "words", Grants: []Grant{g}}.TakeBack("cp_1/i", money.Int(tt.units), now)
		if !taken.Prepaid.Equal(money.Int(tt.want[0])) || !taken.Included.Equal(money.Int(tt.want[1])) {
			t.Errorf("%s: took %s and %s, want %v", name, taken.Prepaid, taken.Included, tt.want)
		}
		if len(b.Grants) == 1 && !b.Grants[0].Granted().Equal(g.Granted().Sub(taken.Total())) {
			t.Errorf("%s: granted %s of %s", name, b.Grants[0].Granted(), g.Granted())
		}
	}
}

// Whatever is taken and given back in turn, nothing is made or lost, and what is
// left is never below zero by it.
func TestTakingBackKeepsTheSum(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(0, 300)
		g := Grant{ID: "cp_1/i", Prepaid: money.Int(n.Draw(r, "prepaid")), Included: money.Int(n.Draw(r, "included")), From: now}
		g.Used = money.Int(rapid.Int64Range(0, g.Granted().IntPart()).Draw(r, "used"))
		b, taken := Balance{Grants: []Grant{g}}, Taken{}
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "more") {
				b, taken = taken.Change(b, g.ID, money.Int(n.Draw(r, "units")), money.Zero, now)
			} else {
				b, taken = taken.Change(b, g.ID, money.Zero, money.Min(taken.Total(), money.Int(n.Draw(r, "units"))), now)
			}
			is := b.Grants[0]
			if !is.Granted().Add(taken.Total()).Equal(g.Granted()) || is.Remaining().IsNegative() || is.Prepaid.IsNegative() || is.Included.IsNegative() ||
				taken.Prepaid.IsNegative() || taken.Included.IsNegative() {
				r.Fatalf("%+v, taken %+v of %+v", is, taken, g)
			}
		}
		if b, taken = taken.Change(b, g.ID, money.Zero, taken.Total(), now); !taken.Total().IsZero() || !b.Grants[0].Prepaid.Equal(g.Prepaid) || !b.Grants[0].Included.Equal(g.Included) {
			r.Fatalf("not all came back: %+v of %+v", b.Grants[0], g)
		}
	})
}
