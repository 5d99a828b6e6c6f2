package chaos

import (
	"context"
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// crew is a customer whose seats are entities, some of which used something.
func crew(seats ...string) func(w *World) {
	return func(w *World) {
		for _, id := range []string{"seats", "desks", "rooms", "floors", "houses"} { // so that the list of the catalog's last changes is begun anew before the command
			w.Feature(id, "continuous_use")
		}
		w.Product("crew", "crews", Price(20), Included("seats", 9), EachSeat(Messages(50)))
		w.Product("crew_pro", "crews", Price(50), Included("seats", 99), EachSeat(Messages(200)), EachSeat(Consumable("words", 5)))
		w.Product("crew_seats", "crews", Price(20), Seats("seats", 0, 12, "bill_immediately", "none"), EachSeat(Messages(50)))
		w.CustomerWithEmailAndCard("c")
		if w.Attach("c", "crew"); len(seats) == 0 {
			w.Attach("c", "crew_seats", JSON{"plan_schedule": "immediate"})
		}
		w.Seat("c", seats...)
		for i, id := range seats {
			w.TrackOf(id, "messages", i+1)
		}
	}
}

// packsOf is a crew of which one seat, and the customer, have a plan of prepaid messages.
func packsOf(seat string) func(w *World) {
	return func(w *World) {
		crew(seat, "b")(w)
		for _, body := range []JSON{Of(seat), {}} {
			w.Attach("c", "packs", body, Quantity("messages", 200))
		}
	}
}

// lockOf reserves more than a seat of a crew has: 60, of which its customer has ten.
func lockOf(seat string) JSON {
	return Merge(JSON{}, reserveThirty, Of(seat), JSON{"required_balance": 60})
}

// TestAPlanOf250EntitiesSurvivesACrash dies at some of the calls of the function that
// brings the rows of 250 entities to another plan. Those that have moved stay moved, and
// the sweep continues with the others.
func TestAPlanOf250EntitiesSurvivesACrash(t *testing.T) {
	t.Parallel()
	const entities = 250
	run := func(n int, what trouble) (end string, calls []string) {
		w, k := mortal(t)
		w.Feature("messages", "single_use")
		w.Feature("seats", "continuous_use")
		keeps := func(n int) JSON { return EachSeat(Merge(Messages(n), JSON{"reset_usage_when_enabled": false})) } // whenever a row moves
		w.Product("crew", "main", Price(20), Included("seats", entities), keeps(50))
		w.Product("crew_pro", "main", Price(50), Included("seats", entities), keeps(200))
		w.CustomerWithEmailAndCard("c")
		w.Attach("c", "crew")
		for at := 0; at < entities; at += 25 {
			var list []JSON
			for i := range 25 {
				list = append(list, JSON{"id": fmt.Sprint("e", at+i), "feature_id": "seats"})
			}
			if a := w.Do(w.Stack.Key, "POST", "/v1/customers/c/entities", list); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Text)
			}
		}
		w.WaitIdle()
		w.Stack.HoldStream(true)
		w.Attach("c", "crew_pro")
		ctx, dead := context.WithCancel(t.Context())
		defer dead()
		k.died, k.soft = dead, true
		k.strike(n, what)
		w.Stack.HoldStream(false)
		_ = w.Stack.Quiet(ctx) // ended by the death of the process
		w.Stack.HoldStream(true)
		calls = k.seen()
		k.live()
		w.Stack.DropStream()
		if err := w.Stack.Restart(); err != nil {
			t.Fatal(err)
		}
		w.TrackOf("e7", "messages", 20)
		w.Stack.DropStream()
		w.Stack.HoldStream(false)
		w.Advance("10m") // the sweep
		for _, id := range []string{"e0", "e100", "e249"} {
			w.TrackOf(id, "messages", 150) // more than the old plan had, in one write
		}
		s, _, err := w.Stack.Customer(w.Context(), "c")
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%v messages; %d operations", w.Check("c", "messages")["balance"], len(s.Operations)), calls
	}
	want, calls := run(0, calm)
	if want != fmt.Sprintf("%d messages; 0 operations", entities*200-20-450) {
		t.Fatalf("undisturbed: %s", want)
	}
	if len(calls) < entities {
		t.Fatalf("only %d calls for %d rows", len(calls), entities)
	}
	for _, n := range []int{1, 2, 4, 5, 60, 200, len(calls) - 2, len(calls)} {
		for _, what := range []trouble{dieBefore, dieAfter} {
			got, _ := run(n, what)
			if tally("entities", what, 1, got == want); got != want {
				t.Errorf("call %d of %d %s: got %s, want %s", n, len(calls), what, got, want)
			}
		}
	}
}
