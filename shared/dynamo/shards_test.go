package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

func unlimited(g *entitlement.Grant) { g.Unlimited, g.ResetsAt = true, time.Time{} }
func overage(g *entitlement.Grant)   { g.Overage = true }

var events atomic.Int64

func onShards(n int, value money.Decimal, now time.Time) app.DebitBatch {
	return app.DebitBatch{Now: now, Debits: []app.Debit{{FeatureID: "messages", Amount: value, Shards: n}},
		Events: []app.UsageRecord{{ID: fmt.Sprint("evt_", events.Add(1)), Features: []string{"messages"}, Value: value, At: now, ReceivedAt: now}}}
}

// tracks takes a use as the command does, until it counts.
func tracks(ctx context.Context, s *Store, n int, value money.Decimal, now time.Time) error {
	for {
		u := onShards(n, value, now)
		b, done, err := s.Debit(ctx, env, "ada", u)
		if errors.Is(err, errTooMany) {
			continue // saved again and again while it was read; nothing was counted
		}
		if done || err != nil {
			return err
		}
		b = b.Deduct(value, now)
		b.Shards.Want = n
		if done, _, err = s.SaveUsed(ctx, env, "ada", []entitlement.Balance{b}, u); done || err != nil {
			return err
		}
	}
}

// spent is all that was ever used of a balance in overage: of this period and
// of those that are closed.
func spent(b entitlement.Balance) money.Decimal {
	total := money.Zero
	for _, g := range b.Grants {
		total = total.Add(g.Used)
	}
	for _, c := range b.Closed {
		total = total.Add(c.Units)
	}
	return total
}

// Whatever the number of shards, and however it changes, a balance is what the
// rules say.
func TestShardsCountLikeTheRules(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var opened atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		model, err := s.Balance(t.Context(), env, "ada", "messages")
		if err != nil {
			rt.Fatal(err)
		}
		now := april
		save := func() {
			if err := s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: model, Now: now}); err != nil {
				rt.Fatal(err)
			}
		}
		model.Grants, model.Closed = []entitlement.Grant{monthly("cp_1/pr", "3", overage)}, nil
		save()
		rt.Repeat(map[string]func(*rapid.T){
			"use": func(rt *rapid.T) {
				value := money.Int(rapid.Int64Range(-30_000, 60_000).Draw(rt, "value")).Shift(-4)
				if err := tracks(t.Context(), s, rapid.IntRange(0, 4).Draw(rt, "shards"), value, now); err != nil {
					rt.Fatal(err)
				}
				model = model.Deduct(value, now)
			},
			"another plan": func(rt *rapid.T) {
				stored, err := s.Balance(t.Context(), env, "ada", "messages")
				if err != nil {
					rt.Fatal(err)
				}
				kind := rapid.SampledFrom([]func(*entitlement.Grant){overage, unlimited, func(*entitlement.Grant) {}}).Draw(rt, "kind")
				next := monthly("cp_2/pr", "5", kind, func(g *entitlement.Grant) {
					g.Anchor, g.From, g.Since = now, now, now
					g.ResetsAt = now.AddDate(0, 1, 0)
				})
				model.Version, model.Shards = stored.Version, stored.Shards
				model = model.ReplaceGrants([]string{"cp_1", "cp_2"}, []entitlement.Grant{next}, false, now)
				save()
			},
			"time": func(rt *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
			},
			"": func(rt *rapid.T) {
				stored, err := s.Balance(t.Context(), env, "ada", "messages")
				if err != nil {
					rt.Fatal(err)
				}
				if stored.Shards.Open {
					opened.Add(1)
				}
				got, want := stored.At(now), model.At(now)
				if !got.Same(want) || fmt.Sprint(got.Closed) != fmt.Sprint(want.Closed) {
					rt.Fatalf("at %s the table has %+v closed %v, the rules %+v closed %v", now, got.Grants, got.Closed, want.Grants, want.Closed)
				}
			},
		})
	})
	if opened.Load() == 0 {
		t.Error("shards were never open")
	}
}

// Uses, saves of the balance and readers meet at once: no use is lost or
// counted twice, and no reader sees one come and go.
func TestShardsLoseNothingWhileTheBalanceIsSaved(t *testing.T) {
	t.Parallel()
	for name, lasting := range map[string]time.Duration{"within a period": 0, "over the ends of periods": 40 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, s := fresh(t)
			saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
			const clients, each = 16, 40
			var users, others sync.WaitGroup
			var over atomic.Bool
			at := func(n int) time.Time { return april.Add(lasting * time.Duration(n) / each) }
			for range clients {
				users.Go(func() {
					for n := range each {
						if err := tracks(t.Context(), s, 4, dec("0.25"), at(n)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			others.Go(func() {
				for !over.Load() {
					b, err := s.Balance(t.Context(), env, "ada", "messages")
					if err == nil {
						err = s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: b.ReplaceGrants(nil, nil, false, april), Now: april})
					}
					if err != nil && !errors.Is(err, refusal.ErrStale) && !errors.Is(err, errTooMany) {
						t.Error(err)
					}
				}
			})
			others.Go(func() {
				for last := money.Zero; !over.Load(); {
					b, err := s.Balance(t.Context(), env, "ada", "messages")
					if errors.Is(err, errTooMany) {
						continue
					}
					must(t, err)
					now := spent(b)
					if now.LessThan(last) {
						t.Errorf("%s were used, and then %s", last, now)
					}
					last = now
				}
			})
			users.Wait()
			over.Store(true)
			others.Wait()
			if got := spent(reads(t, s, "messages").At(at(each))); !got.Equal(money.Int(clients * each / 4)) {
				t.Errorf("%s were used, want %d", got, clients*each/4)
			}
		})
	}
}

// The writes go to as many partitions as there are shards, evenly; the row of
// the balance has none of them.
func TestShardsTakeTheWrites(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
	must(t, tracks(t.Context(), s, 8, money.One, april)) // opens them
	writes := map[string]int{}
	db.SetFault(func(c local.Call) local.Fault {
		if c.Operation == "UpdateItem" {
			writes[fmt.Sprint(c.Keys)]++
		}
		return local.Fault{}
	})
	const n = 1600
	for range n {
		must(t, tracks(t.Context(), s, 8, money.One, april))
	}
	db.SetFault(nil)
	if len(writes) != 8 {
		t.Fatalf("writes went to %d rows: %v", len(writes), writes)
	}
	for k, count := range writes {
		if !strings.Contains(k, "#SHARD#") || count < n/8/2 || count > n/8*2 {
			t.Errorf("%s took %d of %d", k, count, n)
		}
	}
}

func TestShardsGoWithTheirBalance(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
	must(t, tracks(t.Context(), s, 3, money.One, april))
	before := reads(t, s, "messages")
	must(t, tracks(t.Context(), s, 3, money.One, april))
	stale(t, s.Commit(t.Context(), env, app.DeleteRows{Key: "ada", Balances: []entitlement.Balance{before}}))
	must(t, s.Commit(t.Context(), env, app.DeleteRows{Key: "ada", Balances: []entitlement.Balance{reads(t, s, "messages")}}))
	if left := db.Dump(); strings.Contains(left, "ada") {
		t.Errorf("these rows are left: %s", left)
	}
}

// A balance that comes to an end closes its shards; the second save after that
// removes them, and reading costs what it did before.
func TestShardsThatCountNothingAreRemoved(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
	for range 3 {
		must(t, tracks(t.Context(), s, 3, money.One, april))
	}
	limited := entitlement.Balance{Grants: []entitlement.Grant{monthly("cp_2/pr", "10")}}.Grants
	for _, want := range []int{3, 0} {
		b := saves(t, s, reads(t, s, "messages").ReplaceGrants([]string{"cp"}, limited, false, april))
		if b.Shards.Count != want || b.Shards.Open {
			t.Errorf("%d shards, open %v, want %d", b.Shards.Count, b.Shards.Open, want)
		}
		limited = nil
	}
}

// A use that is late, of a period that another process is about to close,
// must belong to that period: the save has to look again.
func TestShardsKeepALateUseInItsPeriod(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp/pr", "0", overage)}})
	must(t, tracks(t.Context(), s, 1, money.One, april))
	must(t, tracks(t.Context(), s, 2, money.One, april))
	b := reads(t, s, "messages")
	must(t, tracks(t.Context(), s, 2, money.One, april))
	stale(t, s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: b.At(may), Now: may}))
	must(t, s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: reads(t, s, "messages").At(may), Now: may}))
	if after := reads(t, s, "messages"); len(after.Closed) != 1 || !after.Closed[0].Units.Equal(money.Int(3)) || !after.Grants[0].Used.IsZero() {
		t.Errorf("closed %v, used %s", after.Closed, after.Grants[0].Used)
	}
}
