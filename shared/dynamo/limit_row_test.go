package dynamo

import (
	"slices"
	"sync"
	"testing"
	"time"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
)

// Each guess counts once, whatever was read of those before; a window begins anew, and
// is not begun again by a process whose clock is behind.
func TestGuessesAreCountedByWindows(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	next := april.Add(time.Minute)
	for i, c := range []struct {
		read     billing.Guesses
		window   time.Time
		want     int
		requests int64
	}{
		{billing.Guesses{}, april, 1, 1},
		{billing.Guesses{Window: april, Count: 1}, april, 2, 1},
		{billing.Guesses{}, april, 3, 2}, // another counted in between
		{billing.Guesses{Window: april, Count: 3}, next, 1, 1},
		{billing.Guesses{Window: april, Count: 3}, next, 2, 2},
		{billing.Guesses{Window: april, Count: 3}, april, 3, 1},
		{billing.Guesses{}, april, 4, 2},
	} {
		var m app.Meter
		got, err := s.CountGuess(app.WithMeter(t.Context(), &m), env, "ada", c.read, c.window)
		must(t, err)
		if n := m.DynamoRequests.Load(); got != c.want || n != c.requests {
			t.Errorf("%d: the count is %d after %d requests, want %d after %d", i, got, n, c.want, c.requests)
		}
	}
	must(t, s.Commit(t.Context(), env, app.DeleteRows{Key: "ada", Guesses: billing.Guesses{Window: april, Count: 1}}))
	db.SetFault(strikes(3, "UpdateItem", local.Fault{Kind: local.FaultConflict}))
	if got, err := s.CountGuess(t.Context(), env, "ada", billing.Guesses{Window: next, Count: 4}, next); err != nil || got != 1 {
		t.Errorf("the row went in between: the count is %d, %v", got, err)
	}
	state, found, err := s.State(t.Context(), env, "ada")
	if want := (billing.Guesses{Window: next, Count: 1}); err != nil || found || state.Guesses != want {
		t.Errorf("read: %+v (a customer: %t), %v; want %+v", state.Guesses, found, err, want)
	}
}

func TestGuessesAtOnceHaveEachACount(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	got := make([]int, 40)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			n, err := s.CountGuess(t.Context(), env, "ada", billing.Guesses{}, april)
			if err != nil {
				t.Error(err)
			}
			got[i] = n
		})
	}
	all.Wait()
	slices.Sort(got)
	for i, n := range got {
		if n != i+1 {
			t.Fatalf("the counts are %v, want 1 to 40", got)
		}
	}
}
