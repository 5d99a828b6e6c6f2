package stories

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
	w.Catalog()
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
	w.Holds("c", "free active")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Holds("c", "free active", "g1_pro active")
}

func TestWHK02DuplicateCheckoutCompleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
	w.Buy("c", "g1_pro")
	for range 3 {
		w.Want("statuses", w.Deliver("checkout.session.completed"), []int{200})
	}
	w.Holds("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.Has("c", "words", true, 10)
	w.Track("c", "words", 4)
	w.Deliver("checkout.session.completed")
	w.Has("c", "words", true, 6)
}

func TestWHK03InvoiceBeforeCheckoutEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(w.Attach("c", "g1_pro")["checkout_url"].(string))
	w.Holds("c", "free active")
	w.Deliver("invoice.paid", "customer.subscription.created")
	w.Deliver("checkout.session.completed")
	w.Holds("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.Has("c", "words", true, 10)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Holds("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.Has("c", "words", true, 10)
}

func TestWHK08UnknownObjects(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
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
	w.Quiet()
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
	w.Catalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Page(page, "expire", nil)
	w.Holds("c", "free active")
	next := w.Attach("c", "g1_pro")["checkout_url"].(string)
	if next == page {
		t.Fatal("the expired page was given again")
	}
	w.Pay(next)
	w.Holds("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
}

func TestWHK10InvoiceSync(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
	w.Attach("c", "g1_pro", JSON{"invoice_only": true})
	open := w.Invoices("c")[0]
	w.Post("/_local/invoices/"+open.ID+"/void", nil)
	w.Want("status", Path(w.Customer("c", "invoices"), "invoices.0.status"), "void")
	w.Deliver("invoice.finalized")
	w.Want("status after a late event", Path(w.Customer("c", "invoices"), "invoices.0.status"), "void")
}

func TestWHK06SubscriptionDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Card("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.Attach("c", "g1_pro")
	w.Holds("c", "pro active", "addon_words active", "g1_pro active")
	w.Has("c", "words", true, 210)
	w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
	w.Holds("c", "free active", "g1_pro active")
	w.Has("c", "messages", true, 100)
	w.Has("c", "words", true, 10) // of the other subscription
	before := w.Customer("c", "invoices")
	w.Deliver("customer.subscription.deleted")
	w.Want("the customer after the event came again", w.Customer("c", "invoices"), before)
	w.Billed("c", 4000, 3000)
}

func TestWHK12HandlerCrashAndRedelivery(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Catalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation == "TransactWriteItems" {
			return dynamodb.Fault{Kind: dynamodb.FaultInternal}
		}
		return dynamodb.Fault{}
	})
	w.Pay(page)
	w.Stack.DB.SetFault(nil)
	w.Holds("c", "free active")
	w.Want("answers", answers(w, "checkout.session.completed"), []int{500})
	w.Advance("10m") // Stripe comes again after five minutes
	w.Want("answers", answers(w, "checkout.session.completed"), []int{500, 200})
	w.Holds("c", "free active", "g1_pro active")
	w.Has("c", "words", true, 10)
	w.Billed("c", 3000)
	w.Subscriptions("c", 1)
}

// answers lists what the deliveries of an event were answered.
func answers(w *World, kind string) []int {
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
