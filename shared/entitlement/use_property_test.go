package entitlement

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
)

var propertyStart = time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC)

// drawAmount draws a decimal of up to ten places.
func drawAmount(t *rapid.T, name string, most int64) Decimal {
	return Int(rapid.Int64Range(0, most).Draw(t, name)).Shift(-rapid.SampledFrom([]int32{0, 1, 2, 10}).Draw(t, name+" places"))
}

func drawGrant(t *rapid.T, id int) Grant {
	g := Grant{ID: fmt.Sprintf("cp%d/i", id), CustomerProductID: fmt.Sprintf("cp%d", id), Since: propertyStart, From: propertyStart, Anchor: propertyStart,
		Included: drawAmount(t, "included", 200), Prepaid: drawAmount(t, "prepaid", 100),
		AddOn: rapid.Bool().Draw(t, "add-on"), Overage: rapid.IntRange(0, 3).Draw(t, "overage") == 0}
	if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
		limit := g.Granted().Add(drawAmount(t, "limit", 50))
		g.UsageLimit = &limit
	}
	interval := rapid.SampledFrom([]Interval{Never, Day, Week, Month, Quarter, Year}).Draw(t, "interval")
	g.Cycle = Cycle{Interval: interval}.Plain()
	g.ResetsAt = g.Cycle.Next(g.Anchor, g.From)
	return g
}

func drawBalance(t *rapid.T, id string) Balance {
	b := Balance{FeatureID: id, Version: 1}
	for i := range rapid.IntRange(1, 3).Draw(t, "grants of "+id) {
		b.Grants = append(b.Grants, drawGrant(t, i))
	}
	sortGrants(b.Grants)
	return b
}

// A grantPool is the model: one grant in plain fractions, walked in the same order.
type grantPool struct {
	granted, used, most *big.Rat // most is nil where nothing ends it
	cycle               Cycle
	turn                int // of the anchor
}

func rat(d Decimal) *big.Rat { return d.Rat() }

func modelOf(b Balance) (pools []*grantPool) {
	for _, g := range b.Grants {
		p := &grantPool{granted: rat(g.Granted()), used: new(big.Rat), cycle: g.Cycle}
		switch {
		case !g.Overage:
			p.most = p.granted
			if g.UsageLimit != nil && rat(*g.UsageLimit).Cmp(p.most) < 0 {
				p.most = rat(*g.UsageLimit)
			}
		case g.UsageLimit != nil:
			p.most = rat(*g.UsageLimit)
		}
		pools = append(pools, p)
	}
	return pools
}

// to moves the model to a moment: it counts turns of the anchor one by one.
func (p *grantPool) to(now time.Time) {
	if !p.cycle.Repeats() {
		return
	}
	for !p.cycle.After(propertyStart, p.turn+1).After(now) {
		p.turn++
		p.used = new(big.Rat)
	}
}

// use takes what is included of all of them first.
func use(pools []*grantPool, value *big.Rat) {
	left := new(big.Rat).Set(value)
	upTo := func(p *grantPool, end *big.Rat) {
		part := new(big.Rat).Set(left)
		if end != nil {
			if room := new(big.Rat).Sub(end, p.used); part.Cmp(room) > 0 {
				part = room
			}
		}
		if part.Sign() > 0 {
			p.used = new(big.Rat).Add(p.used, part)
			left.Sub(left, part)
		}
	}
	for _, p := range pools {
		end := p.granted
		if p.most != nil && p.most.Cmp(end) < 0 {
			end = p.most
		}
		upTo(p, end)
	}
	for _, p := range pools {
		upTo(p, p.most)
	}
}

// giveBackTo gives back what went beyond first.
func giveBackTo(pools []*grantPool, value *big.Rat) {
	left := new(big.Rat).Set(value)
	for _, floor := range []bool{true, false} {
		for i := len(pools) - 1; i >= 0; i-- {
			part, most := new(big.Rat).Set(left), pools[i].used
			if floor {
				most = new(big.Rat).Sub(pools[i].used, pools[i].granted)
			}
			if part.Cmp(most) > 0 {
				part = most
			}
			if part.Sign() > 0 {
				pools[i].used = new(big.Rat).Sub(pools[i].used, part)
				left.Sub(left, part)
			}
		}
	}
}

// Random grants, tracks, gifts back and steps of time, equal moments among
// them: the balance is what the model says, after every step.
func TestBalancesAreWhatTheModelSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBalance(t, "f")
		pools, now := modelOf(b), propertyStart
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, 24 * time.Hour, 36 * time.Hour, 29 * 24 * time.Hour, 100 * 24 * time.Hour}).Draw(t, "later"))
			for _, p := range pools {
				p.to(now)
			}
			v := drawAmount(t, "value", 150)
			if rapid.Bool().Draw(t, "back") {
				b = b.Deduct(v.Neg(), now)
				giveBackTo(pools, rat(v))
			} else {
				b = b.Deduct(v, now)
				use(pools, rat(v))
			}
			compare(t, b, pools, now)
		}
	})
}

func compare(t *rapid.T, b Balance, pools []*grantPool, now time.Time) {
	for i, g := range b.Grants {
		p := pools[i]
		if rat(g.Used).Cmp(p.used) != 0 {
			t.Fatalf("grant %d: %s used, the model says %s", i, g.Used, p.used.FloatString(12))
		}
		if !g.Granted().Equal(g.Remaining().Add(g.Used)) { // I-17
			t.Fatalf("grant %d: %s granted, but %s left and %s used", i, g.Granted(), g.Remaining(), g.Used)
		}
		if g.Used.IsNegative() || !g.Overage && g.Remaining().IsNegative() { // I-18
			t.Fatalf("grant %d: %s left, %s used", i, g.Remaining(), g.Used)
		}
		if g.UsageLimit != nil && g.Used.GreaterThan(*g.UsageLimit) {
			t.Fatalf("grant %d: %s used of at most %s", i, g.Used, g.UsageLimit)
		}
		if want := g.Cycle.Next(propertyStart, now); !g.ResetsAt.Equal(want) { // I-21
			t.Fatalf("grant %d resets at %s, want %s", i, g.ResetsAt, want)
		}
	}
	if again := b.At(now); !again.Same(b) {
		t.Fatal("reading a balance twice at one moment resets it twice")
	}
}

// I-19: where no limit is touched, the order of uses does not matter.
func TestOrderOfUsesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Balance{FeatureID: "f", Grants: []Grant{drawGrant(t, 0)}}
		b.Grants[0].Overage, b.Grants[0].UsageLimit = true, nil
		values := rapid.SliceOfN(rapid.Int64Range(1, 1e12), 1, 8).Draw(t, "values")
		forth, back, sum := b, b, Zero
		for i := range values {
			v, w := Int(values[i]).Shift(-10), Int(values[len(values)-1-i]).Shift(-10)
			forth, back, sum = forth.Deduct(v, propertyStart), back.Deduct(w, propertyStart), sum.Add(v)
		}
		if !forth.Same(back) || !forth.Grants[0].Used.Equal(sum) {
			t.Fatalf("%s, %s, want %s", forth.Grants[0].Used, back.Grants[0].Used, sum)
		}
	})
}

// drawUse draws a feature with its own balance, two credit systems, and a use.
func drawUse(t *rapid.T) (UsageRequest, map[string]Balance) {
	costs := []Decimal{Int(1), Int(2).Shift(-1), Int(6).Shift(-1), Int(3), Int(7).Shift(-2)}
	u := UsageRequest{Feature: Feature{ID: "f", Type: SingleUse}, Now: propertyStart, Value: drawAmount(t, "value", 500)}
	balances := map[string]Balance{}
	for _, id := range []string{"f", "credits1", "credits2"} {
		cost := rapid.SampledFrom(costs).Draw(t, "cost of "+id)
		if id == "f" {
			cost = One
		}
		u.Funding = append(u.Funding, Source{FeatureID: id, Cost: cost})
		if rapid.IntRange(0, 3).Draw(t, "holds "+id) > 0 {
			balances[id] = drawBalance(t, id)
		}
	}
	return u, balances
}

// I-23, and: what check allows, a use as a whole takes in full, from nothing
// but the sources; what it refuses changes nothing.
func TestCheckAllowsWhatAUseCanTake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, balances := drawUse(t)
		u.Whole = true
		before, err := DecideCheck(&Catalog{}, u, balances)
		if err != nil {
			t.Fatal(err)
		}
		changed, _, err := DecideUsage(balances, u)
		if !before.Allowed {
			if before.Held && u.Value.IsPositive() && (err == nil || len(changed) > 0) {
				t.Fatal("a use that check refuses was taken")
			}
			return
		}
		if err != nil {
			t.Fatalf("check allows it, but: %v", err)
		}
		if got := u.unitsTaken(balances, changed); got.Cmp(rat(u.Value)) != 0 {
			t.Fatalf("%s units were taken, want %s", got.FloatString(12), u.Value)
		}
		smaller := u
		smaller.Value = Min(u.Value, drawAmount(t, "smaller", 500))
		if a, err := DecideCheck(&Catalog{}, smaller, balances); err != nil || !a.Allowed {
			t.Fatalf("%s is allowed and %s is not: %v", u.Value, smaller.Value, err)
		}
	})
}

// unitsTaken converts what changed on every source back into units.
func (u UsageRequest) unitsTaken(balances map[string]Balance, changed []Balance) *big.Rat {
	sum := new(big.Rat)
	for _, b := range changed {
		was := balances[b.FeatureID]
		taken := rat(b.Sum(u.Now).Used.Sub(was.Sum(u.Now).Used))
		for _, s := range u.Funding {
			if s.FeatureID == b.FeatureID {
				sum.Add(sum, taken.Quo(taken, rat(s.Cost)))
			}
		}
	}
	return sum
}

// I-24: the whole units that credits can pay are floor(balance / cost), and
// taking them leaves less than one unit costs.
func TestCreditsPayWholeUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		balance := drawAmount(t, "credits", 1e6)
		cost := Int(rapid.Int64Range(1, 500).Draw(t, "cost")).Shift(-2)
		balances := map[string]Balance{"credits": {FeatureID: "credits", Version: 1, Grants: []Grant{{ID: "cp/i", From: propertyStart, Included: balance}}}}
		units, _ := balance.QuoRem(cost, 0)
		u := UsageRequest{Feature: Feature{ID: "f"}, Funding: []Source{{FeatureID: "credits", Cost: cost}}, Now: propertyStart, Value: units, Whole: true}
		more := u
		more.Value = units.Add(One)
		if a, _ := DecideCheck(&Catalog{}, u, balances); !a.Allowed {
			t.Fatalf("%s credits at %s pay %s units, but check refuses", balance, cost, units)
		}
		if a, _ := DecideCheck(&Catalog{}, more, balances); a.Allowed {
			t.Fatalf("%s credits at %s pay no %s units, but check allows", balance, cost, more.Value)
		}
		left := balance
		if changed, _, err := DecideUsage(balances, u); err != nil {
			t.Fatal(err)
		} else if len(changed) > 0 {
			left = changed[0].Grants[0].Remaining()
		}
		if left.IsNegative() || left.GreaterThanOrEqual(cost) {
			t.Fatalf("%s left at a cost of %s", left, cost)
		}
	})
}

// A use that is given back at once leaves everything as it was.
func TestGivingBackUndoesAUse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, balances := drawUse(t)
		u.Whole = true
		changed, _, err := DecideUsage(balances, u)
		if err != nil || u.Value.IsZero() || len(balances) == 0 {
			return
		}
		after := map[string]Balance{}
		for id, b := range balances {
			after[id] = b
		}
		for _, b := range changed {
			after[b.FeatureID] = b
		}
		back := u
		back.Value = u.Value.Neg()
		undone, _, err := DecideUsage(after, back)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range undone {
			if was := balances[b.FeatureID]; !b.Same(was.At(u.Now)) {
				t.Fatalf("%s: %s used, before it was %s", b.FeatureID, b.Sum(u.Now).Used, was.Sum(u.Now).Used)
			}
		}
	})
}
