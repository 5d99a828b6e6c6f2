package payments

import (
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	. "windfall/tests/world"
)

// topUps is a world with a pack of messages, and a customer with a card.
func topUps(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	return w
}

// A top-up that was bought on a page is taken back also when the news of the
// refund comes before that of the purchase.
func TestARefundIsHeardOfBeforeThePurchase(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	page := w.Attach("c", "topup", Quantity("messages", 500))["checkout_url"].(string)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(page)
	id := w.AtStripe("c")["customer"].(JSON)["id"].(string)
	_, text, err := w.Stack.Stripe("GET", "/v1/charges", url.Values{"customer": {id}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Stack.Stripe("POST", "/v1/refunds", url.Values{"charge": {ValueAt(ParseJSON(t, text), "data.0.id").(string)}, "amount": {"900"}}); err != nil {
		t.Fatal(err)
	}
	w.Redeliver("charge.refunded")
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 350) // 100 free, 500 - 250
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 350)
	w.Want("history", entries(w, "c"), []string{"payment_refunded"})
}

// What was bought twice counts together; a refund of one purchase takes no more
// than it sold.
func TestARefundOfOneOfTwoTopUps(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Attach("c", "topup", Quantity("messages", 500))
	w.Track("c", "messages", 100+300) // the free ones first
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 450)
	refunded(w, "c", 0) // the second
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 0)
	w.Post("/_local/invoices/"+w.Invoices("c")[0].ID+"/refund", JSON{})
	w.HasBalance("c", "messages", false, 0)
	w.Want("history", entries(w, "c"), []string{"payment_refunded", "payment_refunded"})
}

// Uses go on while the units are taken back: none is counted twice, and none
// goes below zero.
func TestARefundWhileUnitsAreUsed(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	var used atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 3 {
				if a := w.Do(w.Stack.Key, "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 5, "send_event": true}); a.Body["allowed"] == true {
					used.Add(5)
				}
			}
		})
	}
	all.Go(func() { takenBack(w, "c", "refund", 450) })
	all.Wait()
	w.WaitIdle()
	left := ValueAt(w.Customer("c"), "features.messages.balance").(float64)
	taken := 350 - left - float64(used.Load())
	if left < 0 || taken < 0 || taken > 125 || taken < 125 && left > 0 {
		t.Errorf("%v are left, %d used, %v taken back", left, used.Load(), taken)
	}
}

// The money of an invoice with several products stands for all of them alike;
// only units that last are taken back.
func TestARefundOfSeveralProducts(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.Product("words_pack", "", JSON{"price": 11}, Lifetime("words", 33)).AddOn()
	w.PutGoodCard("c")
	w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_ids": []string{"topup", "words_pack", "pro"}}, Quantity("messages", 250)))
	w.Billed("c", 4000)
	refunded(w, "c", 1000)                                                                // a quarter
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 500+250-62) // 62.5 are due
	w.Want("words", ValueAt(w.Customer("c"), "features.words.balance"), 33-8)             // 8.25 are due
	w.HasProducts("c", "pro active", "topup active", "words_pack active")
}

// A bank that only asks has taken nothing.
func TestAnInquiryTakesNothing(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.PutCard("c", "pm_card_createDisputeInquiry")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 350)
	w.Want("history", entries(w, "c"), []string{})
}

// Whoever pays with a disputed card at once has the units for no moment longer
// than the event takes.
func TestACardThatDisputesEachPayment(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.PutCard("c", "pm_card_createDispute")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Attach("c", "pro")
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 500)
	w.HasProducts("c", "pro active", "topup active")
	w.Want("history", entries(w, "c"), []string{"payment_disputed", "payment_disputed"})
}

// Charges that staff made, and those of a customer who is gone, are not ours.
func TestARefundOfSomethingElse(t *testing.T) {
	t.Parallel()
	w := topUps(t)
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	id := w.Customer("c")["stripe_id"].(string)
	card := ValueAt(w.AtStripe("c"), "payment_methods.0.id").(string)
	for _, customer := range []string{id, ""} {
		values := url.Values{"amount": {"900"}, "currency": {"usd"}, "confirm": {"true"}, "payment_method": {"pm_card_visa"}}
		if customer != "" {
			values.Set("customer", customer)
			values.Set("payment_method", card)
		}
		_, text, err := w.Stack.Stripe("POST", "/v1/payment_intents", values)
		if err != nil {
			t.Fatal(err)
		}
		charge := ValueAt(ParseJSON(t, text), "latest_charge").(string)
		if status, text, err := w.Stack.Stripe("POST", "/v1/refunds", url.Values{"charge": {charge}, "amount": {"100"}}); status != 200 || err != nil {
			t.Fatal(string(text), err)
		}
		w.WaitIdle()
		w.Stack.Sim.Dispute(charge, 300)
		w.WaitIdle()
	}
	w.Want("history", entries(w, "c"), []string{})
	w.Want("messages", ValueAt(w.Customer("c"), "features.messages.balance"), 350)
}

// A refund of a customer who was deleted here gives and takes nothing, and is no
// charge that a person must look at.
func TestARefundAfterTheDeletion(t *testing.T) {
	t.Parallel()
	heard := &MetricLog{}
	w := heard.World(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	invoice := w.Invoices("c")[0].ID
	w.Call("DELETE", "/v1/customers/c", nil)
	w.Post("/_local/invoices/"+invoice+"/refund", JSON{"amount": 100})
	w.Post("/_local/invoices/"+invoice+"/dispute", JSON{"amount": 800})
	w.Want("alarms", []any{heard.Sum("PaymentReturned"), heard.Sum("DeletedCustomerCharged"), heard.Sum("Broken")}, []any{0, 0, 0})
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Want("history", entries(w, "c"), []string{})
}
