package payments

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// planNext lets a schedule exchange the prices at the end of the period, and
// then release the subscription. A plan that Stripe refuses leaves the previous
// one.
func (j job) planNext(ctx context.Context, sub *stripe.Subscription, n *billing.SetPlan, r billing.Results) error {
	schedule, err := j.scheduleOf(ctx, sub)
	if err != nil {
		return err
	}
	err = j.writePhases(ctx, sub, schedule, n, r)
	if cardGone(err) && sub.DefaultPaymentMethod != nil {
		// A phase can't name a card that was detached from the customer.
		// Without one it charges the card that the customer has by then.
		sub.DefaultPaymentMethod = nil
		err = j.writePhases(ctx, sub, schedule, n, r)
	}
	if !final(err) {
		return err
	}
	if failed := j.putBack(ctx, schedule); failed != nil {
		return failed // the next try is refused again, and puts the rest back
	}
	return err
}

// writePhases is one call. Its key contains the period: a plan for another
// period is another request.
func (j job) writePhases(ctx context.Context, sub *stripe.Subscription, schedule *stripe.SubscriptionSchedule, n *billing.SetPlan, r billing.Results) error {
	write := func(p stripe.Params) (*stripe.SubscriptionSchedule, error) {
		return j.schedules.Update(schedule.ID, &stripe.SubscriptionScheduleParams{Params: p,
			EndBehavior: stripe.String(string(stripe.SubscriptionScheduleEndBehaviorRelease)), ProrationBehavior: stripe.String("none"),
			Phases: []*stripe.SubscriptionSchedulePhaseParams{currentPhase(sub, schedule), nextPhase(sub, n, r)},
		})
	}
	part := "phases/" + schedule.ID + "/" + strconv.FormatInt(sub.CurrentPeriodEnd, 10)
	if sub.DefaultPaymentMethod == nil {
		part += "/any_card"
	}
	_, err := once(ctx, j, part, write, func() (*stripe.SubscriptionSchedule, error) { return nil, nil }) // it may be written again
	return err
}

// cardGone reports whether a payment method that a phase names was detached.
func cardGone(err error) bool {
	var e *stripe.Error
	return missing(err) && errors.As(err, &e) && strings.Contains(e.Param, "default_payment_method")
}

// putBack restores a subscription to its state before its schedule: it has
// none, and ends where it was to end. Its metadata records that end, so that a
// process that continues after a crash knows it too. A schedule with more
// phases than a new one is an earlier plan, which a refusal leaves as it is.
func (j job) putBack(ctx context.Context, schedule *stripe.SubscriptionSchedule) error {
	if len(schedule.Phases) > 1 || schedule.Subscription == nil {
		return nil
	}
	if err := j.release(ctx, schedule.ID); err != nil {
		return err
	}
	sub, err := j.getSubscription(ctx, schedule.Subscription.ID)
	if err != nil || sub.Metadata[metaWithdrawn] != j.ref.OperationID {
		return err
	}
	_, err = j.endLater(ctx, sub, "end/after/"+schedule.ID) // each schedule removes the end
	return err
}
