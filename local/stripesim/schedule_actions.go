package stripesim

import "windfall/local/stripesim/object"

func terminal(s *object.Schedule) bool { return s.Status != "active" && s.Status != "not_started" }

// running is a schedule that can still be changed.
func (c *call) runningSchedule(verb string) (*object.Schedule, error) {
	s, err := c.schedule()
	if err != nil {
		return nil, err
	}
	if terminal(s) {
		return nil, invalid("", "You cannot %s a subscription schedule that is currently in the `%s` status. Only `not_started` and `active` schedules can be changed.", verb, s.Status)
	}
	return edit[*object.Schedule](c.tx, c.id), nil
}

// updateSchedule replaces the phases. A running schedule needs its current
// phase first, with its start date.
func updateSchedule(c *call) (any, error) {
	s, err := c.runningSchedule("update")
	if err != nil {
		return nil, err
	}
	start := c.now
	if len(s.Phases) > 0 {
		start = s.Phases[max(0, s.State.Phase)].StartDate
	}
	if list := c.p.List("phases"); len(list) > 0 && s.Status == "active" {
		if !list[0].Given("start_date") {
			return nil, invalidCode("parameter_missing", "phases[0][start_date]", "The subscription schedule update is missing the start date of its current phase: pass `phases[0][start_date]`.")
		}
		s.State.Phase = 0
	}
	if err := c.setSchedule(s, start); err != nil {
		return nil, err
	}
	if s.Status == "active" {
		current := s.Phases[s.State.Phase]
		if current.EndDate <= c.now {
			return nil, invalid("phases[0][end_date]", "The current phase must not end in the past.")
		}
		s.CurrentPhase = &object.CurrentPhase{StartDate: current.StartDate, EndDate: current.EndDate}
		sub := edit[*object.Subscription](c.tx, string(s.Subscription))
		if c.p.Given("phases") {
			if err := c.enterPhase(sub, s, c.p.StrOr("proration_behavior", "create_prorations")); err != nil {
				return nil, err
			}
		}
		c.mirrorEnd(s, sub)
		c.emit("customer.subscription.updated", sub)
	}
	c.emit("subscription_schedule.updated", s)
	return s, nil
}

// cancelSchedule also ends the subscription, at once.
func cancelSchedule(c *call) (any, error) {
	s, err := c.runningSchedule("cancel")
	if err != nil {
		return nil, err
	}
	s.Status, s.CanceledAt, s.CurrentPhase = "canceled", object.Stamp(c.now), nil
	if sub, ok := find[*object.Subscription](c.tx, string(s.Subscription)); ok && !ended(sub) {
		edit[*object.Subscription](c.tx, sub.ID).Schedule = ""
		c.cancelNow(sub.ID, c.p.BoolOr("prorate", true), c.p.BoolOr("invoice_now", true))
	}
	c.emit("subscription_schedule.canceled", s)
	return s, nil
}

// releaseSchedule lets the subscription live on without its schedule.
func releaseSchedule(c *call) (any, error) {
	s, err := c.runningSchedule("release")
	if err != nil {
		return nil, err
	}
	c.release(s, c.p.Bool("preserve_cancel_date"))
	return s, nil
}

func (t *tx) release(s *object.Schedule, keepEnd bool) {
	id := string(s.Subscription)
	s.Status, s.ReleasedAt, s.CurrentPhase = "released", object.Stamp(t.now), nil
	s.ReleasedSubscription, s.Subscription = object.Text(id), ""
	t.emit("subscription_schedule.released", s)
	if id == "" {
		return
	}
	sub := edit[*object.Subscription](t, id)
	sub.Schedule = ""
	if sub.CancelAt != 0 && !keepEnd {
		t.cancelAt(sub, 0, false)
	}
	t.emit("customer.subscription.updated", sub)
}

// scheduleEnded: a schedule does not outlive its subscription. It is aborted
// when the subscription ends because nobody paid.
//
// https://docs.stripe.com/api/events/types#event_types-subscription_schedule.aborted
func (t *tx) scheduleEnded(sub *object.Subscription) {
	s, ok := find[*object.Schedule](t, string(sub.Schedule))
	if !ok || terminal(s) {
		return
	}
	s = edit[*object.Schedule](t, s.ID)
	s.Status, s.CanceledAt, s.CurrentPhase = "canceled", object.Stamp(t.now), nil
	kind := "subscription_schedule.canceled"
	if sub.CancellationDetails.Reason == "payment_failed" {
		kind = "subscription_schedule.aborted"
	}
	t.emit(kind, s)
}
