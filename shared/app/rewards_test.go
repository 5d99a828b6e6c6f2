package app_test

import (
	"errors"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// A code may be reserved though no reward in the catalog shows it: the
// reservation decides, and the answer says which code it is about.
func TestAReservedCodeIsTakenWhateverTheCatalogSays(t *testing.T) {
	a := referrals(t)
	must(t, a.Store.Commit(t.Context(), billing.Sandbox, app.ReservePromoCode{Code: "FALL25", RewardID: "gone"}))
	free, name := billing.FreeProduct, "Gift"
	cmd := billing.EditReward{ID: "new", Name: &name, Type: &free, FreeProduct: ptr("bonus"),
		PromoCodes: &[]billing.PromoCode{{Code: "OTHER"}, {Code: "fall25"}}}
	if _, err := a.CreateReward(t.Context(), asker, cmd); !errors.Is(err, billing.ErrDuplicatePromoCode("FALL25")) {
		t.Errorf("got %v", err)
	}
	if _, err := a.Reward(t.Context(), asker, "new"); kind(err) != billing.KindNotFound {
		t.Errorf("the reward was made all the same: %v", err)
	}
	cmd.PromoCodes = &[]billing.PromoCode{{Code: "OTHER"}}
	if _, err := a.CreateReward(t.Context(), asker, cmd); err != nil {
		t.Errorf("its other code was kept back: %v", err)
	}
}
