package payments

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// Invoices are listed page by page, newest first, each once, with what was refunded of it.
func TestTheInvoicesOfACustomer(t *testing.T) {
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	charge := ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[1].ID, ""), "charge")
	w.CallStripe("POST", "/v1/refunds", fmt.Sprint("amount=700&charge=", charge))
	w.WaitIdle()
	var seen []any
	cursor := any("")
	for range 4 {
		page := w.Post("/v1/invoices.list", JSON{"customer_id": "c", "start_cursor": cursor, "limit": 1})
		for _, i := range page["list"].([]any) {
			i := i.(JSON)
			seen = append(seen, []any{i["plan_ids"], i["status"], i["total"], i["refunded_amount"], i["customer_id"]})
		}
		if cursor = page["next_cursor"]; cursor == nil {
			break
		}
	}
	row := func(refunded float64) []any { return []any{[]any{"pro"}, "paid", 20.0, refunded, "c"} }
	w.Want("invoices", seen, []any{row(0), row(7), row(0)})
	w.Refused(400, "invalid_cursor", "/v1/invoices.list", JSON{"customer_id": "c", "start_cursor": "bm90aGluZw"})
	w.CustomerWithCard("d", "pro")
	own := w.Post("/v1/invoices.list", JSON{"customer_id": "c", "limit": 1})["next_cursor"]
	w.Refused(400, "invalid_cursor", "/v1/invoices.list", JSON{"customer_id": "d", "start_cursor": own})
	w.Refused(400, "invalid_inputs", "/v1/invoices.list", JSON{"customer_id": "c", "status": []string{"lost"}})
}

// Stripe dates invoices by the second, in which a customer may buy several times, each with a key of its own: they are
// listed in the order in which they were made, as the history and the customer have them.
func TestTheInvoicesOfOneSecond(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	var want, listed, history, known []any
	for n := range 8 {
		packs := []JSON{{"feature_id": "messages", "quantity": 250 * (n + 1)}}
		w.Want("bought", w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "topup", "options": packs}, IdempotencyKey(fmt.Sprint("key ", n))).Status, 200)
		want = append([]any{9.0 * float64(n+1)}, want...)
	}
	w.WaitIdle()
	want = append(want, 20.0)
	for cursor := any(""); cursor != nil; {
		page := w.Post("/v1/invoices.list", JSON{"customer_id": "c", "start_cursor": cursor, "limit": 2})
		for _, i := range page["list"].([]any) {
			listed = append(listed, ValueAt(i, "total"))
		}
		cursor = page["next_cursor"]
	}
	w.Want("listed", listed, want)
	for _, i := range w.Customer("c", "invoices")["invoices"].([]any) {
		known = append(known, ValueAt(i, "total"))
	}
	w.Want("of the customer", known, want)
	for _, e := range w.Get("/v1/customers/c/audit")["list"].([]any) {
		if amount := ValueAt(e, "amount"); amount != nil {
			history = append(history, amount)
		}
	}
	w.Want("history", history, want)
}
