package currency

import (
	"sync"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

func TestCUR13AnEnvironmentInEuros(t *testing.T) {
	t.Parallel()
	w := With(t, stack.Options{Currency: "eur"})
	w.Want("settings", w.Get("/v1/settings")["currency"], "eur")
	w.Feature("messages", "single_use")
	made := w.Product("pro", "main", Price(18), Messages(100))
	w.Want("the product", w.Get("/v1/products/pro")["currency"], "eur")
	_ = made
	w.Product("world", "other", In(Price(18), JSON{"usd": 20}))
	w.CustomerWithCard("c", "pro")
	w.Billed("c", 1800)
	w.Want("currency", w.Customer("c")["currency"], "eur")
	paysIn(w, "d", "usd")
	w.Attach("d", "world")
	w.Billed("d", 2000)
	w.Refused(400, "currency_not_offered", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro"})
}

func TestCUR14TheEnvironmentsCurrencyIsChanged(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("free", "main", Messages(100)).Default()
	w.Want("changed", w.Call("PATCH", "/v1/settings", JSON{"currency": "eur"})["currency"], "eur")
	for _, bad := range []any{"EUR", "xxx", "", nil, 5} {
		w.Want("refused", w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": bad}).Status, 400)
	}
	w.Product("pro", "main", Price(18), Messages(100))
	refused := w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "usd"})
	w.Want("with a price", []any{refused.Status, refused.Body["code"]}, []any{400, "settings_currency_fixed"})
	w.Want("the same", w.Call("PATCH", "/v1/settings", JSON{"currency": "eur"})["currency"], "eur")
	w.Call("DELETE", "/v1/products/pro", nil)
	w.Post("/v1/rewards", fixed("five", "fixed_discount", 5, "", JSON{"code": "FIVE"}))
	w.Want("with an amount", w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "usd"}).Status, 400)
	w.Call("DELETE", "/v1/rewards/five", nil)
	w.Want("nothing has a price again", w.Call("PATCH", "/v1/settings", JSON{"currency": "jpy"})["currency"], "jpy")
	w.Refused(400, "invalid_product_item", "/v1/products", JSON{"id": "pro", "items": []JSON{Price(18.5)}})
	w.Product("pro", "main", Price(1800), Messages(100))
	w.CustomerWithCard("c", "pro")
	w.Billed("c", 1800)
}

// Of a first price and another currency at the same moment one is decided again: half a
// yen is no price.
func TestCUR14AFirstPriceAndAnotherCurrencyAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	priced, moved := 0, 0
	for range 40 {
		var both sync.WaitGroup
		var product, change Answer
		both.Go(func() {
			product = w.Do(stack.DefaultKey, "POST", "/v1/products", JSON{"id": "pro", "items": []JSON{Price(18.5)}})
		})
		both.Go(func() { change = w.Do(stack.DefaultKey, "PATCH", "/v1/settings", JSON{"currency": "jpy"}) })
		both.Wait()
		switch {
		case product.Status == 200 && change.Status == 400:
			priced++
			w.Call("DELETE", "/v1/products/pro", nil)
		case product.Status == 400 && change.Status == 200:
			moved++
		default:
			t.Errorf("the product %s, the currency %s", product.Text, change.Text)
		}
		w.Call("PATCH", "/v1/settings", JSON{"currency": "usd"})
	}
	t.Logf("%d times priced, %d times in yen", priced, moved)
}

func TestCUR15PricesThatSayTwoThings(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	tiers := func(first, last JSON) JSON {
		return JSON{"feature_id": "words", "included_usage": 0, "interval": "month", "usage_model": "pay_per_use", "tiers": []JSON{
			Merge(JSON{"to": 10, "amount": 2}, first), Merge(JSON{"to": "inf", "amount": 1}, last)}}
	}
	eur := func(price any) JSON { return JSON{"prices": JSON{"eur": price}} }
	for name, items := range map[string][]JSON{
		"an unknown currency":                 {In(Price(20), JSON{"xxx": 1})},
		"a code in capitals":                  {In(Price(20), JSON{"EUR": 18})},
		"below nothing":                       {In(Price(20), JSON{"eur": -1})},
		"nothing":                             {In(Price(20), JSON{"eur": 0})},
		"finer than a cent":                   {In(Price(20), JSON{"eur": 18.005})},
		"finer than a yen":                    {In(Price(20), JSON{"jpy": 18.5})},
		"finer than ten fils":                 {In(Price(20), JSON{"kwd": 6.155})},
		"the environment's own":               {In(Price(20), JSON{"usd": 18})},
		"more than Stripe charges":            {In(Price(20), JSON{"eur": 1000000})},
		"prices without a price":              {{"prices": JSON{"eur": 18}, "interval": "month"}},
		"prices beside tiers":                 {Merge(tiers(JSON{}, JSON{}), eur(1))},
		"a currency of one tier":              {tiers(eur(2), JSON{})},
		"tiers of two currencies":             {tiers(eur(2), JSON{"prices": JSON{"gbp": 1}})},
		"tiers that cost nothing in one":      {tiers(eur(0), eur(0))},
		"a price of two that is not in euros": {In(Price(20), JSON{"eur": 18}), Overage("words", 0, 0.1, 1)},
		"prices of something that costs none": {Merge(Consumable("words", 10), eur(1))},
		"more than Stripe charges, together":  {In(Price(20), JSON{"eur": 600000}), In(OneTimePrice(20), JSON{"eur": 600000})},
		"a usage price too fine for Stripe":   {In(Overage("words", 0, 0.1, 1), JSON{"eur": 0.00000000001})},
	} {
		answer := w.Do(stack.DefaultKey, "POST", "/v1/products", JSON{"id": "x", "items": items})
		if code := answer.Body["code"]; answer.Status != 400 || code != "invalid_product_item" && name != "more than Stripe charges, together" {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
	}
	for _, text := range []string{`{"eur":18,"eur":19}`, `{"eur":"18"}`, `[18]`, `18`, `{"eur":null}`} {
		answer := w.Do(stack.DefaultKey, "POST", "/v1/products", `{"id":"x","items":[{"price":20,"interval":"month","prices":`+text+`}]}`)
		w.Want(text, answer.Status, 400)
	}
	w.Refused(400, "invalid_inputs", "/v1/products", JSON{"id": "x", "currency": "eur", "items": []JSON{Price(20)}})
	w.Product("ok", "main", In(Price(20), JSON{"eur": 18, "kwd": 6.15}), tiers(JSON{"prices": JSON{"eur": 1.5, "kwd": 0.5}}, JSON{"prices": JSON{"eur": 1, "kwd": 0.001}}))
	made := w.Get("/v1/products/ok")
	w.Want("prices are answered", ValueAt(made, "items.0.prices"), JSON{"eur": 18, "kwd": 6.15})
	w.Want("and those of tiers", ValueAt(made, "items.1.tiers.0.prices"), JSON{"eur": 1.5, "kwd": 0.5})
	delete(made, "version")
	w.Want("what was read may be sent back", ValueAt(w.Call("POST", "/v1/products/ok", made), "version"), 1)
	w.Want("another price in euros is another price", ValueAt(w.Call("POST", "/v1/products/ok", JSON{"items": []JSON{In(Price(20), JSON{"eur": 19})}}), "items.0.prices.eur"), 19)
}
