package app_test

import (
	"context"
	"errors"
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

func kind(err error) refusal.Kind {
	var known *refusal.Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}

// between runs something right before the next commit of a redemption: another
// request that was faster.
type between struct {
	app.Store
	do func()
}

func (b *between) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	if do := b.do; do != nil && isRedemption(writes) {
		b.do = nil
		do()
	}
	return b.Store.Commit(ctx, env, writes...)
}

func isRedemption(writes []app.Write) bool {
	_, ok := writes[0].(app.NewRedemption)
	return ok
}

func code(t *testing.T, a *app.App, customer string) string {
	t.Helper()
	c, err := a.ReferralCode(t.Context(), shoptest.Caller, customer, "signup")
	must(t, err)
	return c.Code
}

func messages(t *testing.T, a *app.App, customer string) string {
	t.Helper()
	b, err := a.Store.Balance(t.Context(), catalog.Sandbox, customer, "messages")
	must(t, err)
	return b.At(shoptest.Caller.Now).Sum(shoptest.Caller.Now).Remaining.String()
}

func limit(t *testing.T, a *app.App, n int) {
	t.Helper()
	_, err := admin.Of(a).EditProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift",
		ReceivedBy: catalog.ForAll, MaxRedemptions: &n})
	must(t, err)
}

// Whoever was faster in between decides: the loser is told what a later
// request would have been told, and nothing of the loser's is saved.
func TestWhatHappensInBetweenIsSeen(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, a *app.App)
		want error // nil when it succeeds all the same
	}{
		{"somebody took the last one", func(t *testing.T, a *app.App) { redeem(t, a, code(t, a, "ada"), "cyd") }, billing.ErrMaxRedemptions},
		{"the same customer redeemed another code", func(t *testing.T, a *app.App) { redeem(t, a, code(t, a, "cyd"), "bob") }, billing.ErrAlreadyRedeemed},
		{"the same customer took the last one", func(t *testing.T, a *app.App) { redeem(t, a, code(t, a, "ada"), "bob") }, billing.ErrMaxRedemptions},
		{"the referrer's name was changed", func(t *testing.T, a *app.App) { touch(t, a, "ada") }, nil},
		{"the redeemer's name was changed", func(t *testing.T, a *app.App) { touch(t, a, "bob") }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := shoptest.New(t, "ada", "bob", "cyd")
			limit(t, a, 1)
			text := code(t, a, "ada")
			code(t, a, "cyd")
			plain := *a
			a.Store = &between{a.Store, func() { tt.do(t, &plain) }}
			done, err := a.RedeemReferral(t.Context(), shoptest.Caller, text, "bob")
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if err == nil && (messages(t, a, "ada") != "100" || messages(t, a, "bob") != "100" || !done.Has()) {
				t.Errorf("ada has %s, bob %s: %+v", messages(t, a, "ada"), messages(t, a, "bob"), done.Redemption)
			}
			stored, _, err := a.Store.ReferralCode(t.Context(), catalog.Sandbox, text)
			must(t, err)
			if stored.Triggered > 1 {
				t.Errorf("triggered %d times", stored.Triggered)
			}
		})
	}
}

func redeem(t *testing.T, a *app.App, text, customer string) {
	t.Helper()
	_, err := a.RedeemReferral(t.Context(), shoptest.Caller, text, customer)
	must(t, err)
}

func touch(t *testing.T, a *app.App, customer string) {
	t.Helper()
	s, _, err := a.Store.State(t.Context(), catalog.Sandbox, customer)
	must(t, err)
	s.Customer.Name = "Changed"
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomer{Customer: s.Customer}))
}

// A refusal is never built upon the catalog that a warm function remembers.
func TestARaisedLimitCountsAtOnce(t *testing.T) {
	a := shoptest.New(t, "ada", "bob", "cyd")
	limit(t, a, 1)
	text := code(t, a, "ada")
	redeem(t, a, text, "bob")
	other := *a // another function, whose memory nobody clears
	old, err := a.Store.Catalog(t.Context(), catalog.Sandbox, false)
	must(t, err)
	other.Store = remembering{a.Store, old}
	limit(t, a, 2)
	redeem(t, &other, text, "cyd")
	if got := messages(t, a, "ada"); got != "200" {
		t.Errorf("ada has %s", got)
	}
}

// remembering is a store whose warm catalog is an old one until it is read anew.
type remembering struct {
	app.Store
	old *catalog.Catalog
}

func (r remembering) Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error) {
	if fresh {
		*r.old = *must1(r.Store.Catalog(ctx, env, true))
	}
	return r.old, nil
}

func must1[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOnlyNewCustomersWhereAProgramSaysSo(t *testing.T) {
	a := shoptest.New(t, "ada", "bob", "cyd")
	_, err := admin.Of(a).EditProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift",
		ReceivedBy: catalog.ForAll, NewCustomersOnly: true})
	must(t, err)
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveInvoice{InternalID: "cus_bob",
		Invoice: billing.Invoice{StripeID: "in_1", Status: "paid", Total: 2000, CreatedAt: shoptest.Caller.Now}}))
	if _, err := a.RedeemReferral(t.Context(), shoptest.Caller, code(t, a, "ada"), "bob"); !errors.Is(err, billing.ErrNotNew) {
		t.Errorf("bob, who paid: %v", err)
	}
	redeem(t, a, code(t, a, "ada"), "cyd")
}

// What one environment knows, the other has never heard of.
func TestNoReferralCrossesEnvironments(t *testing.T) {
	a := shoptest.New(t, "ada", "bob")
	text := code(t, a, "ada")
	done, err := a.RedeemReferral(t.Context(), shoptest.Caller, text, "bob")
	must(t, err)
	live := shoptest.Caller
	live.Env = catalog.Live
	must(t, a.Store.Commit(t.Context(), catalog.Live, app.SaveCustomer{Customer: billing.Customer{ID: "cyd", InternalID: "cus_cyd"}}))
	for what, try := range map[string]func() error{
		"the code":       func() error { _, err := a.RedeemReferral(t.Context(), live, text, "cyd"); return err },
		"the program":    func() error { _, err := a.ReferralCode(t.Context(), live, "cyd", "signup"); return err },
		"the redemption": func() error { _, err := a.Redemption(t.Context(), live, done.ID); return err },
		"the reward":     func() error { _, err := admin.Of(a).Reward(t.Context(), live, "gift"); return err },
		"its end":        func() error { return admin.Of(a).DeleteReward(t.Context(), live, "gift") },
		"its program":    func() error { _, err := admin.Of(a).DeleteProgram(t.Context(), live, "signup"); return err },
	} {
		if err := try(); kind(err) != refusal.KindNotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}
