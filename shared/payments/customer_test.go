package payments_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

func TestCustomerAndWhatIsChargedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.mustTake(billing.Results{}, customerStep)
	o := w.must("GET", "/v1/customers/"+r.CustomerID, nil)
	m, _ := o["metadata"].(map[string]any)
	if o.text("name") != "Ada" || o.text("email") != "ada@example.com" || m["operation_id"] != "op_1" || m["customer_id"] != "ada" || m["internal_id"] != "cus_int_ada" || m["env"] != "sandbox" {
		t.Errorf("made %v", o)
	}
	card := func(want string) {
		t.Helper()
		c, err := w.pay.Customer(t.Context(), catalog.Sandbox, r.CustomerID)
		if err != nil || !c.Found || c.ID != r.CustomerID || c.Card != want {
			t.Errorf("got %+v, %v; want card %q", c, err, want)
		}
	}
	card("")
	attach := func(token string) string {
		return w.must("POST", "/v1/payment_methods/"+token+"/attach", map[string][]string{"customer": {r.CustomerID}}).text("id")
	}
	first := attach("pm_card_visa")
	card(first)
	second := attach("pm_card_mastercard")
	card(second)
	w.must("POST", "/v1/customers/"+r.CustomerID, map[string][]string{"invoice_settings[default_payment_method]": {first}})
	card(first)
}

func TestPaymentMethodIsWhatStripeShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.mustTake(billing.Results{}, customerStep)
	method := func(stripeID string) map[string]any {
		t.Helper()
		text, err := w.pay.PaymentMethod(t.Context(), catalog.Sandbox, stripeID)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if text != nil && json.Unmarshal(text, &out) != nil {
			t.Errorf("%s is no JSON", text)
		}
		return out
	}
	if got := method(r.CustomerID); got != nil {
		t.Errorf("without a card: %v", got)
	}
	if got := method("cus_nobody"); got != nil {
		t.Errorf("without a customer: %v", got)
	}
	first := w.must("POST", "/v1/payment_methods/pm_card_visa/attach", map[string][]string{"customer": {r.CustomerID}}).text("id")
	w.must("POST", "/v1/payment_methods/pm_card_mastercard/attach", map[string][]string{"customer": {r.CustomerID}})
	w.must("POST", "/v1/customers/"+r.CustomerID, map[string][]string{"invoice_settings[default_payment_method]": {first}})
	if got, want := method(r.CustomerID), map[string]any(w.must("GET", "/v1/payment_methods/"+first, nil)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want the default: %v", got, want)
	}
	w.must("DELETE", "/v1/customers/"+r.CustomerID, nil)
	if got := method(r.CustomerID); got != nil {
		t.Errorf("of a customer deleted at Stripe: %v", got)
	}
}

// A card is known again by its number, whoever saved it and however often.
func TestCardsOfOneNumberHaveOneFingerprint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := func(stripeID string) []string {
		t.Helper()
		w.calls.Store(0)
		prints, err := w.pay.CardFingerprints(t.Context(), catalog.Sandbox, stripeID)
		if n := w.calls.Load(); err != nil || n != 1 {
			t.Fatalf("%d requests, want 1; %v", n, err)
		}
		return prints
	}
	made := func(tokens ...string) string {
		t.Helper()
		id := w.must("POST", "/v1/customers", nil).text("id")
		for _, token := range tokens {
			w.must("POST", "/v1/payment_methods/"+token+"/attach", map[string][]string{"customer": {id}})
		}
		return id
	}
	ada, grace, hal := made("pm_card_visa"), made("pm_card_us"), made("pm_card_mastercard")
	if got := of(ada); len(got) != 1 || got[0] == "" || !slices.Equal(of(grace), got) || len(of(hal)) != 1 || slices.Equal(of(hal), got) {
		t.Errorf("one number: %v and %v; another one: %v", of(ada), of(grace), of(hal))
	}
	want := append(of(hal), of(ada)...)
	slices.Sort(want)
	if got := of(made("pm_card_visa", "pm_card_mastercard", "pm_card_visa")); !slices.Equal(got, want) {
		t.Errorf("of three cards with two numbers: %v, want %v", got, want)
	}
	w.must("DELETE", "/v1/customers/"+ada, nil)
	for name, id := range map[string]string{"without a card": made(), "unknown": "cus_nobody", "deleted": ada} {
		if got := of(id); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCustomerIsChangedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.mustTake(billing.Results{}, customerStep)
	changed := billing.Customer{ID: "ada_2", InternalID: "cus_int_ada", Name: "Ada Lovelace", StripeID: r.CustomerID}
	if err := w.pay.UpdateCustomer(t.Context(), catalog.Sandbox, changed); err != nil {
		t.Fatal(err)
	}
	o := w.must("GET", "/v1/customers/"+r.CustomerID, nil)
	m, _ := o["metadata"].(map[string]any)
	if o.text("name") != "Ada Lovelace" || o.text("email") != "ada@example.com" || m["customer_id"] != "ada_2" || m["operation_id"] != "op_1" {
		t.Errorf("changed to %v", o)
	}
	for range 2 {
		w.mustTake(r, billing.Step{Name: "delete", Delete: &billing.DeleteStripeCustomer{}})
	}
	if c, err := w.pay.Customer(t.Context(), catalog.Sandbox, r.CustomerID); err != nil || c.Found {
		t.Errorf("deleted: %+v, %v", c, err)
	}
	if err := w.pay.UpdateCustomer(t.Context(), catalog.Sandbox, changed); err != nil {
		t.Errorf("news for one that is gone: %v", err)
	}
}

func TestPriceThatExistsIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.mustTake(billing.Results{}, baseStep)
	other := ada
	other.OperationID = "op_2"
	w.calls.Store(0)
	r, err := w.pay.Perform(t.Context(), catalog.Sandbox, other, baseStep, billing.Results{})
	if err != nil || r.Prices["pr_base"] != first.Prices["pr_base"] || r.Prices["pr_base"] == "" {
		t.Fatalf("got %v, want %v; %v", r.Prices, first.Prices, err)
	}
	if n := w.calls.Load(); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	if len(w.list("/v1/prices")) != 1 || len(w.list("/v1/products")) != 1 {
		t.Errorf("made twice: %v", w.list("/v1/prices"))
	}
}
