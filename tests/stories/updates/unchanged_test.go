package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// refusedSaying checks that a call is refused with 400 and a sentence that names something, and writes nothing.
func refusedSaying(w *World, path string, body JSON, says string) {
	w.Helper()
	tables, objects := w.Stack.Tables(), w.Stack.Objects()
	a := w.Do(w.Stack.Key, "POST", path, body)
	if message, _ := a.Body["message"].(string); a.Status != 400 || !strings.Contains(message, says) {
		w.Errorf("%s %v: %d %s, want 400 and %s", path, body, a.Status, a.Text, says)
	}
	w.Unchanged(tables, objects)
}

// What an update says of a change is refused where nothing changes, and where an end has no part in it.
func TestUPD34TermsOfNoChange(t *testing.T) {
	t.Parallel()
	price := JSON{"customize": JSON{"price": JSON{"amount": 20, "interval": "month"}}}
	anchor, invoice, page := JSON{"billing_cycle_anchor": "now"}, JSON{"invoice_mode": JSON{"enabled": true}}, JSON{"redirect_mode": "always"}
	w := priced(t, "pro")
	halfOff(w)
	w.Advance("10d")
	for says, bodies := range map[string][]JSON{
		"billing_cycle_anchor": {of("pro", price, anchor), of("pro", JSON{"version": 1}, anchor)},
		"invoice_mode":         {of("pro", invoice), of("pro", price, invoice), of("free", JSON{"version": 1}, invoice)},
		"redirect_mode":        {of("pro", page), of("pro", later, page), of("pro", atOnce, page), of("pro", goOn, page)},
		"reward":               {of("pro", price, JSON{"discounts": []JSON{{"reward_id": "half"}}})},
	} {
		for _, body := range bodies {
			customer := "c"
			if body["plan_id"] == "free" {
				customer = "d"
				w.Post("/v1/customers", JSON{"id": "d"})
			}
			body["customer_id"] = customer
			for _, path := range []string{"/v1/billing.preview_update", "/v1/billing.update"} {
				refusedSaying(w, path, body, says)
			}
		}
	}
	for _, as := range []JSON{{"redirect_mode": "never"}, {"redirect_mode": "if_required"}, {"invoice_mode": JSON{"enabled": false}}, {"automatic_tax": false}, none} {
		w.Post("/v1/billing.update", of("pro", as)) // it is so
	}
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000)
}

// The same update sent again a moment after it was made is answered, whatever came with it, and charges
// nothing more. Later it is a new one, in which those terms have nothing to be about.
func TestUPD34TheSameUpdateAgain(t *testing.T) {
	t.Parallel()
	packs := units(500)
	for says, c := range map[string]struct {
		plan string
		body JSON
	}{
		"billing_cycle_anchor": {"pro", JSON{"customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}, "billing_cycle_anchor": "now"}},
		"invoice_mode":         {"pro", JSON{"customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}, "invoice_mode": JSON{"enabled": true}}},
		"reward":               {"pro_prepaid", Merge(packs, JSON{"discounts": []JSON{{"reward_id": "half"}}})},
	} {
		w := priced(t)
		halfOff(w)
		if c.plan == "pro" {
			w.Attach("c", "pro")
		} else {
			w.Attach("c", c.plan, Quantity("messages", 200))
		}
		w.Advance("15d")
		w.Post("/v1/billing.update", of(c.plan, c.body))
		w.WaitIdle()
		bills := len(w.Invoices("c"))
		w.Want(says+": it billed", bills, 2)
		again := w.Post("/v1/billing.update", of(c.plan, c.body))
		w.Want(says+": nothing more", again["invoice"], nil)
		w.WaitIdle()
		w.Want(says+": bills", len(w.Invoices("c")), bills)
		w.Advance("2m")
		refusedSaying(w, "/v1/billing.update", of(c.plan, c.body), says)
	}
}

// A plan that costs nothing begins as it would without the terms of a payment: there is nothing to send, or to pay on a page.
func TestUPD34NothingToPay(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Product("gift", "other", Consumable("messages", 10))
	w.Product("present", "third", Consumable("messages", 10))
	w.Product("treat", "fourth", Consumable("messages", 10))
	for _, answer := range []JSON{w.Post("/v1/billing.attach", of("gift", JSON{"invoice_mode": JSON{"enabled": true}})),
		w.Post("/v1/billing.attach", of("present", JSON{"redirect_mode": "always"}))} {
		w.Want("an invoice, a page", []any{answer["invoice"], answer["payment_url"]}, []any{nil, nil})
	}
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_id": "treat", "invoice": true})
	w.HasProducts("c", "free active", "gift active", "present active", "treat active")
	w.Want("invoices", len(w.Invoices("c")), 0)
}
