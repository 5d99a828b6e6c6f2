package admin_test

import (
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

// Each edit is decided on the catalog as it is: what another one changed meanwhile is neither
// lost nor brought back, and nothing is left that names what is gone.
func TestAnEditMeetsAnother(t *testing.T) {
	t.Parallel()
	one, other, single := "One", "Other", catalog.SingleUse
	feature := func(a *admin.Admin, cmd catalog.EditFeature) error {
		_, err := a.EditFeature(t.Context(), shoptest.Caller, cmd)
		return err
	}
	product := func(a *admin.Admin, cmd catalog.EditProduct) error {
		_, err := a.EditProduct(t.Context(), shoptest.Caller, cmd)
		return err
	}
	for name, tt := range map[string]struct {
		meanwhile, edit func(*admin.Admin) error
		refused         refusal.Kind
		holds           func(*catalog.Catalog) bool
	}{
		"two edits of a feature": {
			func(a *admin.Admin) error { return feature(a, catalog.EditFeature{ID: "words", Name: &other}) },
			func(a *admin.Admin) error {
				return feature(a, catalog.EditFeature{ID: "words", GroupBy: &[]string{"model"}})
			}, "",
			func(c *catalog.Catalog) bool {
				return c.Features["words"].Name == other && len(c.Features["words"].GroupBy) == 1
			},
		},
		"a feature that is deleted": {
			func(a *admin.Admin) error { return a.DeleteFeature(t.Context(), shoptest.Caller, "words") },
			func(a *admin.Admin) error { return feature(a, catalog.EditFeature{ID: "words", Name: &other}) }, refusal.KindNotFound,
			func(c *catalog.Catalog) bool { _, there := c.Features["words"]; return !there },
		},
		"two edits of a product": {
			func(a *admin.Admin) error { return product(a, catalog.EditProduct{ID: "bonus", Name: &other}) },
			func(a *admin.Admin) error { return product(a, catalog.EditProduct{ID: "bonus", Group: &one}) }, "",
			func(c *catalog.Catalog) bool { p, _ := c.Product("bonus"); return p.Name == other && p.Group == one },
		},
		"a product of a feature that is deleted": {
			func(a *admin.Admin) error { return a.DeleteFeature(t.Context(), shoptest.Caller, "words") },
			func(a *admin.Admin) error {
				_, err := a.CreateProduct(t.Context(), shoptest.Caller, catalog.EditProduct{ID: "new", Name: &one, Items: &[]catalog.WantedItem{{Item: catalog.Item{FeatureID: "words", BillingUnits: money.One}}}})
				return err
			}, refusal.KindNotFound,
			func(c *catalog.Catalog) bool { return len(c.Products["new"]) == 0 },
		},
		"a feature of a product that is made": {
			func(a *admin.Admin) error {
				_, err := a.CreateProduct(t.Context(), shoptest.Caller, catalog.EditProduct{ID: "new", Name: &one, Items: &[]catalog.WantedItem{{Item: catalog.Item{FeatureID: "words", BillingUnits: money.One}}}})
				return err
			},
			func(a *admin.Admin) error { return a.DeleteFeature(t.Context(), shoptest.Caller, "words") }, refusal.KindInvalid,
			func(c *catalog.Catalog) bool { _, there := c.Features["words"]; return there },
		},
		"a program with a reward that is deleted": {
			func(a *admin.Admin) error { return a.DeleteReward(t.Context(), shoptest.Caller, "spare") },
			func(a *admin.Admin) error {
				_, err := a.CreateProgram(t.Context(), shoptest.Caller, catalog.EditProgram{ID: "new", When: catalog.OnSignUp, Reward: "spare", ReceivedBy: catalog.ForAll})
				return err
			}, refusal.KindNotFound,
			func(c *catalog.Catalog) bool { return len(c.Programs) == 1 },
		},
		"a reward with a product that is deleted": {
			func(a *admin.Admin) error { return a.DeleteProduct(t.Context(), shoptest.Caller, "extra") },
			func(a *admin.Admin) error {
				_, err := a.CreateReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "new", Name: &one, Type: ptr(catalog.FreeProduct), FreeProduct: ptr("extra")}, nil)
				return err
			}, refusal.KindInvalid,
			func(c *catalog.Catalog) bool { _, there := c.Rewards["new"]; return !there },
		},
		"a reward with a product that is no add-on any more": {
			func(a *admin.Admin) error { return product(a, catalog.EditProduct{ID: "extra", AddOn: new(bool)}) },
			func(a *admin.Admin) error {
				_, err := a.CreateReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "new", Name: &one, Type: ptr(catalog.FreeProduct), FreeProduct: ptr("extra")}, nil)
				return err
			}, refusal.KindInvalid,
			func(c *catalog.Catalog) bool { _, there := c.Rewards["new"]; return !there },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := shoptest.New(t)
			plain := *a
			_, err := admin.Of(a).CreateFeature(t.Context(), shoptest.Caller, catalog.EditFeature{ID: "words", Name: &one, Type: &single})
			must(t, err)
			must(t, a.Store.Commit(t.Context(), shoptest.Caller.Env, app.SaveProduct{Product: catalog.Product{ID: "extra", AddOn: true, Version: 1,
				Items: []catalog.Item{{ID: "pr_2", FeatureID: "messages"}}}, New: true}))
			_, err = admin.Of(a).CreateReward(t.Context(), shoptest.Caller, catalog.EditReward{ID: "spare", Name: &one, Type: ptr(catalog.FreeProduct), FreeProduct: ptr("bonus")}, nil)
			must(t, err)
			a.Store = &overtaken{a.Store, func() { must(t, tt.meanwhile(admin.Of(&plain))) }}
			if err := tt.edit(admin.Of(a)); kind(err) != tt.refused {
				t.Errorf("%v, want %q", err, tt.refused)
			}
			c, err := plain.Store.Catalog(t.Context(), shoptest.Caller.Env, true)
			if must(t, err); !tt.holds(c) {
				t.Errorf("the catalog holds %+v", c)
			}
		})
	}
}
