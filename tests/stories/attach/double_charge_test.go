package attach

import (
	"sync"
	"testing"

	. "windfall/tests/world"
)

// A page is open for a day. The same attach within it, even hours later,
// answers the same page; while the event of its payment is on the way, nothing
// new. An event in the middle of that charges nothing twice.
func TestAPageIsPaidOnceHoweverOftenItIsAskedFor(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Advance("3m")
	w.Want("page after three minutes", w.Attach("c", "g1_pro")["checkout_url"], page)
	w.Advance("20h")
	w.Want("page after twenty hours", w.Attach("c", "g1_pro")["checkout_url"], page)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(page)
	var told sync.WaitGroup
	told.Go(func() { w.Post("/_local/delivery", JSON{"mode": "immediate"}) })
	for range 3 {
		told.Go(func() {
			a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
			if a.Status != 400 || a.Body["code"] != "product_already_attached" {
				t.Errorf("an attach before the event of the payment: %d %s", a.Status, a.Text)
			}
		})
	}
	told.Wait()
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
	w.HasBalance("c", "words", true, 10)
	w.AdvanceTo(T1)
	w.Billed("c", 3000)
	w.HasProducts("c", "free active", "g1_pro active")
}

// The next day the page has expired; a new one is paid.
func TestAnExpiredPageIsReplacedAndOnlyTheNewOneCharged(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	old := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Advance("25h")
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	if page == old {
		t.Fatal("the expired page was given again")
	}
	if a := w.ActOnPage(old, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
		t.Error("the expired page could still be paid")
	}
	w.Pay(page)
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
}

// All events of a purchase arrive at the same moment.
func TestAllEventsOfAPurchaseAtOnceMakeOneProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(w.Attach("c", "g1_pro")["checkout_url"].(string))
	var ids []string
	for _, e := range w.Stack.Sim.Events() {
		if len(e.Deliveries) == 0 {
			ids = append(ids, e.ID, e.ID)
		}
	}
	for _, status := range w.Post("/_local/events/deliver", JSON{"ids": ids, "parallel": true})["statuses"].([]any) {
		if status != 200.0 && status != 409.0 {
			t.Errorf("an event was answered %v", status)
		}
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("10m")
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasBalance("c", "words", true, 10)
}

// The event of the invoice comes before that of the page; nothing is left
// behind that would block the customer's next purchase.
func TestAnInvoiceToldBeforeItsPageLeavesNothingStranded(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(w.Attach("c", "g1_pro")["checkout_url"].(string))
	w.Redeliver("invoice.paid")
	w.Attach("c", "booster") // meanwhile the customer buys more
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active", "g1_pro active", "booster active")
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil || len(s.Operations) != 0 || s.Pending() != nil {
		t.Errorf("left over: %v %v", s.Operations, err)
	}
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Billed("c", 3000, 900)
}
