package admin_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
	"windfall/tests/shoptest"
)

// The list of codes says how each of them stands, with its reward or program.
func TestTheListOfCodesSaysHowEachStands(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t, "ada", "bob")
	adm, caller := admin.Of(a), shoptest.Caller
	later := func(minutes int) app.Caller {
		c := caller
		c.Now = c.Now.Add(time.Duration(minutes) * time.Minute)
		return c
	}
	add := func(minutes int, rewardID string, n reward.NewCode) {
		t.Helper()
		_, err := adm.AddCode(t.Context(), later(minutes), rewardID, admin.WantedCode{NewCode: n})
		must(t, err)
	}
	credits, name := catalog.InvoiceCredits, "Credits"
	_, err := adm.CreateReward(t.Context(), caller, catalog.EditReward{ID: "credits", Name: &name, Type: &credits, Discount: &catalog.WantedDiscount{Value: money.Int(5), Duration: catalog.OneOffDiscount}},
		&[]admin.WantedCode{{NewCode: reward.NewCode{Code: "GONE"}}})
	must(t, err)
	add(1, "gift", reward.NewCode{Code: "GOOD"})
	add(2, "gift", reward.NewCode{Code: "OFF", Inactive: true})
	add(3, "gift", reward.NewCode{Code: "OLD", ExpiresAt: caller.Now.Add(5 * time.Minute)})
	add(4, "gift", reward.NewCode{Code: "ONCE", Max: 1})
	_, err = a.RedeemCode(t.Context(), later(4), "ONCE", "bob")
	must(t, err)
	_, err = a.ReferralCode(t.Context(), later(5), "ada", "signup")
	must(t, err)
	must(t, adm.DeleteReward(t.Context(), caller, "credits"))

	cat, err := a.Store.Catalog(t.Context(), caller.Env, true)
	must(t, err)
	page, next, err := adm.Codes(t.Context(), later(6), cat, "", 50)
	must(t, err)
	var got []string
	for _, c := range page {
		switch {
		case c.Promotion == nil:
			got = append(got, fmt.Sprintf("%s %s", c.Program.ID, c.Standing))
		case c.Reward == nil:
			got = append(got, fmt.Sprintf("%s - %s", c.Promotion.Code, c.Standing))
		default:
			got = append(got, fmt.Sprintf("%s %s %s", c.Promotion.Code, c.Reward.ID, c.Standing))
		}
	}
	want := []string{"signup active", "ONCE gift used_up", "OLD gift expired", "OFF gift inactive", "GOOD gift active", "GONE - reward_deleted"}
	if !slices.Equal(got, want) || next != "" {
		t.Errorf("codes %q, want %q", got, want)
	}
}

// What a person does in the dashboard is in the history of the environment; what a program
// does with a key is not.
func TestEditsInTheDashboardAreKept(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	adm, person := admin.Of(a), shoptest.Caller
	person.Actor = "dashboard:jo@x.io"
	off, name, single, percent := new(bool), "Summer", catalog.SingleUse, catalog.PercentageDiscount
	for _, caller := range []app.Caller{shoptest.Caller, person} {
		_, err := adm.CreateReward(t.Context(), caller, catalog.EditReward{ID: "summer", Name: &name, Type: &percent, Discount: &catalog.WantedDiscount{Value: money.Int(20), Duration: catalog.OneOffDiscount}}, nil)
		must(t, err)
		_, err = adm.PatchReward(t.Context(), caller, "summer", func(catalog.Reward) (catalog.EditReward, error) { return catalog.EditReward{Max: ptr(3)}, nil }, nil)
		must(t, err)
		_, err = adm.AddCode(t.Context(), caller, "summer", admin.WantedCode{NewCode: reward.NewCode{Code: "SUN"}})
		must(t, err)
		_, err = adm.EditCode(t.Context(), caller, admin.EditCode{RewardID: "summer", Code: "SUN", Active: off})
		must(t, err)
		_, err = adm.EditCode(t.Context(), caller, admin.EditCode{RewardID: "summer", Code: "SUN", Active: off}) // it is off already
		must(t, err)
		must(t, adm.DeleteReward(t.Context(), caller, "summer"))
		_, err = adm.CreateFeature(t.Context(), caller, catalog.EditFeature{ID: "words", Type: &single})
		must(t, err)
		must(t, adm.DeleteFeature(t.Context(), caller, "words"))
		_, err = adm.CreateProduct(t.Context(), caller, catalog.EditProduct{ID: "plan", Name: ptr("Plan")})
		must(t, err)
		_, err = adm.EditProduct(t.Context(), caller, catalog.EditProduct{ID: "plan", Name: ptr("The plan")})
		must(t, err)
		must(t, adm.DeleteProduct(t.Context(), caller, "plan"))
		_, err = adm.CreateProgram(t.Context(), caller, catalog.EditProgram{ID: "more", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll})
		must(t, err)
		_, err = adm.PatchProgram(t.Context(), caller, "more", func(p *catalog.EditProgram) { p.ReceivedBy = catalog.ForReferrer })
		must(t, err)
		_, err = adm.DeleteProgram(t.Context(), caller, "more")
		must(t, err)
	}
	page, _, err := a.Store.(app.ListStore).Actions(t.Context(), person.Env, "", 50)
	must(t, err)
	var got []string
	for _, e := range page {
		if e.Actor != person.Actor || e.Of != app.CatalogLog || !e.At.Equal(person.Now) {
			t.Errorf("entry %+v", e)
		}
		got = append(got, e.Why)
	}
	slices.Sort(got)
	want := []string{
		"The code SUN of the reward “Summer” (summer) was created.",
		"The code SUN of the reward “Summer” (summer) was deactivated.",
		"The feature “Words” (words) was created.",
		"The feature “Words” (words) was deleted.",
		"The product “Plan” (plan) was created.",
		"The product “The plan” (plan) was deleted.",
		"The product “The plan” (plan) was edited.",
		"The referral program more was created.",
		"The referral program more was deleted.",
		"The referral program more was edited.",
		"The reward “Summer” (summer) was created.",
		"The reward “Summer” (summer) was deleted.",
		"The reward “Summer” (summer) was edited.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("kept:\n%q\nwant:\n%q", got, want)
	}
}
