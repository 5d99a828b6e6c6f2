package app_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

// down is a Stripe that takes no step until it is up.
type down struct {
	app.Payments
	up atomic.Bool
}

func (d *down) Perform(_ context.Context, _ catalog.Env, _ app.Ref, _ billing.Step, r billing.Results) (billing.Results, error) {
	r.Discounted = true
	if !d.up.Load() {
		return r, refusal.ErrStripeUnavailable
	}
	return r, nil
}

// A reward is tried again like all that is due, and beside what else is due for
// its customer.
func TestAQueuedRewardIsTriedAgain(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	stripe := &down{}
	a.Payments = stripe
	trying(t, a, "ada")
	s, _, err := a.Store.State(t.Context(), catalog.Sandbox, "ada")
	must(t, err)
	s.Customer.StripeID = "cus_S"
	q := billing.QueuedReward{RedemptionID: "rr_1", Side: billing.BranchReferrer, Since: shoptest.Caller.Now, NextCheckAt: ends, Reward: catalog.Reward{ID: "ten",
		Type: catalog.PercentageDiscount, Discount: &catalog.Discount{Value: decimal.NewFromInt(10), Duration: catalog.OneOffDiscount, ApplyToAll: true}}}
	r := referral.Redemption{ID: "rr_1", Code: "ABC", ProgramID: "p", ReferrerInternalID: "cus_ada", RedeemerInternalID: "cus_bob"}.Begin(referral.Triggered, false, shoptest.Caller.Now)
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomer{Customer: s.Customer}, app.QueueReward{Key: "ada", Queued: q}, app.NewRedemption{Redemption: r}))
	waiting := func() int {
		s, _, err := a.Store.State(t.Context(), catalog.Sandbox, "ada")
		must(t, err)
		return len(s.Queue)
	}
	if got := sweeps(t, a, ends); got.Failed != 1 || got.Swept != 2 || waiting() != 1 {
		t.Errorf("while Stripe is down: %+v, %d waiting", got, waiting())
	}
	stripe.up.Store(true)
	if got := sweeps(t, a, ends.Add(30*time.Second)); got != (app.Sweep{}) {
		t.Errorf("too early: %+v", got)
	}
	if got := sweeps(t, a, ends.Add(5*time.Minute)); got.Failed != 0 || waiting() != 0 {
		t.Errorf("when it is up: %+v, %d waiting", got, waiting())
	}
	if r, _, err := a.Store.Redemption(t.Context(), catalog.Sandbox, "rr_1"); err != nil || !r.Has() || r.Status != referral.Applied {
		t.Errorf("the redemption: %+v, %v", r, err)
	}
}
