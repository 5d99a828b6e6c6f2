package entitlement

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A lockModel counts what a metered grant must have: by period, what was used in it and
// what is reserved of it.
type lockModel struct {
	used     map[int64]money.Decimal // by the start of the period
	locks    map[string]openLock
	included money.Decimal
}

type openLock struct {
	units   money.Decimal
	expires time.Time
	period  int64
}

// Whatever is reserved, confirmed, released, expired and tracked, in whatever order and
// over resets: each period bills what was used in it beyond the granted, once, and the
// running one holds what was used and what is reserved.
func TestNoUnitOfALockIsLostOrCountedTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begun := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
		f := catalog.Feature{ID: "words", Type: catalog.SingleUse}
		own := []catalog.Source{{FeatureID: "words", Cost: money.One}}
		day := money.Cycle{Interval: money.Day, Count: 1}
		b := Balance{FeatureID: "words", Grants: []Grant{{ID: "cp/i", CustomerProductID: "cp", Since: begun, From: begun, Anchor: begun,
			Included: money.Int(rapid.Int64Range(0, 60).Draw(t, "included")), Overage: true, Cycle: day, ResetsAt: begun.AddDate(0, 0, 1)}}}
		m := lockModel{map[int64]money.Decimal{}, map[string]openLock{}, b.Grants[0].Included}
		now, n := begun, 0
		period := func() int64 { return now.Truncate(24 * time.Hour).UnixMilli() }
		use := func(value money.Decimal) UsageRequest {
			return UsageRequest{Feature: f, Funding: own, Value: value, Now: now}
		}
		take := func(changed []Balance) {
			for _, c := range changed {
				b = c
			}
		}
		held := func() map[string]Balance { return map[string]Balance{"words": b} }
		t.Repeat(map[string]func(*rapid.T){
			"reserve": func(t *rapid.T) {
				n++
				l := openLock{money.Int(rapid.Int64Range(1, 40).Draw(t, "units")), now.Add(time.Duration(rapid.IntRange(1, 24).Draw(t, "hours")) * time.Hour), period()}
				id := fmt.Sprint("lock", n)
				changed, err := DecideReserve(held(), id, l.expires, use(l.units))
				if err != nil {
					t.Fatal(err)
				}
				take(changed)
				m.locks[id] = l
			},
			"finalize": func(t *rapid.T) {
				id := fmt.Sprint("lock", rapid.IntRange(0, n).Draw(t, "which"))
				value := money.Int(rapid.Int64Range(0, 60).Draw(t, "final"))
				changed, _, found, err := DecideFinalize(map[string][]Balance{"words": {b}}, id, LockedUse{use(value), own})
				l, open := m.locks[id]
				if err != nil || found != open {
					t.Fatalf("%s: found %v, want %v: %v", id, found, open, err)
				}
				if !open {
					return
				}
				take(changed)
				delete(m.locks, id)
				part := money.Min(value, l.units)
				m.used[l.period] = m.used[l.period].Add(part)
				m.used[period()] = m.used[period()].Add(value.Sub(part))
			},
			"track": func(t *rapid.T) {
				value := money.Int(rapid.Int64Range(1, 40).Draw(t, "value"))
				changed, _, err := DecideUsage(held(), use(value))
				if err != nil {
					t.Fatal(err)
				}
				take(changed)
				m.used[period()] = m.used[period()].Add(value)
			},
			"time passes": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour)
				for id, l := range m.locks {
					if !now.Before(l.expires) {
						delete(m.locks, id)
					}
				}
				if rapid.Bool().Draw(t, "written") {
					b = b.At(now)
				}
			},
			"": func(t *rapid.T) { m.check(t, b.At(now), period()) },
		})
	})
}

func (m lockModel) check(t *rapid.T, b Balance, running int64) {
	billed := map[int64]money.Decimal{}
	keys := map[string]bool{}
	for _, c := range b.Closed {
		start := c.Period.Start.UnixMilli()
		if !c.After.Equal(billed[start]) {
			t.Fatalf("%v was closed after %v units, want %v", c, c.After, billed[start])
		}
		billed[start] = billed[start].Add(c.Units)
		if keys[c.Key()] {
			t.Fatalf("two closings are called %s", c.Key())
		}
		keys[c.Key()] = true
	}
	reserved := money.Zero
	for _, l := range m.locks {
		if l.period == running {
			reserved = reserved.Add(l.units)
		}
	}
	g := b.Grants[0]
	if !g.Used.Equal(m.used[running]) || !g.reserved().Equal(reserved) {
		t.Fatalf("used %v and reserved %v, want %v and %v", g.Used, g.reserved(), m.used[running], reserved)
	}
	for start, used := range m.used {
		want := money.Max(money.Zero, used.Sub(m.included))
		if start != running && !billed[start].Equal(want) {
			t.Fatalf("the period from %v bills %v, want %v of %v", time.UnixMilli(start).UTC(), billed[start], want, used)
		}
	}
	if len(m.locks) == 0 && (len(b.Late) > 0 || len(b.Past) > 0) {
		t.Fatalf("no lock is open, and the balance keeps %v %v", b.Late, b.Past)
	}
}

// Without a date in between, a lock leaves exactly what its final value does not take, in
// whichever grants that is; one that is not confirmed leaves what was there.
func TestALockTakesWhatItsFinalValueSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)
		f := catalog.Feature{ID: "words", Type: catalog.SingleUse}
		funding := []catalog.Source{{FeatureID: "words", Cost: money.One}, {FeatureID: "credits", Cost: money.Int(rapid.SampledFrom([]int64{1, 2, 4}).Draw(t, "cost"))}}
		grant := func(id string, n int64) Grant {
			return Grant{ID: id, From: now, Since: now, Anchor: now, Included: money.Int(n)}
		}
		balances := map[string]Balance{
			"words":   {FeatureID: "words", Grants: []Grant{grant("a/1", rapid.Int64Range(0, 20).Draw(t, "a")), grant("b/1", rapid.Int64Range(0, 20).Draw(t, "b"))}},
			"credits": {FeatureID: "credits", Grants: []Grant{grant("a/2", rapid.Int64Range(0, 60).Draw(t, "c")), grant("/own", rapid.Int64Range(0, 60).Draw(t, "d"))}},
		}
		units := func() money.Decimal {
			all, _ := balances["words"].At(now).Available(now)
			credits, _ := balances["credits"].At(now).Available(now)
			return all.Add(funding[1].Units(credits, 2)) // exact for these costs
		}
		save := func(changed []Balance) {
			for _, b := range changed {
				balances[b.FeatureID] = b
			}
		}
		for i := range rapid.IntRange(1, 6).Draw(t, "locks") {
			id, before := fmt.Sprint(i), units()
			asked, final := money.Int(rapid.Int64Range(1, 60).Draw(t, "asked")), money.Int(rapid.Int64Range(0, 80).Draw(t, "final"))
			changed, err := DecideReserve(balances, id, now.Add(time.Hour), UsageRequest{Feature: f, Funding: funding, Value: asked, Now: now})
			if (err != nil) != asked.GreaterThan(before) {
				t.Fatalf("%v of %v: %v", asked, before, err)
			}
			if err != nil {
				continue
			}
			save(changed)
			changed, counted, _, err := DecideFinalize(rowsOf(balances), id, LockedUse{UsageRequest{Feature: f, Funding: funding, Value: final, Now: now}, funding})
			if err != nil {
				t.Fatal(err)
			}
			save(changed)
			dropped := money.Max(money.Zero, final.Sub(before))
			if got := counted[0]; !got.Recorded.Add(got.Dropped).Equal(final) || !got.Dropped.Equal(dropped) {
				t.Fatalf("final %v of %v: recorded %v, dropped %v", final, before, got.Recorded, got.Dropped)
			}
			if left := units(); !left.Equal(money.Max(money.Zero, before.Sub(final))) {
				t.Fatalf("final %v of %v left %v", final, before, left)
			}
		}
	})
}

func rowsOf(balances map[string]Balance) map[string][]Balance {
	rows := map[string][]Balance{}
	for id, b := range balances {
		rows[id] = []Balance{b}
	}
	return rows
}
