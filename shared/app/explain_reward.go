package app

import (
	"context"
	"time"

	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// ExplainCommand asks whether a customer can use a reward: with a purchase, or
// without products in the way that its type is used by itself.
type ExplainCommand struct {
	Code, RewardID string // one of them
	Purchase       AttachCommand
}

// An Explanation is what every rule says.
type Explanation struct {
	Use     reward.Use
	Answers []reward.Answer
}

// guesses is how many unknown codes a key may ask about in a minute: explanations
// are not for finding codes.
var guesses = Limit{Name: "codes", Most: 20, Window: time.Minute}

// ExplainReward asks every rule and writes nothing but the count of guesses. The
// errors are customer_not_found, those of the purchase itself, and
// rate_limit_exceeded.
func (a *App) ExplainReward(ctx context.Context, caller Caller, cmd ExplainCommand) (Explanation, error) {
	w := work{App: a, caller: caller}
	err := w.needCatalog(ctx, true)
	if err == nil {
		w.state, err = a.existing(ctx, caller, cmd.Purchase.CustomerID)
	}
	if err != nil {
		return Explanation{}, err
	}
	u, err := w.readUse(ctx, cmd.Code, cmd.RewardID, w.state, true)
	if err != nil {
		return Explanation{}, err
	}
	if u.Reward == nil && !u.OfOthers {
		limit := guesses
		limit.Of = caller.KeyHash
		within, err := a.Store.CountWithin(ctx, caller.Env, limit, caller.Now)
		if err != nil {
			return Explanation{}, err
		}
		if !within {
			return Explanation{}, errTooManyGuesses
		}
	}
	if u, err = w.purchase(ctx, u, cmd.Purchase); err != nil {
		return Explanation{}, err
	}
	return Explanation{u, u.Evaluate(caller.Now)}, nil
}

var errTooManyGuesses = refusal.Throttled(ReasonTooManyCodes)

// purchase completes a use with the attach that it would come with.
func (w work) purchase(ctx context.Context, u reward.Use, cmd AttachCommand) (reward.Use, error) {
	if len(cmd.ProductIDs) == 0 {
		u.Way = reward.AloneWay(u.Reward)
		return w.others(ctx, u, w.state.Customer.StripeID, "")
	}
	if err := cmd.choose(w.catalog); err != nil {
		return u, err
	}
	found, err := w.preview(ctx, cmd)
	if err != nil {
		return u, err
	}
	return w.facts(ctx, free(u, found.open), found.State, found.bare, cmd.Terms.Products)
}
