package app

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// A RedeemedCode is a redemption, its reward, and the balances that it changed.
type RedeemedCode struct {
	catalog.Redemption
	Reward   catalog.Reward
	Balances []entitlement.Balance
}

// RedeemCode gives a customer the free product of a promotion code. The redemption,
// the counts and the product are saved in one transaction, so a limit holds for any
// number of calls at once. Three requests; two more for a refusal, which rests on
// complete data. The errors are customer_not_found and those of reward.Evaluate.
func (a *App) RedeemCode(ctx context.Context, caller Caller, text, customerID string) (RedeemedCode, error) {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return RedeemedCode{}, err
	}
	if catalog.NormalCode(text) == "" {
		return RedeemedCode{}, refusal.Invalid(ReasonCodeMissing)
	}
	cmd := billing.Redeem{ID: billing.RedemptionPrefix + a.operationID(caller), Actor: caller.Actor, Now: caller.Now}
	done, err := RetryStale(ctx, a.Pause, func() (RedeemedCode, error) {
		w := work{App: a, caller: caller}
		var err error
		if w.state, err = a.existing(ctx, caller, customerID); err != nil {
			return RedeemedCode{}, err
		}
		if err := w.needCatalog(ctx, false); err != nil {
			return RedeemedCode{}, err
		}
		done, err := w.redeemCode(ctx, text, cmd, false)
		var refused *refusal.Error
		if err == nil || !counted(err) && (!errors.As(err, &refused) || refused.Kind != refusal.KindInvalid && refused.Kind != refusal.KindNotFound) {
			return done, err
		}
		if err := w.catalogAfter(ctx); err != nil {
			return done, err
		}
		return w.redeemCode(ctx, text, cmd, true)
	})
	if err == nil || caller.RequestKey == "" {
		return done, err
	}
	return a.redeemedBefore(ctx, caller, cmd.ID, done, err)
}

// redeemedBefore answers a request that was made before, and whose answer was lost.
func (a *App) redeemedBefore(ctx context.Context, caller Caller, id string, done RedeemedCode, refused error) (RedeemedCode, error) {
	before, found, err := a.Store.Redemption(ctx, caller.Env, id)
	if err != nil || !found {
		return done, refused
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return done, err
	}
	s, err := a.existing(ctx, caller, before.RedeemerID)
	if err != nil {
		return done, err
	}
	done = RedeemedCode{Redemption: before, Reward: cat.Rewards[before.RewardID]}
	for _, b := range s.Balances {
		if slices.ContainsFunc(b.Grants, func(g entitlement.Grant) bool { return g.ProductID == done.Reward.FreeProduct }) {
			done.Balances = append(done.Balances, b)
		}
	}
	return done, nil
}

// counted reports whether a count kept a use from being saved.
func counted(err error) bool {
	return ConflictIn[UseReward](err) || ConflictIn[UsePromoCode](err) || ConflictIn[UseByCustomer](err)
}

func (w work) redeemCode(ctx context.Context, text string, cmd billing.Redeem, counts bool) (out RedeemedCode, err error) {
	u, err := w.readUse(ctx, text, "", w.state, counts)
	if err != nil {
		return out, err
	}
	u.Way = reward.Redeemed
	if no := reward.Refusal(u.Evaluate(w.caller.Now)); no != nil {
		return out, no
	}
	if u.Reward.Type == catalog.InvoiceCredits {
		return out, refusal.Invalid(ReasonCreditsNotGiven)
	}
	redemption, gift, err := billing.DecideGift(w.state, w.catalog, *u.Reward, u.Code.Code, cmd)
	if err != nil {
		return out, err
	}
	writes := append(w.useWrites(u, 1), NewCodeRedemption{redemption})
	writes = append(writes, w.writes(w.state.Customer.Key(), gift)...)
	return RedeemedCode{redemption, *u.Reward, gift.Balances}, w.Store.Commit(ctx, w.caller.Env, writes...)
}
