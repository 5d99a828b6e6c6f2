// Package chaos proves that any fault between Windfall and the services it
// calls, and any order of calls and events, leads to the same final state.
//
//	What is proven of which command?                  flows_test.go: the list to add to
//	What happened before the command?                 prepare_test.go
//	What is compared?                                 final_state_test.go
//	It dies at any call; calls fail at any point      crash_test.go
//	Events come in any order, and twice               order_test.go
//	Changes that staff make at Stripe, in any order   staff_test.go
//	Two commands at once                              pairs_test.go
//	A period's overage, across a crash                usage_bill_test.go
//	A crowd uses a code while processes die          crowd_test.go
//	A reward of a referral, across a crash           reward_test.go, free_periods_test.go
//	Redemptions from their code to their reversal    referrals_test.go, referral_orders_test.go, referral_prepare_test.go
//
// `make chaos` makes every try and prints their number; `go test` makes one of
// three, and fewer orders of events, always the same.
package chaos

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestEveryCommandSurvivesTrouble brings each trouble to each external call of
// each flow. The caller repeats the request, with the same Idempotency-Key;
// Stripe delivers again. The final state equals that of the undisturbed run.
func TestEveryCommandSurvivesTrouble(t *testing.T) {
	t.Parallel()
	for _, f := range flows {
		t.Run(f.command+", "+f.name, func(t *testing.T) {
			t.Parallel()
			w, k := f.open(t)
			start := w.Snapshot()
			start() // the undisturbed run also begins with fresh functions
			want, calls := f.disturbed(w, k, 0, calm, comeBack)
			s := f.sample()
			for _, what := range []trouble{dieBefore, dieAfter, loseAnswer, throttle, conflict} {
				for n, called := range calls {
					if !what.possible(called) || !s.takes() {
						continue
					}
					start()
					got, _ := f.disturbed(w, k, n+1, what, comeBack)
					tally(f.command, what, 1, k.struck && got.equal(want))
					if !k.struck {
						t.Errorf("call %d (%s): nothing struck it", n+1, called)
					}
					if !got.equal(want) {
						t.Errorf("call %d (%s) %s; the final state differs:\n%s", n+1, called, what, got.difference(want))
					}
				}
			}
		})
	}
}

// TestTheSweepFinishesWhatNobodyCameBackFor kills each command the same way;
// then no client repeats it, and only the schedule runs. A recorded operation
// is finished, and any other has no effect.
func TestTheSweepFinishesWhatNobodyCameBackFor(t *testing.T) {
	t.Parallel()
	for _, f := range flows {
		if !f.act.sweep {
			continue
		}
		t.Run(f.command+", "+f.name, func(t *testing.T) {
			t.Parallel()
			w, k := f.open(t)
			start := w.Snapshot()
			start() // the undisturbed run also begins with fresh functions
			want, calls := f.disturbed(w, k, 0, calm, goAway)
			start()
			nothing, _ := f.disturbed(w, k, 1, dieBefore, goAway)
			s := f.sample()
			for n, called := range calls {
				for _, what := range []trouble{dieBefore, dieAfter} {
					if !s.takes() {
						continue
					}
					start()
					got, _ := f.disturbed(w, k, n+1, what, goAway)
					good := got.equal(want) || got.equal(nothing)
					tally(f.command, what, 1, good)
					if !good {
						t.Errorf("call %d (%s) %s; the final state is neither that of a finished command:\n%s\nnor that of none:\n%s",
							n+1, called, what, got.difference(want), got.difference(nothing))
					}
				}
			}
		})
	}
}

// disturbed acts with one trouble, recovers, and returns the final state and the
// calls that the act made.
func (f flow) disturbed(w *World, k *killer, n int, what trouble, recovery func(flow, *World)) (finalState, []string) {
	w.Helper()
	k.strike(n, what)
	f.act.do(w)
	calls, struck := k.seen(), k.struck
	k.live()
	k.struck = struck
	if err := w.Stack.Restart(); err != nil {
		w.Fatal(err)
	}
	recovery(f, w)
	if f.after != nil {
		f.after(w)
	}
	end := finalStateOf(w)
	if f.act.leave != "" {
		end = end.without(f.act.leave)
	}
	return end, calls
}

// comeBack repeats the act; each answer must be a success.
func comeBack(f flow, w *World) {
	w.Helper()
	later := w.Stack.Sim.Now().Add(2 * time.Minute)                   // past the lapse of the first request's key
	if err := w.Stack.Sim.AdvanceTo(w.Context(), later); err != nil { // without a run of the schedule
		w.Fatal(err)
	}
	for _, a := range f.act.do(w) {
		if a.Status/100 != 2 && (f.act.told == "" || a.Body["code"] != f.act.told) {
			w.Errorf("%s, asked again: %d %s", f.name, a.Status, a.Text)
		}
	}
	let(w)
}

// goAway leaves all to the schedule. What Stripe tells of it comes afterwards: an event
// that meets the schedule's work is refused, and comes again much later.
func goAway(_ flow, w *World) {
	w.Helper()
	let(w)
	hold(w)
	w.Advance("5m")
	let(w)
}
