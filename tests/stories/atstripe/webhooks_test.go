package atstripe

import (
	"net/http"
	"testing"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

func TestWHK01Signature(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Pay(page)
	before := w.Stack.Tables()
	body := `{"id":"evt_1","object":"event","type":"checkout.session.completed","data":{"object":{}}}`
	forged := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: "whsec_wrong"})
	for _, signature := range []string{"", "nonsense", "t=1,v1=00", forged.Header} {
		a := w.Do("", "POST", "/webhooks/stripe", body, func(r *http.Request) { r.Header.Set("Stripe-Signature", signature) })
		if a.Status != 400 || a.Body["code"] != "invalid_signature" {
			t.Errorf("signature %q: %d %s", signature, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a forged event changed something")
	}
	w.HasProducts("c", "free active")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active", "g1_pro active")
}

func TestWHK02DuplicateCheckoutCompleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "g1_pro")
	for range 3 {
		w.Want("statuses", w.Redeliver("checkout.session.completed"), []int{200})
	}
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasBalance("c", "words", true, 10)
	w.Track("c", "words", 4)
	w.Redeliver("checkout.session.completed")
	w.HasBalance("c", "words", true, 6)
}

func TestWHK03InvoiceBeforeCheckoutEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(w.Attach("c", "g1_pro")["checkout_url"].(string))
	w.HasProducts("c", "free active")
	w.Redeliver("invoice.paid", "customer.subscription.created")
	w.Redeliver("checkout.session.completed")
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasBalance("c", "words", true, 10)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasBalance("c", "words", true, 10)
}

func TestWHK08UnknownObjects(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	for _, call := range []struct {
		path   string
		values map[string][]string
	}{
		{"/v1/customers", map[string][]string{"email": {"stranger@x.io"}}},
		{"/v1/products", map[string][]string{"name": {"Not ours"}}},
	} {
		if status, text, err := w.Stack.Stripe("POST", call.path, call.values); status != 200 || err != nil {
			t.Fatal(status, string(text), err)
		}
	}
	w.WaitIdle()
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			w.Want("answer to "+e.Type, d.Status, 200)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("an event of something unknown changed something")
	}
}

func TestWHK09SessionExpired(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.ActOnPage(page, "expire", nil)
	w.HasProducts("c", "free active")
	next := w.Attach("c", "g1_pro")["checkout_url"].(string)
	if next == page {
		t.Fatal("the expired page was given again")
	}
	w.Pay(next)
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
}

func TestWHK10InvoiceSync(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Attach("c", "g1_pro", JSON{"invoice_only": true})
	open := w.Invoices("c")[0]
	w.Post("/_local/invoices/"+open.ID+"/void", nil)
	w.Want("status", ValueAt(w.Customer("c", "invoices"), "invoices.0.status"), "void")
	w.Redeliver("invoice.finalized")
	w.Want("status after a late event", ValueAt(w.Customer("c", "invoices"), "invoices.0.status"), "void")
}

func TestWHK06SubscriptionDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.Attach("c", "g1_pro")
	w.HasProducts("c", "pro active", "addon_words active", "g1_pro active")
	w.HasBalance("c", "words", true, 210)
	w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "messages", true, 100)
	w.HasBalance("c", "words", true, 10) // of the other subscription
	before := w.Customer("c", "invoices")
	w.Redeliver("customer.subscription.deleted")
	w.Want("the customer after the event came again", w.Customer("c", "invoices"), before)
	w.Billed("c", 4000, 3000)
}

func TestWHK12HandlerCrashAndRedelivery(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation == "TransactWriteItems" {
			return dynamodb.Fault{Kind: dynamodb.FaultInternal}
		}
		return dynamodb.Fault{}
	})
	w.Pay(page)
	w.Stack.DB.SetFault(nil)
	w.HasProducts("c", "free active")
	w.Want("answers", deliveryStatuses(w, "checkout.session.completed"), []int{500})
	w.Advance("10m") // Stripe comes again after five minutes
	w.Want("answers", deliveryStatuses(w, "checkout.session.completed"), []int{500, 200})
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
}

// deliveryStatuses lists the statuses of an event's deliveries.
func deliveryStatuses(w *World, kind string) []int {
	var out []int
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			if e.Type == kind {
				out = append(out, d.Status)
			}
		}
	}
	return out
}
