package dynamo

import (
	"errors"
	"fmt"
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

func uses(features []string, value money.Decimal, now time.Time) app.DebitBatch {
	u := app.DebitBatch{Now: now}
	for _, f := range features {
		u.Debits = append(u.Debits, app.Debit{FeatureID: f, Amount: value})
	}
	return u
}

func one(feature string, value money.Decimal, now time.Time) app.DebitBatch {
	return uses([]string{feature}, value, now)
}

// track uses the store as the command does: the head first, and the row as a
// whole where the head does not hold.
func track(t *rapid.T, s *Store, value money.Decimal, now time.Time) (fast bool) {
	u, ctx := one("messages", value, now), t.Context()
	if value.IsPositive() {
		if _, done, err := s.Debit(ctx, env, "ada", u); err != nil {
			t.Fatal(err)
		} else if done {
			return true
		}
	}
	b, err := s.Balance(ctx, env, "ada", "messages")
	if err != nil {
		t.Fatal(err)
	}
	if done, duplicate, err := s.SaveUsed(ctx, env, "ada", []entitlement.Balance{b.Deduct(value, now)}, u); !done || len(duplicate) > 0 || err != nil {
		t.Fatal(done, duplicate, err)
	}
	return false
}

// The table and the rules are told the same uses; they must agree on every
// grant after each of them, resets and ends included.
func TestTheTableCountsLikeTheRules(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	var runs, fast, slow atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		model := entitlement.Balance{FeatureID: "messages"}
		for i := range rapid.IntRange(1, 3).Draw(rt, "grants") {
			model.Grants = append(model.Grants, monthly(fmt.Sprintf("cp_%d/pr", i), fmt.Sprint(rapid.IntRange(0, 60).Draw(rt, "included")), func(g *entitlement.Grant) {
				g.Overage, g.Unlimited = rapid.IntRange(0, 3).Draw(rt, "overage") == 0, rapid.IntRange(0, 9).Draw(rt, "unlimited") == 0
				g.Suspended = rapid.IntRange(0, 9).Draw(rt, "suspended") == 0
				if g.Overage && rapid.Bool().Draw(rt, "limited") {
					limit := g.Included.Add(money.Int(20))
					g.UsageLimit = &limit
				}
				if rapid.IntRange(0, 4).Draw(rt, "ends") == 0 {
					g.Until = april.AddDate(0, 0, 20)
				}
				if rapid.IntRange(0, 4).Draw(rt, "daily") == 0 {
					g.Cycle = money.Cycle{Interval: money.Day, Count: 1}
					g.ResetsAt = april.AddDate(0, 0, 1)
				}
			}))
		}
		model = model.ReplaceGrants(nil, nil, false, april) // into the order of use
		if old, err := s.Balance(t.Context(), env, "ada", "messages"); err != nil {
			rt.Fatal(err)
		} else if model.Version = old.Version; s.Commit(t.Context(), env, app.SaveBalance{Key: "ada", Balance: model, Now: april}) != nil {
			rt.Fatal("the balance can't be saved")
		}
		runs.Add(1)
		for now := april; ; {
			for range rapid.IntRange(0, 6).Draw(rt, "uses") {
				value := money.Int(rapid.Int64Range(-200_000, 400_000).Draw(rt, "value")).Shift(-4)
				if track(rt, s, value, now) {
					fast.Add(1)
				} else {
					slow.Add(1)
				}
				model = model.Deduct(value, now)
				stored, err := s.Balance(t.Context(), env, "ada", "messages")
				if err != nil {
					rt.Fatal(err)
				}
				if !stored.At(now).Same(model) {
					rt.Fatalf("after %s at %s the table has %+v, the rules %+v", value, now, stored.At(now).Grants, model.Grants)
				}
			}
			if now = now.AddDate(0, 0, rapid.IntRange(1, 25).Draw(rt, "days")); now.After(april.AddDate(0, 3, 0)) {
				return
			}
		}
	})
	if fast.Load() < runs.Load() || slow.Load() < runs.Load() {
		t.Errorf("%d fast and %d slow uses in %d runs show little", fast.Load(), slow.Load(), runs.Load())
	}
}

func TestParallelUsesLoseNothing(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp_1/pr_1", "40")}})
	var wg sync.WaitGroup
	var counted atomic.Int64
	for range 64 {
		wg.Go(func() {
			_, done, err := s.Debit(t.Context(), env, "ada", one("messages", dec("0.7"), april))
			if err != nil {
				t.Error(err)
			}
			if done {
				counted.Add(1)
			}
		})
	}
	wg.Wait()
	b := reads(t, s, "messages") // 57 times 0.7 are 39.9
	if counted.Load() != 57 || !b.Grants[0].Used.Equal(dec("39.9")) || b.Version != 58 {
		t.Errorf("%d uses counted, %s used at version %d", counted.Load(), b.Grants[0].Used, b.Version)
	}
}

func TestTheHeadIsLeftAlone(t *testing.T) {
	t.Parallel()
	over := func(g *entitlement.Grant) { g.Used = g.Included }
	for _, tt := range []struct {
		name  string
		b     entitlement.Balance
		value string
		now   time.Time
	}{
		{"where the grant can't give it all", entitlement.Balance{Grants: []entitlement.Grant{monthly("a/1", "10")}}, "10.000000000000001", april},
		{"at the moment of a reset", entitlement.Balance{Grants: []entitlement.Grant{monthly("a/1", "10")}}, "1", may},
		{"where nothing is left", entitlement.Balance{Grants: []entitlement.Grant{monthly("a/1", "10", over)}}, "1", april},
		{"where there is no grant", entitlement.Balance{}, "1", april},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, s := fresh(t)
			tt.b.FeatureID = "messages"
			before := saves(t, s, tt.b)
			b, done, err := s.Debit(t.Context(), env, "ada", one("messages", dec(tt.value), tt.now))
			if err != nil || done || !b.Same(before) || b.Version != 1 {
				t.Errorf("done %v, %+v, %v", done, b, err)
			}
			if after := reads(t, s, "messages"); after.Version != 1 || !after.Same(before) {
				t.Errorf("the row has changed: %+v", after)
			}
		})
	}
}

func TestAllThatIsLeftCanBeUsedAtOnce(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("a/1", "10")}})
	if _, done, err := s.Debit(t.Context(), env, "ada", one("messages", dec("10"), april)); !done || err != nil {
		t.Errorf("done %v, %v", done, err)
	}
}

func TestNobodyHasABalanceOfNothing(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	if b, done, err := s.Debit(t.Context(), env, "nobody", one("messages", money.One, april)); done || err != nil || b.Version != 0 || b.FeatureID != "messages" {
		t.Errorf("nobody's balance: %v %+v, %v", done, b, err)
	}
}

// keyed is a use that is counted once under a key, unless that is "".
func keyed(u app.DebitBatch, key string) app.DebitBatch {
	if u.Keys = nil; key != "" {
		u.Keys = []app.RequestKey{{Name: key}}
	}
	return u
}

func TestSeveralFeaturesAreUsedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for feature, n := range map[string]string{"action": "200", "storage": "150", "empty": "0"} {
		saves(t, s, entitlement.Balance{FeatureID: feature, Grants: []entitlement.Grant{monthly("cp_1/"+feature, n)}})
	}
	use := func(key string, features ...string) [2]bool {
		done, duplicate, err := s.UseAll(t.Context(), env, "ada", keyed(uses(features, dec("37.89"), april), key))
		must(t, err)
		return [2]bool{done, len(duplicate) > 0}
	}
	done, duplicate, neither := [2]bool{true, false}, [2]bool{false, true}, [2]bool{}
	for i, step := range []struct {
		got, want [2]bool
	}{
		{use("", "action", "storage"), done},
		{use("k", "action", "empty"), neither},
		{use("k", "action", "storage"), done},
		{use("k", "action", "storage"), duplicate},
		{use("k", "action", "empty"), duplicate},
	} {
		if step.got != step.want {
			t.Errorf("step %d: got %v, want %v", i, step.got, step.want)
		}
	}
	for feature, want := range map[string]string{"action": "75.78", "storage": "75.78", "empty": "0"} {
		if got := reads(t, s, feature).Grants[0].Used.String(); got != want {
			t.Errorf("%s: %s used, want %s", feature, got, want)
		}
	}
	if done, duplicate, err := s.UseAll(t.Context(), env, "bob", keyed(uses(nil, money.One, april), "k")); !done || len(duplicate) > 0 || err != nil {
		t.Errorf("another customer's key: %v, %v, %v", done, duplicate, err)
	}
}

func TestASaveOfAUseThatSomebodyPrecededIsNotDone(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "k"} {
		_, s := fresh(t)
		b := saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("a/1", "10")}})
		u := one("messages", money.One, april)
		if _, done, err := s.Debit(t.Context(), env, "ada", u); !done || err != nil {
			t.Fatal(done, err)
		}
		done, duplicate, err := s.SaveUsed(t.Context(), env, "ada", []entitlement.Balance{b.Deduct(money.One, april)}, keyed(u, key))
		if done || len(duplicate) > 0 || err != nil {
			t.Errorf("key %q: done %v, duplicate %v, %v", key, done, duplicate, err)
		}
		if got := reads(t, s, "messages"); got.Version != 2 {
			t.Errorf("key %q: version %d", key, got.Version)
		}
	}
}

func TestAUseOnABadDay(t *testing.T) {
	t.Parallel()
	const forever = 1000
	for _, tt := range []struct {
		name  string
		fault local.FaultKind
		times int
		kind  refusal.Kind // "" is success, "own" our own fault
		used  string
	}{
		{"contention that passes", local.FaultConflict, 3, "", "1"},
		{"contention that stays", local.FaultConflict, forever, refusal.KindUnavailable, "0"},
		{"throttling that passes", local.FaultThrottle, 3, "", "1"},
		{"throttling that stays", local.FaultRateLimit, forever, refusal.KindThrottled, "0"},
		{"a lost request is not repeated", local.FaultLoseRequest, 1, "own", "0"},
		{"a lost answer is not asked for again, as it may have counted", local.FaultLoseAnswer, 1, "own", "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, s := fresh(t)
			saves(t, s, entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("a/1", "10")}})
			db.SetFault(strikes(tt.times, "UpdateItem", local.Fault{Kind: tt.fault}))
			_, done, err := s.Debit(t.Context(), env, "ada", one("messages", money.One, april))
			var known *refusal.Error
			switch {
			case tt.kind == "own":
				if !errors.As(err, &known) || known.Reason != refusal.ReasonUsageUnconfirmed {
					t.Errorf("err = %v", err)
				}
			case tt.kind != "":
				wantKind(t, err, tt.kind)
			case err != nil || !done:
				t.Errorf("done %v, %v", done, err)
			}
			if got := reads(t, s, "messages").Grants[0].Used.String(); got != tt.used {
				t.Errorf("%s used, want %s", got, tt.used)
			}
		})
	}
}
