package billing

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/entitlement"
	. "windfall/shared/money"
)

// A team is a customer who pays for seats, and what was billed to them.
type team struct {
	*rapid.T
	State
	catalog *Catalog
	item    Item
	now     time.Time
	billed  Amount
	lines   int
	ops     int
}

// newTeam draws a price in tiers and packs; onIncrease and onDecrease are the
// rules of billing.
func newTeam(t *rapid.T, onIncrease, onDecrease string) *team {
	item := priced(t, Item{Included: Int(rapid.Int64Range(0, 3).Draw(t, "included")), BillingUnits: Int(rapid.Int64Range(1, 4).Draw(t, "units"))})
	item.OnIncrease, item.OnDecrease = onIncrease, onDecrease
	s, c := arrears(item)
	c.Features["messages"] = Feature{ID: "messages", Type: ContinuousUse}
	p := c.Products["use"][0]
	s.Balances["messages"] = Balance{FeatureID: "messages"}.ReplaceGrants(nil, s.Products[0].origin(false).Grants(p.Items, c.Features)["messages"], false, billStart)
	return &team{T: t, State: s, catalog: c, item: p.Items[0], now: billStart}
}

// packs is what is taken beyond the included seats.
func (t *team) packs() Decimal {
	return Packs(t.Balances["messages"].Grants[0].Used.Sub(t.item.Included), t.item.Pack())
}

// change takes or frees seats and bills them; asking again bills nothing.
func (t *team) change(value Decimal) {
	t.ops++
	b := t.Balances["messages"].Deduct(value, t.now)
	for again := range 2 {
		paid, op := DecideSeats(t.State, t.catalog, []Balance{b}, nil, Operation{ID: fmt.Sprint("op", t.ops), CreatedAt: t.now})
		b = paid[0]
		if op == nil {
			continue
		}
		if again > 0 {
			t.Fatalf("billed again: %+v", op.Decision.Lines)
		}
		t.billed, t.lines = t.billed+Total(op.Decision.Lines), t.lines+len(op.Decision.Lines)
		t.asked(*op)
	}
	t.Balances["messages"] = b
}

// asked checks that Stripe is asked for the lines and nothing else, under
// names that are used once.
func (t *team) asked(op Operation) {
	var sum Amount
	names := map[string]bool{}
	ask := func(u NewUsage) {
		if sum += u.Amount; names[u.Name] || u.Amount == 0 || !u.Since.Equal(t.now) {
			t.Fatalf("asked for %+v", u)
		}
		names[u.Name] = true
	}
	for _, step := range op.Decision.Steps {
		if step.Invoice != nil {
			for _, u := range step.Invoice.Usage {
				if ask(u); u.Amount < 0 {
					t.Fatalf("a credit is collected at once: %+v", u)
				}
			}
		}
		if step.Usage != nil {
			ask(*step.Usage)
		}
	}
	if sum != Total(op.Decision.Lines) {
		t.Fatalf("asked for %d, the lines are %d", sum, Total(op.Decision.Lines))
	}
}

// renewal hears of the nth renewal's invoice.
func (t *team) renewal(n int) {
	for _, l := range bill(t.T, t.State, t.catalog, renewalOf(n, rapid.SampledFrom([]string{"draft", "paid"}).Draw(t.T, "status")), t.now) {
		t.billed += l.Amount
	}
}

func (t *team) price(packs Decimal) Amount { return chargeOf(t.T, t.item, packs) }

// wants draws a number of seats to take, or below 0 to free.
func (t *team) wants() Decimal {
	return Int(rapid.Int64Range(-9, 12).Draw(t.T, "seats")).Shift(-1).Mul(Int(5))
}

// With bill_immediately and none a period costs the price of the most seats
// that were in use in it, however they came and went, and however late or
// often its renewal is heard of. What is taken before it is heard of is in it.
func TestSeatsCostTheMostOfEachPeriod(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		t := newTeam(rt, "bill_immediately", "none")
		var want Amount
		until, most := turn(1), Zero
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				t.now = billedAt(rt, t.now)
				if !t.now.Before(turn(5)) {
					t.now = turn(5).Add(-time.Hour)
				}
			case 1:
				n := rapid.IntRange(1, 5).Draw(rt, "renewal")
				if t.now.Before(turn(n)) {
					continue // no such invoice yet
				}
				t.renewal(n)
				for ; !until.After(turn(n)); until = turn(periodAt(until) + 1) {
					want, most = want+t.price(most), t.packs() // the one before is complete
				}
			default:
				t.change(t.wants())
				if t.now.Before(until) {
					most = Max(most, t.packs())
				}
			}
			if got := t.billed; got != want+t.price(most) {
				rt.Fatalf("billed %d, want %d and %d for %s packs", got, want, t.price(most), most)
			}
		}
	})
}

// Prorated both ways, a customer pays for the time that seats were held, to
// half a cent for each line.
func TestProratedSeatsCostTheTimeTheyAreHeld(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		t := newTeam(rt, "prorate_immediately", "prorate_immediately")
		held := new(big.Rat) // minor units: the price of what is held, over the time it is held
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			next := t.now.Add(time.Duration(rapid.Int64Range(0, 20*24*3600).Draw(rt, "wait")) * time.Second)
			n := periodAt(t.now) + 1
			if !next.Before(turn(n)) {
				t.hold(held, turn(n))
				t.renewal(n)
				t.lines++
				continue
			}
			t.hold(held, next)
			t.change(t.wants())
		}
		t.hold(held, turn(periodAt(t.now)+1)) // what is paid is for the whole period
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(t.billed)), held)
		if off.Abs(off).Cmp(big.NewRat(int64(t.lines)+int64(t.ops)+1, 2)) > 0 {
			rt.Fatalf("billed %d for %s", t.billed, held.FloatString(2))
		}
	})
}

// hold adds the price of what is held until a moment, and goes there.
func (t *team) hold(sum *big.Rat, until time.Time) {
	n := periodAt(t.now)
	start, end := turnOr(n), turn(n+1)
	part := big.NewRat(until.Unix()-t.now.Unix(), end.Unix()-start.Unix())
	sum.Add(sum, part.Mul(part, t.item.MajorPrice(t.packs()).Shift(2).Rat()))
	t.now = until
}

func turnOr(n int) time.Time {
	if n == 0 {
		return billStart
	}
	return turn(n)
}
