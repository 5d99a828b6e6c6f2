package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"
)

// scheduleOf returns the schedule of a subscription, a new one if there is
// none. An end of the subscription is withdrawn first: Stripe would copy it
// into a new schedule, and refuses to change it beside one.
func (j job) scheduleOf(ctx context.Context, sub *stripe.Subscription) (*stripe.SubscriptionSchedule, error) {
	if sub.Schedule != nil {
		return j.getSchedule(ctx, sub.Schedule.ID)
	}
	if err := j.continuePlan(ctx, sub); err != nil {
		return nil, err
	}
	create := func(p stripe.Params) (*stripe.SubscriptionSchedule, error) {
		return j.schedules.New(&stripe.SubscriptionScheduleParams{Params: p, FromSubscription: &sub.ID})
	}
	find := func() (*stripe.SubscriptionSchedule, error) {
		now, err := j.getSubscription(ctx, sub.ID)
		if err != nil || now.Schedule == nil {
			return nil, err
		}
		return j.getSchedule(ctx, now.Schedule.ID)
	}
	for part := "schedule"; ; {
		schedule, err := once(ctx, j, part, create, find)
		if err != nil || !replayed(schedule.LastResponse) {
			return schedule, err
		}
		if schedule, err = j.getSchedule(ctx, schedule.ID); err != nil || attached(schedule) {
			return schedule, err
		}
		part = "schedule/after/" + schedule.ID // it was released since
	}
}

// release detaches a subscription from its schedule. It succeeds if the
// schedule was released before.
func (j job) release(ctx context.Context, id string) error {
	let := func(p stripe.Params) (*stripe.SubscriptionSchedule, error) {
		return j.schedules.Release(id, &stripe.SubscriptionScheduleReleaseParams{Params: p})
	}
	released := func() (*stripe.SubscriptionSchedule, error) {
		schedule, err := j.getSchedule(ctx, id)
		if err != nil || attached(schedule) {
			return nil, err
		}
		return schedule, nil
	}
	_, err := once(ctx, j, "release/"+id, let, released)
	if refused(err) {
		if done, readErr := released(); done != nil || readErr != nil {
			return readErr
		}
	}
	return err
}

// cancelSchedule ends a schedule, and its subscription should it have begun by
// now. It succeeds if that was done before.
func (j job) cancelSchedule(ctx context.Context, id string) error {
	_, err := j.schedules.Cancel(id, &stripe.SubscriptionScheduleCancelParams{Params: j.params(ctx, "")})
	if missing(err) {
		return nil
	}
	if refused(err) {
		schedule, readErr := j.getSchedule(ctx, id)
		if readErr != nil || !attached(schedule) {
			return readErr
		}
	}
	return err
}

func (j job) getSchedule(ctx context.Context, id string) (*stripe.SubscriptionSchedule, error) {
	return j.schedules.Get(id, &stripe.SubscriptionScheduleParams{Params: stripe.Params{Context: ctx}})
}

// attached reports whether a schedule still has its subscription.
func attached(s *stripe.SubscriptionSchedule) bool {
	return s.Status == stripe.SubscriptionScheduleStatusActive || s.Status == stripe.SubscriptionScheduleStatusNotStarted
}
