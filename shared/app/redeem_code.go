package app

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/referral"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// A reward is given alone, without a purchase, when its code is redeemed, or when the
// application gives it to a customer.
type alone struct {
	way      reward.Way
	rewardID string // that is given; "" where the code says which
	text     string // of the code; may be "" where the reward is named
}

// A RedeemedCode is a redemption, its reward, and the balances that it changed.
type RedeemedCode struct {
	referral.Redemption
	Reward   catalog.Reward
	Credits  *credit.Grant // that it gave, or nil
	Balances []entitlement.Balance
}

// RedeemCode gives a customer the free product of a promotion code. The redemption,
// the counts and the product are saved in one transaction, so a limit holds for any
// number of calls at once. Three requests; two more for a refusal, which rests on
// complete data. The errors are customer_not_found, those of reward.Evaluate, and
// rate_limit_exceeded after too many unknown codes.
func (a *App) RedeemCode(ctx context.Context, caller Caller, text, customerID string) (RedeemedCode, error) {
	if catalog.NormalCode(text) == "" {
		return RedeemedCode{}, refusal.Invalid(ReasonCodeMissing)
	}
	return a.giveAlone(ctx, caller, customerID, alone{reward.Redeemed, "", text})
}

// GiveReward gives a customer a reward, by one of its codes or by none: its free
// product at once, or its discount as soon as no other one runs. The requests are
// those of RedeemCode; for a discount those of applying it come on top. The errors
// are reward_not_found, customer_not_found and those of reward.Evaluate.
func (a *App) GiveReward(ctx context.Context, caller Caller, rewardID, text, customerID string) (RedeemedCode, error) {
	done, err := a.giveAlone(ctx, caller, customerID, alone{reward.Given, rewardID, text})
	if err != nil || done.Has() {
		return done, err
	}
	done.Redemption = work{App: a, caller: caller}.applyOf(ctx, done.Redemption, billing.Earned{Discounts: []string{done.RedeemerID}})
	return done, nil
}

func (a *App) giveAlone(ctx context.Context, caller Caller, customerID string, ask alone) (RedeemedCode, error) {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return RedeemedCode{}, err
	}
	cmd := billing.Redeem{ID: billing.RedemptionPrefix + a.operationID(caller), Actor: caller.Actor, Now: caller.Now}
	done, err := RetryStale(ctx, a.Pause, func() (RedeemedCode, error) {
		w := work{App: a, caller: caller}
		var err error
		if w.state, err = a.existing(ctx, caller, customerID); err != nil {
			return RedeemedCode{}, err
		}
		if ask.text != "" {
			if err := mayTry(w.state, caller.Now); err != nil {
				return RedeemedCode{}, err
			}
		}
		if err := w.needCatalog(ctx, false); err != nil {
			return RedeemedCode{}, err
		}
		done, err := w.giveAlone(ctx, ask, cmd, false)
		if errors.Is(err, refusal.ErrStale) && caller.RequestKey != "" { // or this very request was carried out before
			if _, found, failed := a.Store.Redemption(ctx, caller.Env, cmd.ID); found || failed != nil {
				return done, errors.Join(errGivenBefore, failed)
			}
		}
		var refused *refusal.Error
		if err == nil || !counted(err) && (!errors.As(err, &refused) || refused.Kind != refusal.KindInvalid && refused.Kind != refusal.KindNotFound) {
			return done, err
		}
		if err := w.catalogAfter(ctx); err != nil {
			return done, err
		}
		if done, err = w.giveAlone(ctx, ask, cmd, true); isUnknown(err) {
			err = a.guessed(ctx, caller, w.state, err)
		}
		return done, err
	})
	if err != nil && caller.RequestKey != "" {
		done, err = a.redeemedBefore(ctx, caller, cmd.ID, ask, customerID, done, err)
	}
	if err == nil && done.Reward.Type == catalog.InvoiceCredits {
		work{App: a, caller: caller}.applyRewards(ctx, billing.Earned{Credits: []string{done.RedeemerID}})
	}
	return done, err
}

// errGivenBefore ends the tries of a request that was carried out: no other try would be less stale.
var errGivenBefore = errors.New("the reward of this request was given before")

// redeemedBefore answers a request that was made before, and whose answer was lost.
func (a *App) redeemedBefore(ctx context.Context, caller Caller, id string, ask alone, customerID string, done RedeemedCode, refused error) (RedeemedCode, error) {
	before, found, err := a.Store.Redemption(ctx, caller.Env, id)
	switch {
	case err != nil || !found:
		return done, refused
	case before.RedeemerID != customerID || before.ProgramID != "" || ask.rewardID != "" && before.RewardID != ask.rewardID || ask.text != "" && before.Code != catalog.NormalCode(ask.text):
		return done, errKeyReused
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return done, err
	}
	s, err := a.existing(ctx, caller, before.RedeemerID)
	if err != nil {
		return done, err
	}
	done = RedeemedCode{Redemption: before, Reward: cat.Rewards[before.RewardID], Credits: creditsOf(before, &s.Credits)}
	for _, b := range s.Balances {
		of := slices.ContainsFunc(done.Reward.Grants, func(g catalog.Granted) bool { return g.FeatureID == b.FeatureID })
		if of || done.Reward.FreeProduct != "" && slices.ContainsFunc(b.Grants, func(g entitlement.Grant) bool { return g.ProductID == done.Reward.FreeProduct }) {
			done.Balances = append(done.Balances, b)
		}
	}
	return done, nil
}

// creditsOf finds the credits that a redemption without a referrer gave.
func creditsOf(r referral.Redemption, a *credit.Account) *credit.Grant {
	if a == nil {
		return nil
	}
	return a.Grant(billing.CreditID(r.ID, billing.BranchRedeemer))
}

// counted reports whether a count kept a use from being saved.
func counted(err error) bool {
	return ConflictIn[UseReward](err) || ConflictIn[UsePromoCode](err) || ConflictIn[UseByCustomer](err)
}

func (w work) giveAlone(ctx context.Context, ask alone, cmd billing.Redeem, counts bool) (out RedeemedCode, err error) {
	u, err := w.readAlone(ctx, ask, counts)
	if err != nil {
		return out, err
	}
	if no := reward.Refusal(u.Evaluate(w.caller.Now)); no != nil {
		return out, no
	}
	code, most := "", u.Reward.MaxPerCustomer
	if u.Code != nil {
		code = u.Code.Code
	}
	if ask.way == reward.Redeemed {
		most = 1
	}
	if err := takesCredits(*u.Reward, w.state); err != nil {
		return out, err
	}
	redemption, gift, err := billing.DecideGift(w.state, w.catalog, *u.Reward, code, cmd)
	if err != nil {
		return out, err
	}
	if err := w.freeUse(ctx, u); err != nil {
		return out, err
	}
	writes := append(w.useWrites(u, most), NewCodeRedemption{redemption})
	writes = append(writes, w.writes(w.state.Customer.Key(), gift)...)
	if err = w.Store.Commit(ctx, w.caller.Env, reasoned(ctx, writes)...); ConflictIn[NewCodeRedemption](err) {
		err = billing.ErrAlreadyRedeemed // under this Idempotency-Key
	}
	return RedeemedCode{redemption, *u.Reward, creditsOf(redemption, gift.Credits), gift.Balances}, err
}

// readAlone reads the reward that is named, by its code if there is one.
func (w work) readAlone(ctx context.Context, ask alone, counts bool) (u reward.Use, err error) {
	named := ask.rewardID
	if named != "" {
		r, err := w.catalog.Reward(named)
		if err != nil {
			return u, err
		}
		named = r.ID
	}
	if u, err = w.readUse(ctx, ask.text, named, w.state, counts); err != nil {
		return u, err
	}
	if u.Code != nil && u.Reward != nil && named != "" && u.Reward.ID != named {
		return u, refusal.Invalid(ReasonCodeOfAnotherReward, u.Code.Code, u.Reward.ID, named)
	}
	u.Way = ask.way
	return u, nil
}

// TakeOffDiscount ends a discount of a customer: the one that runs on all of their
// invoices, or if a reward is named what runs of it anywhere, or waits. The next in the queue
// has its turn. The errors are customer_not_found, reward_not_found and invalid_reward.
func (a *App) TakeOffDiscount(ctx context.Context, caller Caller, customerID, rewardID string) error {
	w := work{App: a, caller: caller}
	asked := fingerprint([]any{"take_off_reward", rewardID})
	_, err := w.run(ctx, moneyCommand{keyed: true, of: customerID, fingerprint: asked, load: existingCustomer(customerID),
		decide: func(ctx context.Context, w *work) (s step, err error) {
			if err := w.needCatalog(ctx, true); err != nil {
				return s, err
			}
			if err := w.syncSubscriptions(ctx); err != nil { // a change for later may have been made by now
				return s, err
			}
			var running []catalog.RunningDiscount
			if id := w.state.Customer.StripeID; id != "" {
				if running, err = w.Payments.Discounts(ctx, caller.Env, id, caller.Now); err != nil {
					return s, err
				}
			}
			d, err := w.state.DecideTakeOff(w.catalog, rewardID, running, caller.Now)
			if err != nil {
				return s, err
			}
			return carryOut(billing.Operation{ID: w.operationID(caller), Command: "take_off_reward", Fingerprint: asked, Actor: caller.Actor, Decision: d, CreatedAt: caller.Now}), nil
		}})
	if err == nil {
		w.applyRewards(ctx, billing.Earned{Discounts: []string{customerID}})
	}
	return err
}
