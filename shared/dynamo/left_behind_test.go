package dynamo

import (
	"context"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// noStripe is a Stripe without pages.
type noStripe struct{ app.Payments }

func (noStripe) Session(context.Context, catalog.Env, string) (app.Session, error) {
	return app.Session{}, app.ErrGone
}

func (noStripe) Perform(_ context.Context, _ catalog.Env, _ app.Ref, _ billing.Step, r billing.Results) (billing.Results, error) {
	return r, nil
}

// A kind of row that a customer has must be thought of when the customer gets
// another id, and when it is deleted.
func TestNoRowOfACustomerIsLeftBehind(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	m, n := newSample(t), 0
	c := &m.state.Customer
	c.StripeID, c.PendingOperation = "", ""
	m.state.Products[0].SubscriptionID = ""
	op := &m.state.Operations[0]
	op.State, op.Decision.Given = billing.AwaitingCheckout, nil // nothing was counted for it
	saveSample(t, s, m)
	a := &app.App{Store: s, Payments: noStripe{}, Pause: func(context.Context, int) bool { return false },
		NewID: func() string { n++; return strings.Repeat("x", n) }}
	caller := app.Caller{Env: env, Actor: "sk_test", Now: april}

	everything := kindsOf(t, s, "ada")
	for _, partition := range []string{"CUS", "SHARD", "ENTITIES"} {
		for _, k := range kinds[partition] {
			if !everything[k.name] {
				t.Errorf("the sample's customer has no %s", k.name)
			}
		}
	}
	grace := "lovelace"
	if _, err := a.UpdateCustomer(t.Context(), caller, app.CustomerCommand{ID: "ada", NewID: &grace}); err != nil {
		t.Fatal(err)
	}
	for name := range kindsOf(t, s, "ada") {
		t.Errorf("a new id leaves behind: %s", name)
	}
	moved := kindsOf(t, s, grace)
	for name := range everything {
		if !moved[name] {
			t.Errorf("a new id loses: %s", name)
		}
	}
	must(t, a.DeleteCustomer(t.Context(), caller, app.DeleteCommand{CustomerID: grace}))
	for name := range kindsOf(t, s, grace) {
		t.Errorf("the deletion of a customer leaves behind: %s", name)
	}
}

// kindsOf are the kinds of rows that are filed under the key of a customer.
func kindsOf(t *testing.T, s *Store, customerKey string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, r := range allRows(t, s) {
		if _, owner, ok := ownerOf(r.text("PK")); ok && owner == customerKey {
			found[kindOf(key{r.text("PK"), r.text("SK")}).name] = true
		}
	}
	return found
}
