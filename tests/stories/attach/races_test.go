package attach

import (
	"sync"
	"testing"

	. "windfall/tests/world"
)

// A page is paid, its webhook is still on the way, and the application attaches
// again: the second call finds the payment, and nothing is charged twice.
func TestAttachWhileTheWebhookOfAPaidPageIsInFlight(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Pay(page)
	w.HasProducts("c", "free active") // its event has not come yet
	a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
	if a.Status != 400 || a.Body["code"] != "product_already_attached" {
		t.Errorf("the second attach: %d %s", a.Status, a.Text)
	}
	w.HasProducts("c", "free active", "g1_pro active")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
	w.HasBalance("c", "words", true, 10)
}

// The events of a purchase arrive in every order of a shuffle, and twice: the
// end is always the same.
func TestAPurchaseEndsTheSameInAnyOrderOfEvents(t *testing.T) {
	t.Parallel()
	for seed := range 12 {
		w := New(t)
		w.StandardCatalog()
		delivery := JSON{"mode": "shuffle", "seed": seed}
		if seed%2 == 1 {
			delivery = JSON{"mode": "duplicate"}
		}
		w.Post("/_local/delivery", delivery)
		w.Buy("c", "pro")
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.HasProducts("c", "pro active")
		w.Billed("c", 2000)
		w.HasBalance("c", "messages", true, 500)
	}
}

// Two pages of one group never both result in a product.
func TestASecondPageReplacesTheFirst(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	first := w.Attach("c", "g1_pro")["checkout_url"].(string)
	second := w.Attach("c", "g1_premium")["checkout_url"].(string)
	if a := w.ActOnPage(first, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
		t.Error("the replaced page could still be paid")
	}
	w.Pay(second)
	w.HasProducts("c", "free active", "g1_premium active")
	w.Billed("c", 5000)
}

func TestParallelFirstAttachesMakeOneCustomerAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"}); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Text)
			}
		})
	}
	all.Wait()
	hasCustomersAtStripe(w, 1)
	_, text, err := w.Stack.Stripe("GET", "/v1/checkout/sessions", nil)
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, s := range ParseJSON(t, text)["data"].([]any) {
		if ValueAt(s, "status") == "open" {
			open++
		}
	}
	w.Want("open pages", open, 1)
}
