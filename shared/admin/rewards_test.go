package admin_test

import (
	"context"
	"errors"
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

// A code may be reserved though no reward in the catalog shows it: the
// reservation decides, and the answer says which code it is about.
func TestAReservedCodeIsTakenWhateverTheCatalogSays(t *testing.T) {
	a := shoptest.New(t)
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.ReservePromoCode{Code: "FALL25", RewardID: "gone"}))
	free, name := catalog.FreeProduct, "Gift"
	cmd := catalog.EditReward{ID: "new", Name: &name, Type: &free, FreeProduct: ptr("bonus"),
		PromoCodes: &[]catalog.PromoCode{{Code: "OTHER"}, {Code: "fall25"}}}
	if _, err := admin.Of(a).CreateReward(t.Context(), shoptest.Caller, cmd); !errors.Is(err, catalog.ErrDuplicatePromoCode("FALL25")) {
		t.Errorf("got %v", err)
	}
	if _, err := admin.Of(a).Reward(t.Context(), shoptest.Caller, "new"); kind(err) != refusal.KindNotFound {
		t.Errorf("the reward was made all the same: %v", err)
	}
	cmd.PromoCodes = &[]catalog.PromoCode{{Code: "OTHER"}}
	if _, err := admin.Of(a).CreateReward(t.Context(), shoptest.Caller, cmd); err != nil {
		t.Errorf("its other code was kept back: %v", err)
	}
}

// overtaken lets something happen right before the next commit.
type overtaken struct {
	app.Store
	by func()
}

func (o *overtaken) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	if by := o.by; by != nil {
		o.by = nil
		by()
	}
	return o.Store.Commit(ctx, env, writes...)
}

func TestAnEditNeverBringsBackWhatWasDeleted(t *testing.T) {
	a, name := shoptest.New(t), "Other"
	plain := *a
	a.Store = &overtaken{a.Store, func() { _, err := admin.Of(&plain).DeleteProgram(t.Context(), shoptest.Caller, "signup"); must(t, err) }}
	_, err := admin.Of(a).EditProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll})
	if kind(err) != refusal.KindNotFound {
		t.Errorf("the program: %v", err)
	}
	a.Store = &overtaken{plain.Store, func() { must(t, admin.Of(&plain).DeleteReward(t.Context(), shoptest.Caller, "gift")) }}
	if _, err := admin.Of(a).EditReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "gift", Name: &name}); kind(err) != refusal.KindNotFound {
		t.Errorf("the reward: %v", err)
	}
}

func ptr[V any](v V) *V { return &v }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kind(err error) refusal.Kind {
	var known *refusal.Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}
