package attach

import (
	"strconv"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// A preview finds the customer as attach will find them: with what has happened
// at Stripe and is not known here yet, with what the request says about them,
// and with the purchase that a crash interrupted.
func TestAPreviewFindsWhatAttachFinds(t *testing.T) {
	t.Parallel()
	hold := JSON{"mode": "hold"}
	for name, story := range map[string]struct {
		before  func(w *World)
		request JSON
		total   any    // due today; nil when it is refused
		code    string // of attach
	}{
		"a page was paid and the event is late": {func(w *World) {
			w.Post("/v1/customers", JSON{"id": "c"})
			page := w.Attach("c", "pro")["checkout_url"].(string)
			w.Post("/_local/delivery", hold)
			w.Pay(page)
		}, JSON{"product_id": "pro"}, nil, "product_already_attached"},
		"a page was paid and something dearer is wanted": {func(w *World) {
			w.Post("/v1/customers", JSON{"id": "c"})
			page := w.Attach("c", "pro")["checkout_url"].(string)
			w.Post("/_local/delivery", hold)
			w.Pay(page)
		}, JSON{"product_id": "premium"}, 30, "upgraded_to_new_product"},
		"the subscription ended with its period and the event is late": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			w.Cancel("c", "pro")
			w.Post("/_local/delivery", hold)
			w.AdvancePastRenewal(T1)
		}, JSON{"product_id": "premium"}, 50, "new_product_attached"},
		"the customer was prepared by an e-mail address": {func(w *World) {
			w.Post("/v1/customers", JSON{"email": "c@example.com", "fingerprint": "device"})
			w.CustomerWithCard("other")
			w.Post("/v1/customers/other", JSON{"fingerprint": "device"})
			w.Attach("other", "pro_trial")
		}, JSON{"product_id": "pro_trial", "customer_data": JSON{"email": "c@example.com"}}, 20, "checkout_created"},
		"the request says which device it is, and its trial is taken": {func(w *World) {
			w.CustomerWithCard("other")
			w.Post("/v1/customers/other", JSON{"fingerprint": "device"})
			w.Attach("other", "pro_trial")
			w.CustomerWithCard("c")
		}, JSON{"product_id": "pro_trial", "customer_data": JSON{"fingerprint": "device"}}, 20, "new_product_attached"},
		"a purchase was interrupted": {func(w *World) {
			w.CustomerWithCard("c")
			w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
				if method == "POST" && path == "/v1/subscriptions" {
					return stripesim.LoseAnswer
				}
				return stripesim.FaultNone
			})
			w.Refused(503, "stripe_unavailable", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
			w.Stack.Sim.SetFault(nil)
		}, JSON{"product_id": "pro"}, nil, "product_already_attached"},
		"what is paid once is bought together": {func(w *World) {
			w.Product("setup", "", JSON{"price": 12}).AddOn()
			w.CustomerWithCard("c")
		}, JSON{"product_ids": []string{"setup", "booster"}}, 12, "one_off_product_attached"},
		"two intervals": {func(w *World) {
			w.Product("year", "g3", JSON{"price": 200, "interval": "year"})
			w.CustomerWithCard("c")
		}, JSON{"product_ids": []string{"pro", "year"}}, nil, "invalid_request"},
		"two intervals on a page": {func(w *World) {
			w.Product("quarter", "g3", JSON{"price": 50, "interval": "month", "interval_count": 3})
		}, JSON{"product_ids": []string{"booster", "quarter", "pro"}}, nil, "invalid_request"},
		"more prices than a subscription takes": {func(w *World) {
			w.CustomerWithCard("c")
			wide(w, "eleven", 11)
			wide(w, "ten", 10)
		}, JSON{"product_ids": []string{"eleven", "ten"}}, nil, "invalid_request"},
		"as many prices as a subscription takes": {func(w *World) {
			w.CustomerWithCard("c")
			wide(w, "eleven", 11)
			wide(w, "nine", 9)
		}, JSON{"product_ids": []string{"eleven", "nine"}}, 0, "new_product_attached"},
		"what was given is bought without a card": {func(w *World) {
			w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Messages(40)}})
		}, JSON{"product_id": "pro"}, 20, "checkout_created"},
		"what was given is bought with a card": {func(w *World) {
			w.CustomerWithCard("c")
			w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Messages(40)}})
		}, JSON{"product_id": "pro"}, 20, "new_product_attached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			story.before(w)
			body := Merge(JSON{"customer_id": "c"}, story.request)
			said := w.Do(w.Stack.Key, "POST", "/v1/attach/preview", body)
			w.Want("due today", ValueAt(said.Body, "due_today.total"), story.total)
			checkout := w.Do(w.Stack.Key, "POST", "/v1/checkout", body)
			w.Want("total of checkout", checkout.Body["total"], story.total)
			done := w.Do(w.Stack.Key, "POST", "/v1/attach", body)
			w.Want("code", done.Body["code"], story.code)
			for _, a := range []Answer{said, checkout} {
				if a.Status != done.Status || a.Status != 200 && a.Text != done.Text {
					t.Errorf("preview: %d %s\nattach:  %d %s", a.Status, a.Text, done.Status, done.Text)
				}
			}
		})
	}
}

// wide is a product of this many prices.
func wide(w *World, id string, prices int) {
	var items []JSON
	for n := range prices {
		feature := id + strconv.Itoa(n)
		w.Feature(feature, "single_use")
		items = append(items, JSON{"feature_id": feature, "usage_model": "pay_per_use", "price": 1, "interval": "month"})
	}
	w.Product(id, id, items...)
}

// Until a purchase that runs has ended, a preview is refused as attach is.
func TestAPreviewWaitsForTheCommandThatRuns(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	during := map[string]Answer{}
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && path == "/v1/subscriptions" && len(during) == 0 {
			for _, path := range []string{"/v1/attach/preview", "/v1/attach"} {
				during[path] = w.Do(w.Stack.Key, "POST", path, JSON{"customer_id": "c", "product_id": "premium"})
			}
		}
		return stripesim.FaultNone
	})
	w.Attach("c", "pro")
	w.Stack.Sim.SetFault(nil)
	for path, a := range during {
		if a.Status != 409 || a.Body["code"] != "command_in_progress" {
			t.Errorf("%s: %d %s", path, a.Status, a.Text)
		}
	}
	w.Want("answers", len(during), 2)
	w.Want("due today", ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"}), "due_today.total"), 30)
}
