// Package shoptest gives a test the App over a table of its own, below any API, and
// a shop with a referral program. Only tests import it.
package shoptest

import (
	"log/slog"
	"testing"
	"time"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/wire"
	"windfall/tests/tabletest"
)

// Caller is the owner of the shop.
var Caller = app.Caller{Env: catalog.Sandbox, Actor: "am_sk_test", Now: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)}

// App is the App of a warm function over a table.
func App(t *tabletest.Table) *app.App {
	return wire.New(t.Client, t.Name, "usd", slog.New(slog.DiscardHandler))
}

// New is a shop with these customers. Its program "signup" gives both sides the
// reward "gift": the add-on "bonus" with 100 messages.
func New(t *testing.T, customers ...string) *app.App {
	t.Helper()
	a := App(tabletest.New(t))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(a.Store.Commit(t.Context(), Caller.Env,
		app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse}, New: true},
		app.SaveProduct{Product: catalog.Product{ID: "bonus", AddOn: true, Version: 1,
			Items: []catalog.Item{{ID: "pr_1", FeatureID: "messages", Included: money.Int(100)}}}, New: true}))
	free, name, product := catalog.FreeProduct, "Gift", "bonus"
	_, err := admin.Of(a).CreateReward(t.Context(), Caller, catalog.EditReward{ID: "gift", Name: &name, Type: &free, FreeProduct: &product}, nil)
	must(err)
	_, err = admin.Of(a).CreateProgram(t.Context(), Caller, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll})
	must(err)
	for _, id := range customers {
		must(a.Store.Commit(t.Context(), Caller.Env, app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: "cus_" + id}}))
	}
	return a
}
