package app_test

import (
	"context"
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
	"windfall/shared/rulestest"
	"windfall/tests/shoptest"
)

// outrun lets something happen right before the next commit.
type outrun struct {
	app.Store
	by func()
}

func (o *outrun) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	if by := o.by; by != nil {
		o.by = nil
		by()
	}
	return o.Store.Commit(ctx, env, writes...)
}

// What changes between a decision and its transaction counts: each condition of a
// use is held, on its own.
func TestAUseIsCountedInTheTransactionThatGives(t *testing.T) {
	t.Parallel()
	one := 1
	for name, tt := range map[string]struct {
		limit   catalog.EditReward
		code    reward.NewCode
		by      func(t *testing.T, a *app.App)
		refused refusal.Reason
	}{
		"the code's last use": {code: reward.NewCode{Code: "A", Max: 1}, by: redeems("bob", "A"), refused: reward.ReasonUsedUp},
		"the reward's last use": {limit: catalog.EditReward{ID: "gift", Max: &one}, code: reward.NewCode{Code: "A"}, by: redeems("bob", "OTHER"),
			refused: reward.ReasonUsedUp},
		"the customer's own use": {code: reward.NewCode{Code: "A"}, by: redeems("ada", "OTHER"), refused: reward.ReasonUsedByCustomer},
		"another's use":          {code: reward.NewCode{Code: "A", Max: 2}, by: redeems("bob", "A")},
		"the code's end": {code: reward.NewCode{Code: "A"}, refused: reward.ReasonInactive, by: func(t *testing.T, a *app.App) {
			_, err := admin.Of(a).EditCode(t.Context(), shoptest.Caller, admin.EditCode{RewardID: "gift", Code: "A", Active: new(bool)})
			must(t, err)
		}},
		"the reward's end": {code: reward.NewCode{Code: "A"}, refused: reward.ReasonCodeUnknown, by: func(t *testing.T, a *app.App) {
			_, err := admin.Of(a).DeleteProgram(t.Context(), shoptest.Caller, "signup")
			must(t, err)
			must(t, admin.Of(a).DeleteReward(t.Context(), shoptest.Caller, "gift"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := shoptest.New(t, "ada", "bob")
			m := admin.Of(a)
			if tt.limit.ID != "" {
				_, err := m.EditReward(t.Context(), shoptest.Caller, tt.limit, nil)
				must(t, err)
			}
			for _, code := range []reward.NewCode{tt.code, {Code: "OTHER"}} {
				_, err := m.AddCode(t.Context(), shoptest.Caller, "gift", admin.WantedCode{NewCode: code})
				must(t, err)
			}
			plain := *a
			a.Store = &outrun{a.Store, func() { tt.by(t, &plain) }}
			_, err := a.RedeemCode(t.Context(), shoptest.Caller, "a", "ada")
			if got := rulestest.ReasonOf(err); got != tt.refused {
				t.Errorf("refused with %q, want %q: %v", got, tt.refused, err)
			}
		})
	}
}

func redeems(customer, code string) func(*testing.T, *app.App) {
	return func(t *testing.T, a *app.App) {
		_, err := a.RedeemCode(t.Context(), shoptest.Caller, code, customer)
		must(t, err)
	}
}
