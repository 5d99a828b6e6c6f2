package stripesim

import (
	"testing"
	"time"
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
