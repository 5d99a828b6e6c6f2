package entitlement

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Whatever an entity reserves, confirms, releases and uses beside its customer: what both rows
// hold is what was used and what is reserved, and neither gives more than it has.
func TestLocksOfAnEntityHoldWhatTheyReserve(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
		f := catalog.Feature{ID: "words", Type: catalog.SingleUse}
		own := []catalog.Source{{FeatureID: "words", Cost: money.One}}
		grant := func(id string, n int64, per string) Grant {
			return Grant{ID: id, CustomerProductID: "cp", Since: now, From: now, Included: money.Int(n), PerEntity: per}
		}
		rows := []Balance{{FeatureID: "words", Entity: EntityRef{ID: "a", FeatureID: "seats", Number: 1}, Grants: []Grant{grant("cp/e", 30, "seats"), grant("cp2/e", 20, "")}},
			{FeatureID: "words", Grants: []Grant{grant("cp/e", 30, "seats"), grant("cp/o", 50, "")}}}
		type open struct {
			units   money.Decimal
			expires time.Time
		}
		used, locks, n := money.Zero, map[string]open{}, 0
		use := func(v int64) UsageRequest {
			return UsageRequest{Feature: f, Funding: own, Value: money.Int(v), Now: now}
		}
		save := func(changed []Balance) {
			for _, b := range changed {
				for i := range rows {
					if rows[i].Entity == b.Entity {
						rows[i] = b
					}
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"reserve": func(t *rapid.T) {
				n++
				l := open{money.Int(rapid.Int64Range(1, 70).Draw(t, "units")), now.Add(time.Duration(rapid.IntRange(1, 24).Draw(t, "hours")) * time.Hour)}
				id := fmt.Sprint("lock", n)
				changed, err := DecideReserve(map[string]Balance{"words": Pool(rows, now)}, id, l.expires, UsageRequest{Feature: f, Funding: own, Value: l.units, Now: now})
				if err != nil {
					return
				}
				for _, b := range changed {
					save(b.Unpool(rows, now))
				}
				locks[id] = l
			},
			"finalize": func(t *rapid.T) {
				id := fmt.Sprint("lock", rapid.IntRange(0, n).Draw(t, "which"))
				value := rapid.Int64Range(0, 90).Draw(t, "final")
				changed, counted, held, err := DecideFinalize(map[string][]Balance{"words": rows}, id, LockedUse{use(value), own})
				if _, there := locks[id]; err != nil || held != there {
					t.Fatalf("%s: held %v, want %v: %v", id, held, there, err)
				}
				if held {
					save(changed)
					delete(locks, id)
					used = used.Add(counted[0].Recorded)
				}
			},
			"use": func(t *rapid.T) {
				changed, counted, err := DecideUsage(map[string]Balance{"words": Pool(rows, now)}, use(rapid.Int64Range(1, 40).Draw(t, "used")))
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range changed {
					save(b.Unpool(rows, now))
				}
				used = used.Add(counted[0].Recorded)
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "later")) * time.Hour)
				for id, l := range locks {
					if !now.Before(l.expires) {
						delete(locks, id)
					}
				}
			},
			"": func(t *rapid.T) {
				want, holds := used, money.Zero
				for _, l := range locks {
					want = want.Add(l.units)
				}
				for _, b := range rows {
					b = b.At(now)
					for _, g := range b.Grants {
						if !b.counts(g) {
							if g.InUse().IsPositive() {
								t.Fatalf("%s of the customer counts for nobody, and has %s", g.ID, g.InUse())
							}
							continue
						}
						if holds = holds.Add(g.InUse()); g.Remaining().IsNegative() {
							t.Fatalf("%s of %q gives %s more than it has", g.ID, b.Entity.ID, g.Remaining())
						}
					}
				}
				if !holds.Equal(want) {
					t.Fatalf("the rows hold %s, want %s", holds, want)
				}
			},
		})
	})
}
