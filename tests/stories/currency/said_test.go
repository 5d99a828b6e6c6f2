package currency

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// An empty text is no currency, wherever one is said; null says none.
func TestCUR20ACurrencyIsNotSentEmpty(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	w.Post("/v1/customers", JSON{"id": "c"})
	buy := JSON{"customer_id": "c", "product_id": "pro"}
	amount := fixed("five", "fixed_discount", 5, "", JSON{"code": "FIVE"})
	least := func(currency any) JSON {
		return Merge(fixed("six", "fixed_discount", 6, "", JSON{"code": "SIX"}), JSON{"promo_codes": []JSON{{"code": "SIX", "minimum_amount": 10, "minimum_amount_currency": currency}}})
	}
	for _, ask := range []struct {
		path, field string
		body        func(currency any) JSON
	}{
		{"/v1/customers", "currency", func(c any) JSON { return JSON{"id": "d", "currency": c} }},
		{"/v1/customers/c", "currency", func(c any) JSON { return JSON{"name": "C", "currency": c} }},
		{"/v1/attach", "currency", func(c any) JSON { return Merge(buy, JSON{"currency": c}) }},
		{"/v1/attach", "customer_data.currency", func(c any) JSON { return Merge(buy, JSON{"customer_data": JSON{"currency": c}}) }},
		{"/v1/attach/preview", "currency", func(c any) JSON { return Merge(buy, JSON{"currency": c}) }},
		{"/v1/checkout", "currency", func(c any) JSON { return Merge(buy, JSON{"currency": c}) }},
		{"/v1/check", "customer_data.currency", func(c any) JSON {
			return JSON{"customer_id": "c", "feature_id": "messages", "customer_data": JSON{"currency": c}}
		}},
		{"/v1/track", "customer_data.currency", func(c any) JSON {
			return JSON{"customer_id": "c", "feature_id": "messages", "customer_data": JSON{"currency": c}}
		}},
		{"/v1/setup_payment", "customer_data.currency", func(c any) JSON { return JSON{"customer_id": "c", "customer_data": JSON{"currency": c}} }},
		{"/v1/products", "currency", func(c any) JSON { return JSON{"id": "x", "currency": c, "items": []JSON{Price(5)}} }},
		{"/v1/rewards", "currency", func(c any) JSON {
			return Merge(amount, JSON{"discount_config": Merge(amount["discount_config"].(JSON), JSON{"currency": c})})
		}},
		{"/v1/rewards", "minimum_amount_currency", least},
	} {
		table, objects := w.Stack.Tables(), w.Stack.Objects()
		a := w.Do(stack.DefaultKey, "POST", ask.path, ask.body(""))
		message, _ := a.Body["message"].(string)
		if a.Status != 400 || !strings.Contains(message, ask.field) || !strings.Contains(message, "must not be empty") {
			t.Errorf("%s: %d %s, want 400 that names %s", ask.path, a.Status, a.Text, ask.field)
		}
		w.Unchanged(table, objects)
		if a := w.Do(stack.DefaultKey, "POST", ask.path, ask.body(nil)); a.Status != 200 {
			t.Errorf("%s with null: %d %s", ask.path, a.Status, a.Text)
		}
		w.WaitIdle()
	}
	w.Want("nobody chose one", w.Customer("c")["currency"], nil)
}

// What a visitor of the application's page sends fixes nobody's currency.
func TestCUR21APublishableKeyChoosesNoCurrency(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	w.AllowPublishableCheckout()
	key := w.PublishableKey()
	w.Post("/v1/customers", JSON{"id": "known"})
	paysIn(w, "euros", "eur")
	for _, customer := range []string{"known", "euros", "new"} {
		for _, said := range []JSON{{"currency": "eur"}, {"currency": "usd"}, {"customer_data": JSON{"currency": "eur"}}} {
			table, objects := w.Stack.Tables(), w.Stack.Objects()
			a := w.Do(key, "POST", "/v1/attach", Merge(JSON{"customer_id": customer, "product_id": "pro"}, said))
			message, _ := a.Body["message"].(string)
			if a.Status != 400 || a.Body["code"] != "invalid_inputs" || !strings.Contains(message, "currency") {
				t.Errorf("%s with %v: %d %s", customer, said, a.Status, a.Text)
			}
			w.Unchanged(table, objects)
		}
	}
	w.Want("nobody was made", w.Do(stack.DefaultKey, "GET", "/v1/customers/new", nil).Status, 404)
	page := w.Do(key, "POST", "/v1/attach", JSON{"customer_id": "known", "product_id": "pro", "currency": nil})
	w.Pay(page.Body["checkout_url"].(string))
	w.WaitIdle()
	w.Billed("known", 2000)
	opened := w.Do(key, "POST", "/v1/attach", JSON{"customer_id": "euros", "product_id": "trial"}) // a card is on file, so no page is needed
	w.Want("the customer's own", opened.Status, 200)
	w.Pay(opened.Body["checkout_url"].(string))
	w.WaitIdle()
	w.Want("in euros", currencies(w, "euros"), []any{"eur"})
}

// Of a first price of a customer's own and another currency of the environment at the same
// moment one is decided again: half a yen is no price.
func TestCUR22APriceOfOnesOwnAndAnotherCurrencyAtOnce(t *testing.T) {
	t.Parallel()
	priced, moved := 0, 0
	for range 12 {
		w := New(t)
		w.Feature("messages", "single_use")
		w.Product("plan", "main", Messages(100))
		w.CustomerWithCard("c")
		own := JSON{"customer_id": "c", "product_id": "plan", "is_custom": true, "items": []JSON{Price(18.5), Messages(200)}}
		var both sync.WaitGroup
		var bought, change Answer
		both.Go(func() { bought = w.Do(stack.DefaultKey, "POST", "/v1/attach", own) })
		both.Go(func() { change = w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "jpy"}) })
		both.Wait()
		w.WaitIdle()
		switch {
		case bought.Status == 200 && change.Status == 400:
			priced++
			w.Want("why", change.Body["code"], "settings_currency_fixed")
			w.Billed("c", 1850)
		case bought.Status == 400 && change.Status == 200:
			moved++
			w.Billed("c")
		default:
			t.Errorf("the purchase %s, the currency %s", bought.Text, change.Text)
		}
	}
	t.Logf("%d times priced, %d times in yen", priced, moved)
}

// The currency is changed in the moment between the decision and its transaction, whether
// something is charged or begins with a trial.
func TestCUR22TheCurrencyChangesUnderAPriceOfOnesOwn(t *testing.T) {
	t.Parallel()
	trial := JSON{"free_trial": JSON{"length": 7, "duration": "day", "unique_fingerprint": false, "card_required": false}}
	for name, more := range map[string]JSON{"charged": nil, "a trial": trial, "a trial without a card": trial} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			between := &meanwhile{}
			w := With(t, stack.Options{Faults: stack.Faults{Hurry: true, DynamoDB: func(to http.RoundTripper) http.RoundTripper {
				between.to = to
				return between
			}}})
			w.Feature("messages", "single_use")
			w.Product("plan", "main", Messages(100))
			w.Post("/v1/customers", JSON{"id": "c"})
			card := !strings.HasSuffix(name, "without a card")
			if card {
				w.PutGoodCard("c")
			}
			change := func() {
				w.Want("the currency", w.Call("PATCH", "/v1/settings", JSON{"currency": "jpy"})["currency"], "jpy")
			}
			own := func(price float64) JSON {
				return Merge(JSON{"customer_id": "c", "product_id": "plan", "is_custom": true, "items": []JSON{Price(price), Messages(200)}}, more)
			}
			between.once.Store(&change)
			w.Refused(400, "invalid_product_item", "/v1/attach", own(18.5)) // half a yen
			w.HasProducts("c")
			w.Call("PATCH", "/v1/settings", JSON{"currency": "eur"})
			between.once.Store(&change)
			w.Post("/v1/attach", own(1850))
			w.WaitIdle()
			w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
			w.Want("in yen", slices.Contains(currencies(w, "c"), any("jpy")), true)
			w.Want("what is sold is noted", w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "usd"}).Status, 400)
		})
	}
}

// meanwhile does something before the next transaction that saves a purchase.
type meanwhile struct {
	to   http.RoundTripper
	once atomic.Pointer[func()]
}

func (m *meanwhile) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "TransactWriteItems") && bytes.Contains(body, []byte("#CUS#c")) {
		if do := m.once.Swap(nil); do != nil {
			(*do)()
		}
	}
	return m.to.RoundTrip(r)
}

// A price of a customer's own is in a currency as any other is.
func TestCUR22TheCurrencyStaysWithAPriceOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("plan", "main", Messages(100))
	w.CustomerWithCard("c")
	w.Attach("c", "plan", JSON{"is_custom": true, "items": []JSON{Messages(300)}})
	w.Want("nothing is priced", w.Call("PATCH", "/v1/settings", JSON{"currency": "eur"})["currency"], "eur")
	w.Attach("c", "plan", JSON{"is_custom": true, "items": []JSON{Price(18.5), Messages(200)}})
	refused := w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "jpy"})
	w.Want("with a price", []any{refused.Status, refused.Body["code"]}, []any{400, "settings_currency_fixed"})
	w.Want("other settings", w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true})["refund_ends_access"], true)
	w.CustomerWithCard("d")
	w.Attach("d", "plan", JSON{"is_custom": true, "items": []JSON{Price(9), Messages(200)}})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1850, 1850)
	w.Billed("d", 900, 900)
}
