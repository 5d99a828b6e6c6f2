package payments

import (
	"context"
	"strconv"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// setPlan sets what follows the current period, from any state: no end and no
// schedule, an end, or a schedule. It reads first and does only what is
// missing, so that a later try continues where an earlier one stopped. Two
// calls if nothing is to be done, five at most unless Stripe refuses something.
func (j job) setPlan(ctx context.Context, n *billing.SetPlan, r billing.Results) (billing.Results, error) {
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	switch {
	case err != nil:
		return r, err
	case over(sub):
		return r, errSubscriptionOver
	}
	if sub, err = j.mark(ctx, sub); err != nil || j.superseded(sub.Metadata) {
		return r, err
	}
	if !n.Without.IsZero() {
		if sub.Schedule == nil {
			return r, nil // what was to be asked for anew is no more
		}
		if d := sub.Discount; d != nil && d.Start == n.Without.Unix() {
			sub.Discount = nil // no phase repeats it
		}
	}
	switch {
	case len(n.Next) > 0:
		return r, j.planNext(ctx, sub, n, r)
	case sub.Schedule != nil:
		if err := j.release(ctx, sub.Schedule.ID); err != nil {
			return r, err
		}
		if sub, err = j.getSubscription(ctx, sub.ID); err != nil { // an end set by the schedule went with it
			return r, err
		}
	}
	if !n.Ends {
		return r, j.continuePlan(ctx, sub)
	}
	sub, err = j.endLater(ctx, sub, "end")
	if err == nil {
		r.CanceledAt = moment(sub.CanceledAt)
	}
	return r, err
}

// mark notes on a subscription which command changes its plan, so that an
// earlier one that was thought dead sees it and leaves the plan alone.
func (j job) mark(ctx context.Context, sub *stripe.Subscription) (*stripe.Subscription, error) {
	if j.superseded(sub.Metadata) || sub.Metadata[metaCommand] == j.number() {
		return sub, nil
	}
	if err := j.notesFit(sub); err != nil {
		return sub, err
	}
	return j.update(ctx, "mark", sub.ID, func() *stripe.SubscriptionParams {
		return &stripe.SubscriptionParams{Metadata: j.withNotes(map[string]string{metaCommand: j.number()})}
	}, func(s *stripe.Subscription) bool { return s.Metadata[metaCommand] == j.number() })
}

func (j job) number() string { return strconv.FormatInt(j.ref.Number, 10) }

// superseded reports whether a later command of the customer has changed the
// subscription. A process that stood still while others finished its operation
// must not undo later changes: its creating calls are repetitions to Stripe,
// but setting a state is not.
func (j job) superseded(metadata map[string]string) bool {
	n, err := strconv.ParseInt(metadata[metaCommand], 10, 64)
	return err == nil && n > j.ref.Number
}

// endLater ends a subscription with its period. part tells the calls of one
// step apart.
func (j job) endLater(ctx context.Context, sub *stripe.Subscription, part string) (*stripe.Subscription, error) {
	if sub.CancelAtPeriodEnd {
		return sub, nil
	}
	return j.update(ctx, part, sub.ID, func() *stripe.SubscriptionParams {
		return &stripe.SubscriptionParams{CancelAtPeriodEnd: stripe.Bool(true)}
	}, func(s *stripe.Subscription) bool { return s.CancelAtPeriodEnd })
}

// continuePlan withdraws the end of a subscription that has no schedule.
func (j job) continuePlan(ctx context.Context, sub *stripe.Subscription) error {
	ends := func(s *stripe.Subscription) bool { return s.CancelAtPeriodEnd || s.CancelAt != 0 }
	if !ends(sub) {
		return nil
	}
	_, err := j.update(ctx, "go_on", sub.ID, func() *stripe.SubscriptionParams {
		params := &stripe.SubscriptionParams{}
		continues(params, sub)
		if sub.CancelAtPeriodEnd {
			params.Metadata = map[string]string{metaWithdrawn: j.ref.OperationID}
		}
		return params
	}, func(s *stripe.Subscription) bool { return !ends(s) })
	return err
}
