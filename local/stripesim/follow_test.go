package stripesim

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// What follows the wall clock waits for a move, and has nothing to say about it.
func TestAMoveDoesNotDisturbWhatFollowsTheClock(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Key: "sk_test_sim"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.moving.Lock() // a move has begun
	caught := make(chan error)
	go func() { caught <- s.catchUp(t.Context()) }()
	if err := s.moveTo(t.Context(), s.clock.Now().AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	s.moving.Unlock()
	if err := <-caught; err != nil {
		t.Error(err)
	}
	if err := s.catchUp(t.Context()); err != nil {
		t.Error(err)
	}
	if at := s.clock.Now(); time.Until(at) < 27*24*time.Hour {
		t.Errorf("the clock is at %s", at)
	}
}

// Events that were forgotten do not come back with a restart.
func TestForgottenEventsStayForgotten(t *testing.T) {
	t.Parallel()
	o := Options{File: filepath.Join(t.TempDir(), "stripe.jsonl")}
	events := 0
	for range 2 {
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		if events == 0 {
			change := s.begin()
			for events = range fewEvents + 100 {
				change.put(&object.Event{ID: fmt.Sprint("evt_", events), Object: "event", Created: s.clock.Now().Unix() - eventsFor - 10})
			}
			if err := change.commit(); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(store.Rows[*object.Event](s.store)); n != 0 {
			t.Errorf("%d events", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
