package admin_test

import (
	"context"
	"errors"
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
	"windfall/shared/rulestest"
	"windfall/tests/shoptest"
)

// Of two codes with one text that are made at the same moment one is made, and the
// other call is told so.
func TestAnotherCallTakesTheText(t *testing.T) {
	a := shoptest.New(t, "ada")
	plain := *a
	want := func(code, customer string) admin.WantedCode {
		return admin.WantedCode{NewCode: reward.NewCode{Code: code}, Customer: customer}
	}
	for name, texts := range map[string][2]admin.WantedCode{
		"both for anybody": {want("fall25", ""), want("FALL25", "")},
		"one for ada":      {want("spring", ""), want("SPRING", "ada")},
		"ada's before":     {want("summer", "ada"), want("SUMMER", "")},
		"one more for ada": {want("AGAIN", ""), want("again", "ada")},
	} {
		if name == "one more for ada" { // one of hers is dead already
			_, err := admin.Of(&plain).AddCode(t.Context(), shoptest.Caller, "gift", texts[1])
			must(t, err)
			_, err = admin.Of(&plain).EditCode(t.Context(), shoptest.Caller, admin.EditCode{RewardID: "gift", Code: "again", Customer: "ada", Active: new(bool)})
			must(t, err)
		}
		a.Store = &overtaken{plain.Store, func() {
			_, err := admin.Of(&plain).AddCode(t.Context(), shoptest.Caller, "gift", texts[1])
			must(t, err)
		}}
		if _, err := admin.Of(a).AddCode(t.Context(), shoptest.Caller, "gift", texts[0]); rulestest.ReasonOf(err) != reward.ReasonDuplicateCode {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.Store = plain.Store
	page, _, err := admin.Of(a).CodesOf(t.Context(), shoptest.Caller, "gift", nil, "", 100)
	if must(t, err); len(page) != 5 {
		t.Errorf("%d codes, want 4 and a lost one: %+v", len(page), page)
	}
}

// A code whose reward is made at the same moment holds its text: a reward that the
// catalog lacked is not gone.
func TestAnotherCallMakesARewardWithTheText(t *testing.T) {
	a := shoptest.New(t)
	plain := *a
	a.Store = &lateCodes{a.Store, func() {
		free, name := catalog.FreeProduct, "Other"
		_, err := admin.Of(&plain).CreateReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "other", Name: &name, Type: &free, FreeProduct: ptr("bonus")},
			&[]admin.WantedCode{{NewCode: reward.NewCode{Code: "ONE"}}})
		must(t, err)
	}}
	if _, err := admin.Of(a).AddCode(t.Context(), shoptest.Caller, "gift", admin.WantedCode{NewCode: reward.NewCode{Code: "one"}}); rulestest.ReasonOf(err) != reward.ReasonDuplicateCode {
		t.Errorf("both were made: %v", err)
	}
}

// lateCodes lets something happen between the read of the catalog and that of a
// code.
type lateCodes struct {
	app.Store
	by func()
}

func (l *lateCodes) Codes(ctx context.Context, env catalog.Env, code, customerID string) (reward.Text, error) {
	if by := l.by; by != nil {
		l.by = nil
		by()
	}
	return l.Store.Codes(ctx, env, code, customerID)
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
	if _, err := admin.Of(a).EditReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "gift", Name: &name}, nil); kind(err) != refusal.KindNotFound {
		t.Errorf("the reward: %v", err)
	}
}

// Where the product of a reward is no add-on any more, as two edits at one moment could leave
// it before, nobody is given it: neither by a code nor by a referral, and an explanation says so.
func TestNobodyIsGivenAPlan(t *testing.T) {
	a, name, free := shoptest.New(t, "ada", "bob"), "Other", catalog.FreeProduct
	must(t, a.Store.Commit(t.Context(), shoptest.Caller.Env, app.SaveProduct{Product: catalog.Product{ID: "tog", AddOn: true, Version: 1}, New: true}))
	_, err := admin.Of(a).CreateReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "other", Name: &name, Type: &free, FreeProduct: ptr("tog")},
		&[]admin.WantedCode{{NewCode: reward.NewCode{Code: "TOG"}}})
	must(t, err)
	must(t, a.Store.Commit(t.Context(), shoptest.Caller.Env, app.SaveProduct{Product: catalog.Product{ID: "tog", Version: 1}}))
	if _, err := a.RedeemCode(t.Context(), shoptest.Caller, "TOG", "ada"); rulestest.ReasonOf(err) != catalog.ReasonRewardProductNoAddOn {
		t.Errorf("the code: %v", err)
	}
	e, err := a.ExplainReward(t.Context(), shoptest.Caller, app.ExplainCommand{Code: "TOG", Purchase: app.AttachCommand{CustomerID: "ada"}})
	if no := reward.Refusal(e.Answers); err != nil || no == nil || no.Reason != catalog.ReasonRewardProductNoAddOn {
		t.Errorf("the explanation: %v %v", no, err)
	}
	_, err = admin.Of(a).CreateProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "plan", When: catalog.OnSignUp, Reward: "other", ReceivedBy: catalog.ForAll})
	if rulestest.ReasonOf(err) != catalog.ReasonRewardProductNoAddOn {
		t.Errorf("the program: %v", err)
	}
	if _, err := admin.Of(a).EditProduct(t.Context(), shoptest.Caller, catalog.EditProduct{ID: "tog", Name: &name}); err != nil {
		t.Errorf("an edit that makes nothing worse: %v", err)
	}
}

// An edit that another one overtook is decided again, on what is there then.
func TestNoEditOfARewardIsLost(t *testing.T) {
	a, name, five := shoptest.New(t), "Other", 5
	plain := *a
	a.Store = &overtaken{a.Store, func() {
		_, err := admin.Of(&plain).EditReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "gift", Max: &five}, nil)
		must(t, err)
	}}
	got, err := admin.Of(a).EditReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "gift", Name: &name}, nil)
	if must(t, err); got.Name != name || got.Max != five {
		t.Errorf("the reward lost an edit: %+v", got)
	}
	cat, err := a.Store.Catalog(t.Context(), shoptest.Caller.Env, true)
	if must(t, err); cat.Rewards["gift"].Name != name || cat.Rewards["gift"].Max != five {
		t.Errorf("the table lost an edit: %+v", cat.Rewards["gift"])
	}
}

// So is one of a program: a reward that was changed meanwhile so that the program
// could not give it is found.
func TestAnEditOfAProgramIsDecidedAgain(t *testing.T) {
	a := shoptest.New(t)
	plain, catalogs := *a, 0
	edit := func(on *app.App, max int) error {
		_, err := admin.Of(on).EditProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll, MaxRedemptions: &max})
		return err
	}
	a.Store = &counting{&overtaken{a.Store, func() { must(t, edit(&plain, 3)) }}, &catalogs}
	must(t, edit(a, 4))
	if cat, err := plain.Store.Catalog(t.Context(), shoptest.Caller.Env, true); err != nil || catalogs != 2 || cat.Programs["signup"].MaxRedemptions != 4 {
		t.Errorf("decided on %d catalogs: %v", catalogs, err)
	}
}

// counting counts the reads of the catalog.
type counting struct {
	app.Store
	n *int
}

func (c *counting) Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error) {
	*c.n++
	return c.Store.Catalog(ctx, env, fresh)
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
