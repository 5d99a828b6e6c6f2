package customers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Changes at Stripe for a deleted customer are noted in the history, which is
// read by the internal id, and ring an alarm. The event is accepted.
func TestWhatStripeStillChargesADeletedCustomer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after func(w *World, stripeID string)
		says          string
	}{
		"staff start a subscription": {func(w *World, _ string) { w.CustomerWithCard("c", "pro") }, func(w *World, id string) {
			price := ValueAt(w.CallStripe("POST", "/v1/prices", "currency=usd&unit_amount=900&recurring[interval]=month&product_data[name]=X"), "id").(string)
			w.CallStripe("POST", "/v1/subscriptions", "customer="+id+"&items[0][price]="+price)
		}, "subscription runs"},
		"an open invoice is paid": {func(w *World, _ string) { w.Attach("c", "pro", JSON{"invoice_only": true}) }, func(w *World, id string) {
			in := ValueAt(w.CallStripe("GET", "/v1/invoices", "customer="+id), "data.0.id").(string)
			w.Post("/_local/invoices/"+in+"/pay", nil)
		}, "invoice was paid"},
		"a page of staff's is paid": {func(w *World, _ string) { w.CustomerWithCard("c", "pro") }, func(w *World, id string) {
			price := ValueAt(w.CallStripe("POST", "/v1/prices", "currency=usd&unit_amount=900&product_data[name]=X"), "id").(string)
			page := w.CallStripe("POST", "/v1/checkout/sessions", "mode=payment&success_url=http://x.io&customer="+id+"&line_items[0][quantity]=1&line_items[0][price]="+price)
			w.Pay(page["url"].(string))
		}, "page was paid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &MetricLog{}
			w := heard.World(t)
			w.StandardCatalog()
			c.before(w, "")
			made := w.Get("/v1/customers/c?with_autumn_id=true")
			stripeID, internal := made["stripe_id"].(string), made["autumn_id"].(string)
			w.RequireDeleted("c", "?cancel=true")
			w.Post("/v1/customers", JSON{"id": "c"}) // another customer with the same id
			w.Advance("1h")
			if heard.Sum("DeletedCustomerCharged") != 0 {
				t.Error("the alarm rings before anything was charged")
			}
			c.after(w, stripeID)
			w.WaitIdle()
			for _, e := range w.Stack.Sim.Events() {
				for _, d := range e.Deliveries {
					w.Want("answer to "+e.Type, d.Status, 200)
				}
			}
			if heard.Sum("DeletedCustomerCharged") == 0 {
				t.Error("no alarm rings")
			}
			found := false
			for _, e := range w.Get("/v1/customers/" + internal + "/audit")["list"].([]any) {
				found = found || ValueAt(e, "rule") == "deleted_customer_charged" && strings.Contains(ValueAt(e, "why").(string), c.says)
			}
			if !found {
				t.Errorf("the history does not say %q: %v", c.says, w.Get("/v1/customers/" + internal + "/audit")["list"])
			}
			w.HasProducts("c", "free active")
			w.Want("of who has the id today", len(w.Customer("c", "invoices")["invoices"].([]any)), 0)
		})
	}
}

// A customer prepared by e-mail address is deleted by the internal id.
func TestDeleteOfACustomerWithoutID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	id := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": nil, "email": "jo@x.io"})["autumn_id"].(string)
	page := w.Attach(id, "pro")["checkout_url"].(string)
	w.Pay(page)
	w.Want("the refusal", w.DeleteCustomer(id, "").Body["code"], "customer_has_subscriptions")
	l := ledgerAtStripe(w, id)
	w.RequireDeleted(id, "?cancel=true")
	w.Want("subscriptions", l.subscriptions(), []string{"canceled"})
	again := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": nil, "email": "jo@x.io"})
	if again["autumn_id"] == id || again["stripe_id"] != nil {
		t.Errorf("the e-mail address leads to who is gone: %v", again)
	}
}

// A customer created under the same id is a new one: events, codes and rewards
// of the former are not theirs.
func TestWhoeverComesAfterADeletedCustomerBeginsAnew(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "gift", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "max_redemptions": 5})
	w.CustomerWithCard("c", "pro")
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "both"})["code"]
	old := ledgerAtStripe(w, "c")
	w.RequireDeleted("c", "?cancel=true")
	w.CustomerWithCard("c", "premium")
	w.Redeliver("customer.subscription.created", "customer.subscription.deleted", "invoice.paid")
	w.HasProducts("c", "premium active")
	w.Billed("c", 5000)
	if ledgerAtStripe(w, "c") == old {
		t.Error("the Stripe customer is the one from before")
	}
	w.Post("/v1/customers", JSON{"id": "friend"})
	a := w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"code": code, "customer_id": "friend"})
	w.Want("the code of who is gone", a.Status, 404)
	if fresh := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "both"})["code"]; fresh == code {
		t.Error("the code is inherited")
	}
	// Staff link the old Stripe customer to the new one on purpose.
	w.RequireDeleted("c", "?cancel=true")
	linked := w.Post("/v1/customers", JSON{"id": "c", "stripe_id": old.id})
	w.Want("linked", linked["stripe_id"], old.id)
}

// A deleted customer receives no reward and brings none: rewards waiting for
// both sides leave nothing behind for the schedule.
func TestRewardsOfADeletedCustomer(t *testing.T) {
	t.Parallel()
	heard := &MetricLog{}
	w := heard.World(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "ten", "type": "percentage_discount", "discount_config": JSON{
		"discount_value": 10, "duration_type": "months", "duration_value": 2, "apply_to_all": true, "price_ids": []string{}}})
	for id, terms := range map[string]JSON{"joins": {"when": "customer_creation"}, "buys": {"when": "checkout", "product_ids": []string{"pro"}}} {
		w.Post("/v1/reward_programs", Merge(JSON{"id": id, "internal_reward_id": "ten", "received_by": "referrer", "max_redemptions": 5}, terms))
	}
	w.CustomerWithCard("c", "pro")
	joins := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "joins"})["code"]
	buys := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "buys"})["code"]
	for _, friend := range []string{"f1", "f2", "f3"} {
		w.Post("/v1/customers", JSON{"id": friend})
	}
	for _, friend := range []string{"f1", "f2"} { // the second reward waits for the first
		w.Post("/v1/referrals/redeem", JSON{"code": joins, "customer_id": friend})
	}
	waits := w.Post("/v1/referrals/redeem", JSON{"code": buys, "customer_id": "f3"})["id"].(string)
	if !strings.Contains(w.Stack.Tables(), "REWARD#0") {
		t.Fatal("no reward waits")
	}
	w.RequireDeleted("c", "?cancel=true")
	if strings.Contains(w.Stack.Tables(), "REWARD#0") {
		t.Error("a reward waits for who is gone")
	}
	w.CustomerWithCard("f3", "pro") // what the redemption waited for
	w.Advance("3 months")
	w.HasProducts("f3", "pro active")
	w.Want("the redemption", ValueAt(w.Get("/v1/redemptions/"+waits), "triggered"), false)
	w.Want("failures of the schedule, and charges", []any{heard.Sum("SweepFailed"), heard.Sum("DeletedCustomerCharged")}, []any{0, 0})
}

// Late events of a customer's former Stripe customer do not concern the present
// customer of that id.
func TestEventsOfAFormerStripeCustomer(t *testing.T) {
	t.Parallel()
	heard := &MetricLog{}
	w := heard.World(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	former := w.Customer("c")["stripe_id"].(string)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	in := w.CallStripe("POST", "/v1/invoices", "customer="+former)["id"].(string)
	w.CallStripe("POST", "/v1/invoiceitems", "amount=500&currency=usd&customer="+former+"&invoice="+in)
	w.Post("/_local/invoices/"+in+"/pay", nil)
	w.CallStripe("DELETE", "/v1/customers/"+former, "")
	w.Post("/v1/customers/c/billing_portal", nil)
	if w.Customer("c")["stripe_id"] == former {
		t.Fatal("the customer is linked to the one that is gone")
	}
	w.RequireDeleted("c", "?cancel=true")
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.WaitIdle()
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			w.Want("answer to "+e.Type, d.Status, 200)
		}
	}
	w.HasProducts("c", "free active")
	w.Want("invoices", len(w.Customer("c", "invoices")["invoices"].([]any)), 0)
	w.Want("charges heard of", heard.Sum("DeletedCustomerCharged"), 0)
}

// Two concurrent deletes delete one customer, and both succeed.
func TestDeleteTwiceAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 500)
	l := ledgerAtStripe(w, "c")
	answers := make(chan Answer, 4)
	for range cap(answers) {
		go func() { answers <- w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil) }()
	}
	done := 0
	for range cap(answers) {
		a := <-answers
		if a.Status != 200 && a.Body["code"] != "customer_not_found" {
			t.Errorf("%d %s", a.Status, a.Text)
		}
		if a.Status == 200 {
			done++
		}
	}
	w.WaitIdle()
	if done == 0 {
		t.Error("no answer says that it is done")
	}
	w.Want("invoices", l.invoices(), []string{"2000 paid", "4000 paid"})
	hasDeletedCharges(w, 0)
}

// A repeated delete with an Idempotency-Key gets the same answer.
func TestDeleteAskedAgainWithItsKey(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	for i := range 2 {
		a := w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil, IdempotencyKey("k"))
		w.Want(fmt.Sprint("answer ", i), []any{a.Status, a.Body["success"]}, []any{200, true})
	}
	w.Want("without the key", w.DeleteCustomer("c", "").Status, http.StatusNotFound)
}

// The renewal's events come while, and after, its customer is deleted.
func TestDeleteWhileARenewalIsHeardOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 500)
	l := ledgerAtStripe(w, "c")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvancePastRenewal(T1)
	done := make(chan Answer, 1)
	go func() { done <- w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil) }()
	for _, kind := range []string{"invoice.created", "customer.subscription.updated", "invoice.paid"} {
		for _, got := range w.Redeliver(kind) {
			if got != 200.0 && got != 409.0 {
				t.Errorf("%s: %v", kind, got)
			}
		}
	}
	if a := <-done; a.Status != 200 {
		t.Errorf("delete: %d %s", a.Status, a.Text)
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.WaitIdle()
	w.Advance("1 month")
	w.Want("invoices", l.invoices(), []string{"2000 paid", "2000 paid", "4000 paid"})
	w.Want("subscriptions", l.subscriptions(), []string{"canceled"})
	hasDeletedCharges(w, 0)
}

// A customer of very many rows is deleted in parts.
func TestDeleteOfACustomerOfManyRows(t *testing.T) {
	t.Parallel()
	w := New(t)
	for i := range 7 { // counted on many rows each
		id := fmt.Sprint("f", i)
		w.Feature(id, "single_use", JSON{"write_shards": 16})
		w.Product("p_"+id, "", Unlimited(id)).AddOn()
		w.Attach("c", "p_"+id)
		w.Track("c", id, 1)
	}
	if n := strings.Count(w.Stack.Tables(), "#SHARD#"); n < 100 {
		t.Fatalf("%d rows are not many", n)
	}
	w.RequireDeleted("c", "")
	for _, left := range []string{"#CUS#c\"", "#SHARD#"} {
		if strings.Contains(w.Stack.Tables(), left) {
			t.Errorf("rows %s are left", left)
		}
	}
}
