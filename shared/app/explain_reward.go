package app

import (
	"context"
	"errors"
	"time"

	"windfall/shared/billing"
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

// guesses is how many unknown codes may be sent in a minute with one key, and for one
// customer, by all routes that take codes together.
var guesses = Limit{Name: "codes", Most: 20, Window: time.Minute}

var errTooManyGuesses = refusal.Throttled(ReasonTooManyCodes)

// guessed counts an unknown code, for a customer who is there and against the key, and
// returns what the caller is told: that it is unknown, or errTooManyGuesses. What is
// beyond the customer's limit is not held against the key. Two requests.
func (a *App) guessed(ctx context.Context, caller Caller, s billing.State, unknown error) error {
	if s.Customer.Version > 0 { // else it is only imagined
		count, err := a.Store.CountGuess(ctx, caller.Env, s.Customer.Key(), s.Guesses, caller.Now.Truncate(guesses.Window))
		if err == nil && count > guesses.Most {
			err = errTooManyGuesses
		}
		if err != nil {
			return err
		}
	}
	limit := guesses
	limit.Of = caller.KeyHash
	within, err := a.Store.CountWithin(ctx, caller.Env, limit, caller.Now)
	switch {
	case err != nil:
		return err
	case !within:
		return errTooManyGuesses
	}
	return unknown
}

// isUnknown reports whether the answer is that of an unknown code, whatever the code is.
func isUnknown(err error) bool { return errors.Is(err, refusal.NotFound(reward.ReasonCodeUnknown)) }

// mayTry refuses every code for a customer for whom too many unknown ones were sent:
// whoever tries codes does not learn that one of them is right. No request.
func mayTry(s billing.State, now time.Time) error {
	if s.Guesses.In(now.Truncate(guesses.Window)) >= guesses.Most {
		return errTooManyGuesses
	}
	return nil
}

// whoMayTry reads a customer that must be there, and for whom a code is sent.
func (a *App) whoMayTry(ctx context.Context, caller Caller, id string) (billing.State, error) {
	s, err := a.existing(ctx, caller, id)
	if err == nil {
		err = mayTry(s, caller.Now)
	}
	return s, err
}

// ExplainReward asks every rule and writes nothing but the count of guesses. The
// errors are customer_not_found, those of the purchase itself, and
// rate_limit_exceeded. A purchase that is refused comes with what the code itself
// allows: the answers that no purchase changes.
func (a *App) ExplainReward(ctx context.Context, caller Caller, cmd ExplainCommand) (Explanation, error) {
	w := work{App: a, caller: caller}
	err := w.needCatalog(ctx, true)
	if err == nil {
		w.state, err = a.existing(ctx, caller, cmd.Purchase.CustomerID)
	}
	if err == nil && cmd.Code != "" {
		err = mayTry(w.state, caller.Now)
	}
	if err != nil {
		return Explanation{}, err
	}
	u, err := w.readUse(ctx, cmd.Code, cmd.RewardID, w.state, true)
	if err != nil {
		return Explanation{}, err
	}
	if u.RewardHeldUp() { // what is left may be Stripe's, or have been used there
		if _, open, err := w.sharedCopy(ctx, u.Reward.InternalID); err != nil {
			return Explanation{}, err
		} else if !open {
			u.RewardUsed = u.Reward.Max
		}
	}
	if no := reward.Refusal(u.Evaluate(caller.Now)); no != nil && isUnknown(no) {
		if err := a.guessed(ctx, caller, w.state, no); !isUnknown(err) {
			return Explanation{}, err
		}
	}
	bought, err := w.purchase(ctx, u, cmd.Purchase)
	if err != nil {
		return Explanation{u, reward.OfCode(u.Evaluate(caller.Now))}, err
	}
	return Explanation{bought, bought.Evaluate(caller.Now)}, nil
}

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
