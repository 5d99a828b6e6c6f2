package stripesim_test

import "testing"

// A deleted customer is left as a stub: nothing below its address can be
// reached, and its cards belong to no customer.
func TestDeletedCustomer(t *testing.T) {
	t.Parallel()
	for how, remove := range map[string]func(w *world, cus, clock string){
		"itself":              func(w *world, cus, _ string) { w.ok("DELETE", "/v1/customers/"+cus, "") },
		"with its test clock": func(w *world, _, clock string) { w.ok("DELETE", "/v1/test_helpers/test_clocks/"+clock, "") },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			clock, cus := w.onClock(start.Unix())
			first := w.get("/v1/customers/"+cus, "").str("invoice_settings.default_payment_method")
			second := w.post("/v1/payment_methods/pm_card_mastercard/attach", "customer="+cus).str("id")
			booked := w.post("/v1/customers/"+cus+"/balance_transactions", "amount=-500&currency=usd").str("id")
			sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
			before := len(w.sim.Events())
			remove(w, cus, clock)

			at := "/v1/customers/" + cus
			for _, c := range []refusal{
				{"its cards", "GET", at + "/payment_methods", "expand[]=data.customer", 404, "resource_missing", "id"},
				{"one of its cards", "GET", at + "/payment_methods/" + first, "", 404, "resource_missing", "id"},
				{"its balance", "GET", at + "/balance_transactions", "expand[]=data.customer", 404, "resource_missing", "id"},
				{"one line of its balance", "GET", at + "/balance_transactions/" + booked, "expand[]=customer", 404, "resource_missing", "id"},
				{"a line described", "POST", at + "/balance_transactions/" + booked, "description=late", 404, "resource_missing", "id"},
				{"its balance changed", "POST", at + "/balance_transactions", "amount=1&currency=usd", 404, "resource_missing", "id"},
				{"its discount", "DELETE", at + "/discount", "", 404, "resource_missing", "id"},
				{"the customer changed", "POST", at, "name=Ada", 404, "resource_missing", "id"},
				{"its cards, as a parameter", "GET", "/v1/payment_methods", "customer=" + cus, 400, "resource_missing", "customer"},
				{"a card attached", "POST", "/v1/payment_methods/" + second + "/attach", "customer=" + cus, 400, "resource_missing", "customer"},
			} {
				status, e := w.refused(c.method, c.path, c.form)
				if status != c.status || e.str("code") != c.code || e.str("param") != c.param || e.str("message") != "No such customer: '"+cus+"'" {
					t.Errorf("%s: %d %v", c.what, status, e)
				}
			}
			for _, card := range []string{first, second} {
				if got := w.get("/v1/payment_methods/"+card, "expand[]=customer"); got.get("customer") != nil {
					t.Errorf("card %s belongs to %v", card, got.get("customer"))
				}
			}
			if got := w.get("/v1/subscriptions/"+sub, "expand[]=customer"); got.get("customer.deleted") != true || got.get("customer.created") != nil {
				t.Errorf("the subscription's customer is %v", got.get("customer"))
			}
			detached := map[string]bool{}
			for _, e := range w.sim.Events()[before:] {
				if e.Type == "payment_method.detached" {
					detached[e.ObjectID] = true
				}
			}
			if !detached[first] || !detached[second] || len(detached) != 2 {
				t.Errorf("detached %v", detached)
			}
		})
	}
}
