package entitlement

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// anyGrants draws grants of one holder: of every interval, limited, unlimited,
// overdrawn, to come, ending and suspended.
func anyGrants(holder string) *rapid.Generator[[]Grant] {
	return rapid.Custom(func(t *rapid.T) []Grant {
		var grants []Grant
		for i := range rapid.IntRange(0, 4).Draw(t, "grants") {
			g := gives(fmt.Sprintf("%s/%d", holder, i), "0")
			g.Included = Int(rapid.Int64Range(0, 200).Draw(t, "included"))
			g.Prepaid = Int(rapid.SampledFrom([]int64{0, 0, 100}).Draw(t, "prepaid"))
			g.Unlimited = rapid.IntRange(0, 9).Draw(t, "unlimited") == 0
			g.Overage = rapid.IntRange(0, 3).Draw(t, "overage") == 0
			g.AddOn = rapid.Bool().Draw(t, "add-on")
			g.Suspended = rapid.IntRange(0, 9).Draw(t, "suspended") == 0
			g.ResetUsage = rapid.IntRange(0, 3).Draw(t, "reset") == 0
			if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
				limit := g.Included.Add(Int(rapid.Int64Range(0, 100).Draw(t, "limit")))
				g.UsageLimit = &limit
			}
			g.Cycle = rapid.SampledFrom([]Cycle{{}, {Interval: Day, Count: 1}, {Interval: Week, Count: 1}, Monthly, {Interval: Year, Count: 1}}).Draw(t, "cycle")
			g.ResetsAt = g.Cycle.Next(g.Anchor, April)
			g.From = April.AddDate(0, 0, rapid.SampledFrom([]int{-1, 0, 0, 3}).Draw(t, "from"))
			if days := rapid.SampledFrom([]int{0, 0, 5, 40}).Draw(t, "days"); days > 0 {
				g.Until = g.From.AddDate(0, 0, days)
			}
			grants = append(grants, g)
		}
		return grants
	})
}

// allows is the condition of the write that moves the head without reading the row.
func (h Head) allows(b Balance, value Decimal) bool {
	if value.IsNegative() {
		return h.Back && !b.Grants[h.Index].Used.Add(value).IsNegative()
	}
	return h.Index >= 0 && (h.Open || !value.GreaterThan(h.Available))
}

// wantSound fails where a grant is used below nothing or beyond what it may be.
func wantSound(t *rapid.T, g Grant) {
	t.Helper()
	most, bounded := g.Granted(), !g.Unlimited
	if g.Overage && !g.Unlimited {
		bounded = g.UsageLimit != nil
	}
	if g.UsageLimit != nil && !g.Unlimited && (g.Overage || g.UsageLimit.LessThan(most)) {
		most = *g.UsageLimit
	}
	if g.Used.IsNegative() || bounded && g.Used.GreaterThan(most) {
		t.Fatalf("grant %s is used %s of %s", g.ID, g.Used, most)
	}
	if !g.Granted().Equal(g.Remaining().Add(g.Used)) {
		t.Fatalf("granted %s, left %s, used %s", g.Granted(), g.Remaining(), g.Used)
	}
}

func anyValue(t *rapid.T) Decimal {
	return Int(rapid.Int64Range(0, 3_000_000).Draw(t, "value")).Shift(-4)
}

// A balance is used, given back and read while time goes by. Whatever happens,
// no grant is used beyond its bounds, the head tells what a plain subtraction
// may take, and the books add up.
func TestAnyHistoryOfABalanceKeepsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, now := pool(anyGrants("cp").Draw(t, "balance")...), April
		t.Repeat(map[string]func(*rapid.T){
			"use": func(t *rapid.T) {
				value, before := anyValue(t), b.At(now).Sum(now)
				fits := value.IsZero() || checked(Feature{ID: "messages", Type: SingleUse}, b, value, now).Allowed
				b = b.Deduct(value, now)
				taken := b.Sum(now).Used.Sub(before.Used)
				if fits != taken.Equal(value) {
					t.Fatalf("%s can be used: %v, and %s were taken", value, fits, taken)
				}
			},
			"give back": func(t *rapid.T) {
				value, before := anyValue(t), b.At(now).Sum(now)
				b = b.Deduct(value.Neg(), now)
				if back, want := before.Used.Sub(b.Sum(now).Used), Min(value, before.Used); !back.Equal(want) {
					t.Fatalf("%s of %s came back, want %s", back, value, want)
				}
			},
			"use the head": func(t *rapid.T) {
				b = b.At(now)
				head := b.Head(now)
				for range rapid.IntRange(1, 4).Draw(t, "times") { // without a write of the row between them
					value := anyValue(t)
					if rapid.Bool().Draw(t, "back") {
						value = value.Neg()
					}
					if !head.allows(b, value) {
						continue
					}
					want := b.Deduct(value, now)
					b.Grants = slices.Clone(b.Grants)
					b.Grants[head.Index].Used, head.Available = b.Grants[head.Index].Used.Add(value), head.Available.Sub(value)
					if !b.Same(want) {
						t.Fatalf("%s through the head %s, as a whole %s", value, usage(b), usage(want))
					}
				}
			},
			"wait": func(t *rapid.T) {
				next := now.Add(time.Duration(rapid.Int64Range(0, 40*24).Draw(t, "hours")) * time.Hour)
				head, at := b.At(now).Head(now), b.At(now)
				if next.Before(head.Until) && (!at.At(next).Same(at) || at.At(next).Head(next).Index != head.Index) {
					t.Fatalf("the head holds until %s, and %s is different", head.Until, next)
				}
				now = next
			},
			"": func(t *rapid.T) {
				at := b.At(now)
				for _, g := range at.Grants {
					wantSound(t, g)
				}
				if s := at.Sum(now); !s.Granted.Equal(s.Remaining.Add(s.Used)) {
					t.Fatalf("granted %s, left %s, used %s", s.Granted, s.Remaining, s.Used)
				}
			},
		})
	})
}

// Where a larger requirement is met, a smaller one is, too.
func TestASmallerRequirementIsNeverRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := pool(anyGrants("cp").Draw(t, "balance")...).Deduct(anyValue(t), April)
		large := anyValue(t)
		small := Min(large, anyValue(t))
		f := Feature{ID: "messages", Type: rapid.SampledFrom([]FeatureType{SingleUse, ContinuousUse, Boolean}).Draw(t, "type")}
		ask := func(required Decimal) bool {
			return checked(f, b, required, April).Allowed
		}
		if ask(large) && !ask(small) {
			t.Fatalf("%s are allowed, %s are not", large, small)
		}
	})
}

// The order of uses makes no difference as long as all of them fit.
func TestTheOrderOfUsesMakesNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := pool(anyGrants("cp").Draw(t, "balance")...)
		var values []Decimal
		sum := Zero
		for range rapid.IntRange(1, 8).Draw(t, "uses") {
			v := Int(rapid.Int64Range(0, 500_000).Draw(t, "use")).Shift(-4)
			values, sum = append(values, v), sum.Add(v)
		}
		if !checked(Feature{ID: "messages", Type: SingleUse}, b, sum, April).Allowed {
			return
		}
		inOrder, shuffled := b, b
		for _, v := range values {
			inOrder = inOrder.Deduct(v, April)
		}
		for _, v := range rapid.Permutation(values).Draw(t, "order") {
			shuffled = shuffled.Deduct(v, April)
		}
		if whole := b.Deduct(sum, April); !inOrder.Same(shuffled) || !inOrder.Same(whole) {
			t.Fatalf("in order %s, shuffled %s, at once %s", usage(inOrder), usage(shuffled), usage(whole))
		}
	})
}

// However often a balance is looked at, it resets once for each interval: the
// first look that is late enough and every check it agree.
func TestABalanceResetsExactlyOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := pool(anyGrants("cp").Draw(t, "balance")...).Deduct(anyValue(t), April)
		now := April.Add(time.Duration(rapid.Int64Range(0, 500*24).Draw(t, "hours")) * time.Hour)
		looked := b
		for range rapid.IntRange(0, 6).Draw(t, "looks") {
			at := April.Add(time.Duration(rapid.Int64Range(0, int64(now.Sub(April)/time.Second)).Draw(t, "at")) * time.Second)
			if at.After(April) {
				looked = looked.At(at)
			}
		}
		looked, once := looked.At(now), b.At(now)
		if !looked.Same(once) || !once.At(now).Same(once) {
			t.Fatalf("looked at often %s, once %s", usage(looked), usage(once))
		}
		for _, g := range once.Grants {
			switch repeats := !g.ResetsAt.IsZero(); {
			case repeats != g.Cycle.Repeats():
				t.Fatalf("grant %s of %v resets %s", g.ID, g.Cycle, g.ResetsAt)
			case repeats && !g.ResetsAt.After(now):
				t.Fatalf("grant %s was due %s", g.ID, g.ResetsAt)
			case repeats && !now.Before(g.Cycle.Next(g.Anchor, April)) && !g.Used.IsZero():
				t.Fatalf("grant %s was not reset", g.ID)
			case !repeats && !g.Used.Equal(grantOf(b, g.ID).Used):
				t.Fatalf("grant %s never resets", g.ID)
			}
		}
		used := once.Deduct(One, now)
		if !used.At(now).Same(used) {
			t.Fatal("it was reset a second time")
		}
	})
}

func grantOf(b Balance, id string) Grant {
	for _, g := range b.Grants {
		if g.ID == id {
			return g
		}
	}
	return Grant{}
}
