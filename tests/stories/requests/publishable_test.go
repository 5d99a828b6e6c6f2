package requests

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// worldWithPublishableCheckout sells pro, and premium with a trial of this device, to publishable keys.
func worldWithPublishableCheckout(t *testing.T) (w *World, buy func(JSON) Answer) {
	w = New(t)
	w.StandardCatalog()
	w.AllowPublishableCheckout()
	key := w.PublishableKey()
	return w, func(body JSON) Answer {
		a := w.Do(key, "POST", "/v1/attach", body)
		w.WaitIdle()
		return a
	}
}

func TestAPublishableKeyOpensAPageForAProductAsItIsSold(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	a := buy(JSON{"customer_id": "c", "product_id": "pro", "customer_data": JSON{"email": "c@x.y", "name": "C"}, "success_url": "https://shop.example/thanks"})
	w.Want("the answer", []any{a.Status, a.Body["code"]}, []any{200, "checkout_created"})
	w.HasProducts("c", "free active")
	again := buy(JSON{"customer_id": "c", "product_id": "pro", "success_url": "https://shop.example/thanks"})
	w.Want("asked again", again.Body["checkout_url"], a.Body["checkout_url"])
	w.Pay(a.Body["checkout_url"].(string))
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000)
	w.Want("the e-mail", w.Customer("c")["email"], "c@x.y")
}

// Terms that only the application may set are refused one by one, and nothing
// is written.
func TestAPublishableKeySetsNoTerms(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	w.Post("/v1/customers", JSON{"id": "known"})
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	for _, terms := range []JSON{
		{"checkout_session_params": JSON{"subscription_data": JSON{"trial_period_days": 730}, "payment_method_collection": "if_required"}},
		{"checkout_session_params": JSON{"locale": "de"}},
		{"metadata": JSON{"k": "v"}},
		{"customer_data": JSON{"metadata": JSON{"k": "v"}}},
		{"currency": "usd"},
		{"customer_data": JSON{"currency": "eur"}},
		{"customer_id": "known", "currency": "eur"},
		{"customer_id": "known", "customer_data": JSON{"currency": "usd"}},
		{"is_custom": true, "items": []JSON{Price(1)}},
		{"is_custom": true, "free_trial": JSON{"length": 700, "duration": "day"}},
		{"free_trial": JSON{"length": 700, "duration": "day"}},
		{"free_trial": false},
		{"version": 1},
		{"plan_schedule": "immediate"},
		{"invoice": true},
		{"invoice_only": true},
		{"finalize_invoice": false},
		{"reward": "gift"},
		{"product_id": "free"},
		{"product_id": "booster"},
		{"customer_id": "known", "customer_data": JSON{"email": "mine@x.y"}},
		{"customer_id": "known", "customer_data": JSON{"fingerprint": "mine"}},
	} {
		a := buy(Merge(JSON{"customer_id": "c", "product_id": "pro"}, terms))
		if a.Status != 400 || a.Body["code"] == nil {
			t.Errorf("%v: got %d %s, want 400", terms, a.Status, a.Text)
		}
	}
	w.Unchanged(table, objects)
}

// The e-mail of a customer who was prepared in advance claims nothing.
func TestAPublishableKeyClaimsNobody(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	w.Post("/v1/customers", JSON{"email": "rich@corp.x", "name": "Rich"})
	a := buy(JSON{"customer_id": "attacker", "product_id": "pro", "customer_data": JSON{"email": "rich@corp.x"}})
	w.Want("the answer", []any{a.Status, a.Body["code"]}, []any{200, "checkout_created"})
	w.Want("the name", w.Customer("attacker")["name"], nil)
	claimed := w.Post("/v1/customers", JSON{"id": "rich", "email": "rich@corp.x"})
	w.Want("who claims with a secret key", claimed["name"], "Rich")
}

// A page that the application opened stays open for any call with a publishable
// key; one that a publishable key opened is replaced by the next.
func TestAPublishableKeyClosesNoPageOfTheApplication(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	page := w.Attach("victim", "pro", JSON{"metadata": JSON{"order": "7"}})["checkout_url"].(string)
	for _, product := range []string{"pro", "premium"} {
		a := buy(JSON{"customer_id": "victim", "product_id": product})
		w.Want("over the application's page: "+product, []any{a.Status, a.Body["code"]}, []any{409, "checkout_open"})
	}
	w.Pay(page)
	w.HasProducts("victim", "pro active")

	first := buy(JSON{"customer_id": "c", "product_id": "pro"}).Body["checkout_url"].(string)
	second := buy(JSON{"customer_id": "c", "product_id": "premium"}).Body["checkout_url"].(string)
	w.Want("the first page", w.ActOnPage(first, "complete", JSON{"payment_method": "pm_card_visa"}).Status, 400)
	w.Pay(second)
	w.HasProducts("c", "premium active")
	w.Billed("c", 5000)
}

// A trial without a card is for the application to give: on a page that anybody
// can open, a trial asks for a card like any other purchase.
func TestAPageOfAPublishableKeyAlwaysAsksForACard(t *testing.T) {
	t.Parallel()
	for name, duration := range map[string]string{"in days": "day", "in months": "month"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, buy := worldWithPublishableCheckout(t)
			w.Product("taste", "main", Price(20), Messages(700)).Trial(1, JSON{"duration": duration, "card_required": false})
			w.Post("/v1/customers", JSON{"id": "known"})
			for _, customer := range []string{"known", "new"} {
				a := buy(JSON{"customer_id": customer, "product_id": "taste", "force_checkout": customer == "new"})
				w.Want("the answer", []any{a.Status, a.Body["code"]}, []any{200, "checkout_created"})
				page := a.Body["checkout_url"].(string)
				if without := w.ActOnPage(page, "complete", JSON{}); without.Status == 200 {
					t.Errorf("%s completed the page without a card: %s", customer, without.Text)
				}
				w.WaitIdle()
				w.HasProducts(customer, "free active")
				w.Pay(page)
				w.HasProducts(customer, "taste trialing")
			}
			own := w.Attach("guest", "taste", JSON{"force_checkout": true})["checkout_url"].(string)
			w.Want("a page of the application asks for none", w.ActOnPage(own, "complete", JSON{}).Status, 200)
		})
	}
}

// The same Idempotency-Key with a publishable and with a secret key are two
// keys.
func TestIdempotencyKeysOfPublishableKeysAreApart(t *testing.T) {
	t.Parallel()
	w, _ := worldWithPublishableCheckout(t)
	public := w.PublishableKey()
	buy := JSON{"customer_id": "c", "product_id": "pro"}
	a := w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "thief", "product_id": "pro"}, IdempotencyKey("order-1001"))
	w.Want("the thief", a.Status, 200)
	a = w.Do(w.Stack.Key, "POST", "/v1/attach", buy, IdempotencyKey("order-1001"))
	w.Want("the application", []any{a.Status, a.Body["customer_id"]}, []any{200, "c"})
	b := w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"}, IdempotencyKey("order-1001"))
	w.Want("another body of the publishable key", []any{b.Status, b.Body["code"]}, []any{422, "idempotency_key_reused"})
	w.CustomerWithCard("d")
	paid := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro"}, IdempotencyKey("order-1002"))
	w.Want("paid", paid.Body["code"], "new_product_attached")
	w.WaitIdle()
	same := w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro"}, IdempotencyKey("order-1002"))
	w.Want("the application's answer stays its own", []any{same.Status, same.Header.Get("Idempotent-Replayed")}, []any{400, ""})
}

func TestAPublishableKeyOpensALimitedNumberOfPages(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	for i := range 60 {
		if a := buy(JSON{"customer_id": fmt.Sprint("c", i), "product_id": "pro"}); a.Status != 200 {
			t.Fatalf("page %d: %d %s", i+1, a.Status, a.Text)
		}
	}
	a := buy(JSON{"customer_id": "c60", "product_id": "pro"})
	w.Want("the 61st in a minute", []any{a.Status, a.Body["code"], a.Header.Get("Retry-After")}, []any{429, "rate_limit_exceeded", "1"})
	w.Want("nobody was made", w.Do(w.Stack.Key, "GET", "/v1/customers/c60", nil).Status, 404)
	w.Advance("1m")
	w.Want("a minute later", buy(JSON{"customer_id": "c60", "product_id": "pro"}).Status, 200)
}

// A free product has no page, also beside a paid one, and an archived one is
// not sold any more.
func TestAPublishableKeyBuysWhatIsForSale(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	w.Product("staff", "staff", Lifetime("messages", 1e6))
	w.Product("old", "old", Price(1))
	for _, id := range []string{"staff", "old"} {
		w.Call("PATCH", "/v1/products/"+id, JSON{"archived": true})
	}
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	for _, ids := range [][]string{{"staff", "topup"}, {"booster", "topup"}, {"topup", "booster"}, {"g2_free", "g1_pro"}, {"free", "addon_words"}, {"old"}, {"old", "g1_pro"}, {"g1_pro", "old"}} {
		ask := JSON{"customer_id": "c", "product_ids": ids}
		if ids[0] == "topup" || ids[len(ids)-1] == "topup" {
			ask = Merge(ask, Quantity("messages", 250))
		}
		if a := buy(ask); a.Status != 400 || a.Body["code"] != "invalid_request" {
			t.Errorf("%v: got %d %s, want 400 invalid_request", ids, a.Status, a.Text)
		}
	}
	w.Unchanged(table, objects)
	a := buy(JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "addon_words"}})
	w.Want("two products that are sold", []any{a.Status, a.Body["code"]}, []any{200, "checkout_created"})
	key := w.PublishableKey()
	for _, query := range []string{"include_archived=true", "all_versions=true", "include_archived=1&all_versions=1"} {
		for _, path := range []string{"/v1/products", "/v1/products_beta", "/v1/components/pricing_table"} {
			a := w.Do(key, "GET", path+"?"+query, nil)
			w.Want(path+" "+query, []any{a.Status, a.Body["code"]}, []any{401, "endpoint_not_public"})
		}
	}
}

// An invalid address is refused before a customer is created, by every call
// with customer data and with every key.
func TestAnEmailThatIsNoneIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	w, buy := worldWithPublishableCheckout(t)
	w.Post("/v1/customers", JSON{"id": "known"})
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	for _, email := range []string{"bad", "NaN", "\u0000", "@", "a@", "@x.y", "a b@x.y", "a@x y", " a@x.y", "a@x.y\n", "a@x.y,b@x.y", "<a@x.y>", "a@b@c"} {
		data := JSON{"customer_data": JSON{"email": email}}
		if a := buy(Merge(JSON{"customer_id": "new", "product_id": "pro"}, data)); a.Status != 400 {
			t.Errorf("a publishable attach with %q: %d %s", email, a.Status, a.Text)
		}
		for path, body := range map[string]JSON{
			"/v1/attach": {"customer_id": "new", "product_id": "pro"}, "/v1/attach/preview": {"customer_id": "new", "product_id": "pro"},
			"/v1/checkout": {"customer_id": "new", "product_id": "pro"}, "/v1/setup_payment": {"customer_id": "new"},
			"/v1/check": {"customer_id": "new", "feature_id": "messages"}, "/v1/track": {"customer_id": "new", "feature_id": "messages"},
		} {
			w.Refused(400, "invalid_inputs", path, Merge(body, data))
		}
		w.Refused(400, "invalid_inputs", "/v1/customers", JSON{"id": "new", "email": email})
		w.Refused(400, "invalid_inputs", "/v1/customers", JSON{"email": email})
		w.Refused(400, "invalid_inputs", "/v1/customers/known", JSON{"email": email})
	}
	w.Unchanged(table, objects)
}
