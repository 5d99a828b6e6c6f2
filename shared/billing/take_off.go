package billing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// BranchTakenOff takes discounts off that run, because the application asks for it.
const BranchTakenOff Branch = "discount_taken_off"

// DecideTakeOff takes a discount off a customer, as the application asks. Without a reward
// that is the one that runs on all of their invoices. With one it is all that runs of that
// reward, on the customer and on subscriptions; where nothing does, the first that waits
// for its turn. What it has lowered stays lowered. The errors are reward_not_found, and
// invalid_reward where nothing but free periods of a product are left of the reward.
func (s State) DecideTakeOff(c *catalog.Catalog, rewardID string, running []catalog.RunningDiscount, now time.Time) (Decision, error) {
	c = s.In(c)
	if r, err := c.Reward(rewardID); err == nil {
		rewardID = r.ID
	}
	d := Decision{Branch: BranchTakenOff, Currency: c.Currency()}
	var gift bool
	for _, run := range running {
		switch {
		case rewardID == "" && run.SubscriptionID != "", rewardID != "" && run.RewardID != rewardID:
		case s.freePeriods(c, run):
			gift = true
		default:
			d.Steps = append(d.Steps, s.takeOffSteps(c, run, now)...)
			rewardID = run.RewardID
		}
	}
	if len(d.Steps) > 0 {
		d.Why = fmt.Sprintf("The application takes the discount of reward %q off.", rewardID)
		return d, nil
	}
	if i := slices.IndexFunc(s.Queue, func(q QueuedReward) bool { return q.lowers() && rewardID != "" && q.Reward.ID == rewardID }); i >= 0 {
		q := s.Queue[i]
		d.Branch, d.Reward = BranchVoid, &q
		d.Why = fmt.Sprintf("The application takes reward %q of redemption %s off, which waited for its turn.", q.Reward.ID, q.RedemptionID)
		return d, nil
	}
	switch {
	case gift:
		return d, refusal.Invalid(ReasonFreePeriodsStay, rewardID)
	case rewardID == "":
		return d, refusal.NotFound(ReasonNoDiscountOnAll, s.Customer.Key())
	}
	return d, refusal.NotFound(ReasonNoDiscount, s.Customer.Key(), rewardID)
}

// freePeriods reports whether a discount of a subscription is free periods of its product,
// which are a gift. Of a reward that is deleted that is told by who began the product.
func (s State) freePeriods(c *catalog.Catalog, run catalog.RunningDiscount) bool {
	if run.SubscriptionID == "" {
		return false
	}
	if r, err := c.Reward(run.RewardID); err == nil {
		return r.Type == catalog.FreeProduct
	}
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool {
		return cp.SubscriptionID == run.SubscriptionID && strings.HasPrefix(cp.CreatedBy, RedemptionPrefix)
	})
}

// takeOffSteps takes one discount off. A change for later repeats the discount of its
// subscription, so that is asked for anew without it, and first: Stripe may refuse it.
func (s State) takeOffSteps(c *catalog.Catalog, run catalog.RunningDiscount, now time.Time) (steps []Step) {
	end := Step{Name: "discount_end", EndDiscount: &EndDiscount{RewardID: run.RewardID, SubscriptionID: run.SubscriptionID, Began: run.Start}}
	if run.SubscriptionID == "" {
		return []Step{end}
	}
	end.Name += "_" + run.SubscriptionID
	if next := planOf(s.Products, run.SubscriptionID, now); next.set() && len(next.stay) > 0 {
		steps = next.step(c, run.SubscriptionID, cycleOf(c, s.Products, run.SubscriptionID, now))
		last := &steps[len(steps)-1]
		last.Name, last.Plan.Without = "plan_"+run.SubscriptionID, run.Start
	}
	return append(steps, end)
}
