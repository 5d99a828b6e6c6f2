package stack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/customer"
	"github.com/stripe/stripe-go/v76/invoice"
	"github.com/stripe/stripe-go/v76/invoiceitem"

	"windfall/local/stripesim"
)

// The backend in this process answers as stripe-go's own does over HTTP: objects, lists,
// refusals, broken connections. An object that has changed is never one of before.
func TestTheNearBackendIsThatOfStripeGo(t *testing.T) {
	t.Parallel()
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	calls := 0
	plain := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{URL: stripe.String("http://stripe.local"),
		HTTPClient: &http.Client{Transport: s.Sim.Transport()}, MaxNetworkRetries: stripe.Int64(0), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull}})
	near := nearBackend(s.Sim.Transport(), func(context.Context) { calls++ })(plain)
	text := func(v any, err error) string {
		var refused *stripe.Error
		if errors.As(err, &refused) {
			refused.RequestID = ""
			err = errors.New(refused.Error())
		}
		out, _ := json.Marshal(v)
		if err != nil {
			return string(out) + err.Error()
		}
		return string(out)
	}
	ada, err := customer.Client{B: near, Key: simKey}.New(&stripe.CustomerParams{Name: stripe.String("Ada"), Metadata: map[string]string{"a": "1"}})
	if err != nil || ada.Name != "Ada" || ada.Metadata["a"] != "1" || ada.LastResponse.RequestID == "" {
		t.Fatal(ada, err)
	}
	bill, err := invoice.Client{B: near, Key: simKey}.New(&stripe.InvoiceParams{Customer: &ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	both := func(what string, ask func(b stripe.Backend) (any, error)) string {
		t.Helper()
		want := text(ask(plain))
		for range 2 {
			if got := text(ask(near)); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		return want
	}
	shown := func(b stripe.Backend) (any, error) { return invoice.Client{B: b, Key: simKey}.Get(bill.ID, nil) }
	before := both("an invoice", shown)
	if _, err := (invoiceitem.Client{B: near, Key: simKey}).New(&stripe.InvoiceItemParams{Customer: &ada.ID, Invoice: &bill.ID, Amount: stripe.Int64(500), Currency: stripe.String("usd")}); err != nil {
		t.Fatal(err)
	}
	if both("an invoice that has changed", shown) == before {
		t.Error("the invoice has not changed")
	}
	both("no customer", func(b stripe.Backend) (any, error) { return customer.Client{B: b, Key: simKey}.Get("cus_none", nil) })
	both("a wrong key", func(b stripe.Backend) (any, error) {
		return customer.Client{B: b, Key: "sk_test_wrong"}.Get(ada.ID, nil)
	})
	both("a list", func(b stripe.Backend) (any, error) {
		list := customer.Client{B: b, Key: simKey}.List(&stripe.CustomerListParams{Email: stripe.String("nobody@x.test")})
		return list.Next(), list.Err()
	})
	both("an expanded object", func(b stripe.Backend) (any, error) {
		p := &stripe.InvoiceParams{}
		p.AddExpand("customer")
		return invoice.Client{B: b, Key: simKey}.Get(bill.ID, p)
	})
	both("a mistake", func(b stripe.Backend) (any, error) {
		p := &stripe.CustomerParams{Metadata: map[string]string{"a": "1"}}
		p.Params.Metadata = map[string]string{"b": "2"} //nolint:staticcheck // the mistake
		return customer.Client{B: b, Key: simKey}.Update(ada.ID, p)
	})
	s.Sim.SetFault(func(string, string, int) stripesim.Fault { return stripesim.RefuseBefore })
	both("a broken connection", shown)
	if calls == 0 {
		t.Error("no call was counted")
	}
}
