package stripesim

import (
	"context"
	"fmt"
	"time"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

var testClockRoutes = []endpoint{
	{"POST /v1/test_helpers/test_clocks", "frozen_time!:t name", createTestClock},
	{"GET /v1/test_helpers/test_clocks", pageParams, listTestClocks},
	{"GET /v1/test_helpers/test_clocks/{id}", "", getTestClock},
	{"DELETE /v1/test_helpers/test_clocks/{id}", "", deleteTestClock},
	{"POST /v1/test_helpers/test_clocks/{id}/advance", "frozen_time!:t", advanceTestClock},
}

// mostOnClock is how many customers, and how many subscriptions of a customer,
// a test clock carries.
//
// https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
const mostOnClock = 3

func (t *tx) roomOnClock(clock string) error {
	n := 0
	for _, cus := range all[*object.Customer](t) {
		if string(cus.TestClock) == clock && !cus.State.Deleted {
			n++
		}
	}
	if n >= mostOnClock {
		return invalid("test_clock", "A test clock can have at most %d customers.", mostOnClock)
	}
	return t.clockReady(clock)
}

// clockReady: while a clock advances, nothing on it can be touched.
func (t *tx) clockReady(clock string) error {
	c, ok := find[*object.TestClock](t, clock)
	if ok && c.Status == "advancing" {
		return newError(429, "invalid_request_error", "test_clock_advancing", "", "Test clock advancement underway - cannot perform modifications until the advancement is complete.")
	}
	return nil
}

func createTestClock(c *call) (any, error) {
	clock := &object.TestClock{
		ID: c.newID("clock_"), Object: "test_helpers.test_clock", Created: c.now, DeletesAfter: c.now + 30*86400,
		FrozenTime: c.p.Int("frozen_time"), Name: object.Text(c.p.Str("name")), Status: "ready",
	}
	c.put(clock)
	c.emit("test_helpers.test_clock.created", clock)
	return clock, nil
}

func getTestClock(c *call) (any, error) {
	return need[*object.TestClock](c.tx, "test clock", c.id, "id")
}

func listTestClocks(c *call) (any, error) {
	return pageNewest(c, all[*object.TestClock](c.tx), nil)
}

// deleteTestClock takes its customers with it.
func deleteTestClock(c *call) (any, error) {
	clock, err := need[*object.TestClock](c.tx, "test clock", c.id, "id")
	if err != nil {
		return nil, err
	}
	if err := c.clockReady(c.id); err != nil {
		return nil, err
	}
	for _, cus := range all[*object.Customer](c.tx) {
		if string(cus.TestClock) != c.id || cus.State.Deleted {
			continue
		}
		c.closeCustomer(cus.ID)
		edit[*object.Customer](c.tx, cus.ID).State.Deleted = true
	}
	c.emit("test_helpers.test_clock.deleted", clock)
	c.remove(clock)
	return object.Deleted{ID: c.id, Object: "test_helpers.test_clock", Deleted: true}, nil
}

// advanceTestClock answers at once with the status "advancing"; the clock then
// moves through what is due and becomes ready.
func advanceTestClock(c *call) (any, error) {
	old, err := need[*object.TestClock](c.tx, "test clock", c.id, "id")
	if err != nil {
		return nil, err
	}
	if err := c.clockReady(c.id); err != nil {
		return nil, err
	}
	to := c.p.Int("frozen_time")
	if to <= old.FrozenTime {
		return nil, invalid("frozen_time", "You must specify a frozen time that is after the current frozen time.")
	}
	if latest := c.furthest(old); to > latest {
		return nil, invalidCode("clock_advanced_too_far", "frozen_time", "The frozen time of this clock is %s. You can only advance it up to %s. You can only advance a test clock up to two intervals from the current frozen time at a time, based on the shortest subscription interval in the test clock.", moment(old.FrozenTime), moment(latest))
	}
	clock := edit[*object.TestClock](c.tx, c.id)
	clock.Status, clock.State.Target = "advancing", to
	c.emit("test_helpers.test_clock.advancing", clock)
	c.after = append(c.after, func() { c.s.moveTestClock(c.id) })
	return clock, nil
}

// moment is a time as Stripe writes it in errors.
func moment(at int64) string {
	return fmt.Sprintf("%d (%s UTC)", at, time.Unix(at, 0).UTC().Format(time.DateTime))
}

// furthest is two intervals of the shortest subscription, or two years.
func (t *tx) furthest(clock *object.TestClock) int64 {
	shortest := calc.Interval{Unit: "year", Count: 1}
	for _, sub := range all[*object.Subscription](t) {
		if string(sub.TestClock) == clock.ID && !ended(sub) && subscriptionInterval(sub).Shorter(shortest) {
			shortest = subscriptionInterval(sub)
		}
	}
	return shortest.Add(clock.FrozenTime, 2)
}

// moveTestClock works in the background, because the webhooks of each step are
// delivered before the next, and their handlers call back into the API. It is
// called under Sim.mu and begins when that is free.
func (s *Sim) moveTestClock(id string) {
	if s.clocks == 0 {
		s.arrived = make(chan struct{})
	}
	s.clocks++
	go func() {
		for {
			more, err := s.clockStep(id)
			_ = s.courier.Quiet(context.Background())
			if err != nil {
				s.log.Error("a test clock stands still until the next start", "clock", id, "cause", err)
			}
			if err != nil || !more {
				break
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.clocks--; s.clocks == 0 {
			close(s.arrived)
		}
	}()
}

// clockStep does the next thing due on a test clock, or makes it ready.
func (s *Sim) clockStep(id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	if _, ok := find[*object.TestClock](t, id); !ok {
		return false, nil
	}
	clock := edit[*object.TestClock](t, id)
	if e, ok := s.store.Next(id); ok && e.At <= clock.State.Target {
		clock.FrozenTime = max(clock.FrozenTime, e.At)
		return true, s.fire(t, e)
	}
	clock.FrozenTime, clock.Status, clock.State.Target = clock.State.Target, "ready", 0
	t.livesOn(id)
	t.emit("test_helpers.test_clock.ready", clock)
	return false, t.commit()
}

// resumeTestClocks moves the clocks on that the end of the last process stopped.
func (s *Sim) resumeTestClocks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range store.Rows[*object.TestClock](s.store) {
		if c.Status == "advancing" {
			s.moveTestClock(c.ID)
		}
	}
}
