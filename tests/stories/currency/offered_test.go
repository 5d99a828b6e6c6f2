package currency

import (
	"slices"
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

func TestCUR09NotOffered(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "eur")
	w.Want("sold in euros", ids(w, "/v1/products?customer_id=c"), []any{"packs", "premium", "pro", "team", "trial", "use"})
	w.Want("all", len(ids(w, "/v1/products")), 7)
	for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
		if text := w.Refused(400, "currency_not_offered", path, JSON{"customer_id": "c", "product_id": "local"}); !strings.Contains(text, "eur") {
			w.Errorf("%s: %s", path, text)
		}
	}
	w.Want("one product", w.Do(stack.DefaultKey, "GET", "/v1/products/local?customer_id=c", nil).Status, 400)
	w.Refused(400, "currency_not_offered", "/v1/attach", JSON{"customer_id": "new", "product_id": "local", "currency": "gbp"})
	w.Want("nobody was made", w.Do(stack.DefaultKey, "GET", "/v1/customers/new", nil).Status, 404)
	wall := w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "with_preview": true})
	for _, p := range ValueAt(wall, "preview.products").([]any) {
		w.Want("the paywall's currency", []any{ValueAt(p, "currency"), ValueAt(p, "id") == "local"}, []any{"eur", false})
	}
	paysIn(w, "gbp", "gbp")
	w.Want("nothing is sold in pounds", ids(w, "/v1/products?customer_id=gbp"), []any{})
	w.Attach("gbp", "local", JSON{"is_custom": true, "items": []JSON{In(Price(20), JSON{"gbp": 15.5}), Messages(100)}})
	w.Billed("gbp", 1550)
	w.Refused(400, "currency_not_offered", "/v1/attach", JSON{"customer_id": "gbp", "product_id": "local", "is_custom": true, "items": []JSON{Price(25), Messages(100)}})
}

func ids(w *World, path string) (all []any) {
	w.Helper()
	all = []any{}
	for _, p := range w.Get(path)["list"].([]any) {
		all = append(all, ValueAt(p, "id"))
	}
	slices.SortFunc(all, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return all
}

func TestCUR10TheCurrencyIsFixedByTheFirstPurchase(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "pro", JSON{"currency": "eur"})
	w.Billed("c", 1800)
	w.Want("fixed", w.Customer("c")["currency"], "eur")
	w.Refused(400, "customer_currency_fixed", "/v1/attach", JSON{"customer_id": "c", "product_id": "packs", "currency": "jpy"})
	w.Refused(400, "customer_currency_fixed", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": "packs", "currency": "jpy"})
	w.Refused(400, "customer_currency_fixed", "/v1/customers", JSON{"id": "c", "currency": "usd"})
	w.Refused(400, "customer_currency_fixed", "/v1/customers/c", JSON{"currency": "usd"})
	w.Refused(400, "customer_currency_fixed", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "customer_data": JSON{"currency": "usd"}})
	w.Attach("c", "packs", Quantity("words", 100), JSON{"currency": "eur"})
	w.Billed("c", 1800, 900)
	// Without a choice it is the environment's.
	w.Post("/v1/customers", JSON{"id": "d"})
	w.PutGoodCard("d")
	w.Attach("d", "pro")
	w.Want("the environment's", w.Customer("d")["currency"], "usd")
	w.Refused(400, "customer_currency_fixed", "/v1/attach", JSON{"customer_id": "d", "product_id": "packs", "currency": "eur"})
	// Until something is bought it is chosen by whoever says it first.
	w.Post("/v1/customers", JSON{"id": "e"})
	w.Want("chosen later", w.Post("/v1/customers/e", JSON{"currency": "kwd"})["currency"], "kwd")
	w.Refused(400, "customer_currency_fixed", "/v1/attach", JSON{"customer_id": "e", "product_id": "pro", "currency": "eur"})
	for _, unknown := range []string{"EUR", "xxx", "euro"} {
		w.Refused(400, "invalid_inputs", "/v1/customers", JSON{"id": "f", "currency": unknown})
		w.Refused(400, "invalid_inputs", "/v1/attach", JSON{"customer_id": "f", "product_id": "pro", "currency": unknown})
	}
}

// A page in one currency is closed by an attach in another one: nobody pays in two.
func TestCUR10APageInAnotherCurrencyIsClosed(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	euros := w.Attach("c", "pro", JSON{"currency": "eur"})["checkout_url"].(string)
	yen := w.Attach("c", "packs", JSON{"currency": "jpy"})["checkout_url"].(string)
	w.Want("the first page is closed", w.ActOnPage(euros, "complete", JSON{"payment_method": "pm_card_visa"}).Status, 400)
	w.Pay(yen)
	w.WaitIdle()
	w.Want("the currency", w.Customer("c")["currency"], "jpy")
	w.Billed("c", 1100)
	w.Refused(400, "customer_currency_fixed", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "currency": "eur"})
}

func TestCUR16OneStripePriceForEachCurrency(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	for _, currency := range []string{"eur", "usd", "eur", "jpy", "usd"} {
		id := currency + LongText(len(w.CallStripe("GET", "/v1/customers", "")["data"].([]any)))
		paysIn(w, id, currency)
		w.Attach(id, "pro")
	}
	var prices []any
	for _, p := range w.CallStripe("GET", "/v1/prices", "limit=100")["data"].([]any) {
		prices = append(prices, ValueAt(p, "currency"))
	}
	slices.SortFunc(prices, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	w.Want("prices at Stripe", prices, []any{"eur", "jpy", "usd"})
}
