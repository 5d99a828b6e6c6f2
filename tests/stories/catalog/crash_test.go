package catalog

import (
	"context"
	"errors"
	"testing"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/tests/shoptest"
)

// dying is a store whose process ends at its n-th commit, before it or after it.
type dying struct {
	app.Store
	left  int
	after bool
}

var errDied = errors.New("the process died")

func (d *dying) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	if d.left--; d.left > 0 {
		return d.Store.Commit(ctx, env, writes...)
	}
	if d.after && d.left == 0 {
		if err := d.Store.Commit(ctx, env, writes...); err != nil {
			return err
		}
	}
	return errDied
}

func configured() admin.Configuration {
	metered, system, off, name := catalog.SingleUse, catalog.CreditSystem, false, "Pro"
	price, percent := money.Int(20), catalog.PercentageDiscount
	pro := catalog.WantedItem{Item: catalog.Item{FeatureID: "credits", Included: money.Int(100), Cycle: money.Cycle{Interval: money.Month, Count: 1}, BillingUnits: money.One}}
	base := catalog.WantedItem{Item: catalog.Item{Price: &price, Cycle: money.Cycle{Interval: money.Month, Count: 1}, BillingUnits: money.One}}
	return admin.Configuration{Configuration: catalog.Configuration{
		Features: &[]catalog.EditFeature{{ID: "credits", Type: &system, Credits: &[]catalog.CreditCost{{FeatureID: "calls", Cost: money.Int(2)}}}, {ID: "calls", Type: &metered}},
		Products: &[]catalog.EditProduct{{ID: "pro", Name: &name, AddOn: &off, Default: &off, SetTrial: true,
			Parts: &catalog.Parts{Base: &[]catalog.WantedItem{base}, Features: &[]catalog.WantedItem{pro}}}},
		Rewards:  &[]catalog.EditReward{{ID: "sun", Name: &name, Type: &percent, Discount: &catalog.WantedDiscount{Value: money.Int(10), Duration: "one_off", ProductIDs: []string{"pro"}}}},
		Programs: &[]catalog.EditProgram{{ID: "bring", When: catalog.OnCheckout, Reward: "sun", ReceivedBy: catalog.ForAll, ProductIDs: []string{"pro"}}},
	}}
}

// Wherever a push dies, the same one goes on, and leaves what one does that goes through.
func TestCAT10APushThatDiesGoesOn(t *testing.T) {
	t.Parallel()
	whole := shoptest.New(t, "ada")
	want, err := admin.Of(whole).Configure(t.Context(), shoptest.Caller, configured())
	must(t, err)
	if len(want.Steps) != 8 { // two features, a product, a reward and a program; another program goes, a product and a feature to the archive
		t.Fatalf("%d steps: %+v", len(want.Steps), want.Steps)
	}
	for n := range 2 * len(want.Steps) {
		a := shoptest.New(t, "ada")
		healthy := a.Store
		a.Store = &dying{healthy, n/2 + 1, n%2 == 1}
		if _, err := admin.Of(a).Configure(t.Context(), shoptest.Caller, configured()); !errors.Is(err, errDied) {
			t.Fatalf("commit %d: %v", n/2+1, err)
		}
		a.Store = healthy
		_, err := admin.Of(a).Configure(t.Context(), shoptest.Caller, configured())
		must(t, err)
		again, err := admin.Of(a).PreviewConfiguration(t.Context(), shoptest.Caller, configured())
		if must(t, err); len(again.Steps) != 0 {
			t.Errorf("commit %d: a third push would change %+v", n/2+1, again.Steps)
		}
		got, err := healthy.Catalog(t.Context(), shoptest.Caller.Env, true)
		must(t, err)
		if p, _ := got.Product("pro"); p.Version != 1 || len(p.Items) != 2 || len(got.Products) != len(want.Catalog.Products) || len(got.Features) != len(want.Catalog.Features) ||
			len(got.Rewards) != len(want.Catalog.Rewards) || len(got.Programs) != len(want.Catalog.Programs) {
			t.Errorf("commit %d: %+v", n/2+1, got)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
