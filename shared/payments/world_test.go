package payments_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/payments"
	"windfall/shared/refusal"
)

// A world is a Stripe account with a stopped clock, and payments that use it.
type world struct {
	*testing.T
	sim   *stripesim.Sim
	pay   *payments.Stripe
	http  *http.Client
	calls atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	clock := stripesim.NewClock(start)
	sim, err := stripesim.New(stripesim.Options{Clock: clock, BaseURL: "http://stripe.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	w := &world{T: t, sim: sim, http: &http.Client{Transport: sim.Transport()}, pay: over(sim.Transport())}
	sim.Observe(func(string, string) { w.calls.Add(1) })
	return w
}

// object is an answer of Stripe's API.
type object map[string]any

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

func (w *world) do(method, path string, params url.Values) (int, object) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), method, "http://stripe.test"+path, strings.NewReader(params.Encode()))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_test_sim")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := w.http.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out object
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		w.Fatal(method, path, err)
	}
	return res.StatusCode, out
}

func (w *world) must(method, path string, params url.Values) object {
	w.Helper()
	status, out := w.do(method, path, params)
	if status != http.StatusOK {
		w.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

func (w *world) list(path string) []object {
	w.Helper()
	var out []object
	for _, v := range w.must("GET", path, nil)["data"].([]any) {
		out = append(out, v.(map[string]any))
	}
	return out
}

// customer creates a customer with a card attached, or without one for "".
func (w *world) customer(card string) (customerID, cardID string) {
	w.Helper()
	customerID = w.must("POST", "/v1/customers", url.Values{"name": {"Ada"}}).text("id")
	if card != "" {
		cardID = w.must("POST", "/v1/payment_methods/"+card+"/attach", url.Values{"customer": {customerID}}).text("id")
	}
	return customerID, cardID
}

// take takes steps in order; the customer is known to r.
func (w *world) take(r billing.Results, steps ...billing.Step) (billing.Results, error) {
	return w.takeAs(ada, r, steps...)
}

func (w *world) takeAs(ref app.Ref, r billing.Results, steps ...billing.Step) (billing.Results, error) {
	var err error
	for _, step := range steps {
		if r, err = w.pay.Perform(w.Context(), catalog.Sandbox, ref, step, r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// mustTake is take for steps that succeed.
func (w *world) mustTake(r billing.Results, steps ...billing.Step) billing.Results {
	w.Helper()
	r, err := w.take(r, steps...)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// complete pays a page as a customer would.
func (w *world) complete(page string, form string) (int, object) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), "POST", page+"/complete", strings.NewReader(form))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := w.http.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out object
	_ = json.NewDecoder(res.Body).Decode(&out)
	return res.StatusCode, out
}

// made counts everything at Stripe by its relevant fields, so that two accounts
// can be compared whatever their ids.
func (w *world) made() map[string]int {
	w.Helper()
	objects := map[string]int{}
	for _, path := range []string{"customers", "coupons", "products", "prices", "subscriptions?status=all", "invoices", "invoiceitems", "checkout/sessions", "charges"} {
		for _, o := range w.list("/v1/" + path) {
			amount := o["amount"]
			if amount == nil {
				amount = o["total"]
			}
			if amount == nil {
				amount = o["unit_amount_decimal"]
			}
			objects[fmt.Sprintf("%s %v %v", o["object"], o["status"], amount)]++
		}
	}
	return objects
}

func kindOf(err error) refusal.Kind {
	var ours *refusal.Error
	if errors.As(err, &ours) {
		return ours.Kind
	}
	return ""
}

// The steps that most tests take.
var (
	customerStep = billing.Step{Name: "customer", Customer: &billing.NewCustomer{Name: "Ada", Email: "ada@example.com"}}
	baseStep     = billing.Step{Name: "price_base", Price: &billing.NewPrice{ItemID: "pr_base", ProductID: "pro", Name: "Pro", Currency: "usd",
		Amount: money.Int(2000), Cycle: money.Cycle{Interval: money.Month}}}
	seatsStep = billing.Step{Name: "price_seats", Price: &billing.NewPrice{ItemID: "pr_seats", ProductID: "pro", Name: "Pro: seats", Currency: "usd",
		Amount: money.Int(500), Cycle: money.Cycle{Interval: money.Month}, FeatureID: "seats", Pack: money.Int(1)}}
	setupStep = billing.Step{Name: "price_setup", Price: &billing.NewPrice{ItemID: "pr_setup", ProductID: "pro", Name: "Set-up", Currency: "usd",
		Amount: money.Int(9900)}}

	baseLine  = billing.PriceLine{ItemID: "pr_base", Quantity: 1, Recurring: true}
	seatsLine = billing.PriceLine{ItemID: "pr_seats", Quantity: 3, Recurring: true}
	setupLine = billing.PriceLine{ItemID: "pr_setup", Quantity: 1}
)

func subscribeStep(n billing.NewSubscription) billing.Step {
	return billing.Step{Name: "subscription", Subscription: &n}
}

func invoiceStep(n billing.NewInvoice) billing.Step {
	return billing.Step{Name: "invoice", Invoice: &n}
}

func pageStep(n billing.NewSession) billing.Step { return billing.Step{Name: "session", Session: &n} }

// month is the first period of a subscription that begins with the tests.
var month = money.Period{Start: start, End: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)}
