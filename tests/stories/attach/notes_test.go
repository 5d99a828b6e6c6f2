package attach

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// The metadata of a purchase goes to Stripe, where the application's own tools look for it: on the page and what it
// makes, on the subscription that is begun or changed by card, and on the invoice of what is paid once.
func TestATT21MetadataOfAPurchase(t *testing.T) {
	t.Parallel()
	notes := func(order string) JSON { return JSON{"metadata": JSON{"order": order, "seats": 7}} }
	for name, c := range map[string]struct {
		card bool
		buy  func(w *World, notes JSON) JSON
		at   func(w *World) any // the metadata at Stripe
	}{
		"a subscription by card": {true, func(w *World, n JSON) JSON { return w.Attach("c", "pro", n) }, onSubscription},
		"… in the second dialect": {true, func(w *World, n JSON) JSON {
			return w.Post("/v1/billing.attach", Merge(JSON{"customer_id": "c", "plan_id": "pro"}, n))
		}, onSubscription},
		"several at once": {true, func(w *World, n JSON) JSON {
			return w.Post("/v1/billing.multi_attach", Merge(JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "pro"}, {"plan_id": "g1_pro"}}}, n))
		}, onSubscription},
		"by invoice":  {false, func(w *World, n JSON) JSON { return w.Attach("c", "pro", JSON{"invoice": true}, n) }, onSubscription},
		"an upgrade":  {true, func(w *World, n JSON) JSON { w.Attach("c", "pro"); return w.Attach("c", "premium", n) }, onSubscription},
		"a downgrade": {true, func(w *World, n JSON) JSON { w.Attach("c", "premium"); return w.Attach("c", "pro", n) }, onSubscription},
		"paid once":   {true, func(w *World, n JSON) JSON { return w.Attach("c", "topup", Quantity("messages", 250), n) }, onInvoice},
		"on a page":   {false, func(w *World, n JSON) JSON { a := w.Attach("c", "pro", n); w.Pay(a["checkout_url"].(string)); return a }, onSubscription},
		"once, on a page": {false, func(w *World, n JSON) JSON {
			a := w.Attach("c", "topup", Quantity("messages", 250), n)
			w.Pay(a["checkout_url"].(string))
			return a
		}, onInvoice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Post("/v1/customers", JSON{"id": "c"})
			if c.card {
				w.PutGoodCard("c")
			}
			c.buy(w, notes("A-1"))
			got := c.at(w)
			w.Want("notes", []any{ValueAt(got, "order"), ValueAt(got, "seats"), ValueAt(got, "customer_id")}, []any{"A-1", "7", "c"})
			w.Want("none on the customer", ValueAt(w.CallStripe("GET", "/v1/customers/"+w.StripeID("c"), ""), "metadata.order"), nil)
		})
	}
}

func onSubscription(w *World) any {
	return w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription("c"), "")["metadata"]
}

func onInvoice(w *World) any {
	all := w.Invoices("c")
	return w.CallStripe("GET", "/v1/invoices/"+all[len(all)-1].ID, "")["metadata"]
}

// Notes of later purchases are merged key by key, as Stripe does. More than it takes, or a name of ours, is refused, and
// changes nothing.
func TestATT21MetadataThatStripeCannotKeep(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	many := func(name string) JSON {
		all := JSON{}
		for n := range 40 {
			all[fmt.Sprintf("%s%d", name, n)] = "x"
		}
		return JSON{"metadata": all}
	}
	w.Attach("c", "booster", JSON{"metadata": JSON{"order": "1"}}) // costs nothing: an application sends its notes with each purchase
	for _, own := range []string{"operation_id", "change_id", "command", "collection_after", "reward_operation"} {
		w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "metadata": JSON{own: "forged"}})
	}
	w.Attach("c", "pro", many("a"))
	w.Billed("c", 2000)
	w.Refused(400, "stripe_error", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "premium"}, many("b")))
	w.Billed("c", 2000)
	w.HasProducts("c", "booster active", "pro active")
	w.Attach("c", "premium", JSON{"metadata": JSON{"a1": "y"}})
	w.Want("merged", []any{ValueAt(onSubscription(w), "a0"), ValueAt(onSubscription(w), "a1")}, []any{"x", "y"})
	w.HasProducts("c", "booster active", "premium active")
}

// Stripe shows the metadata of a subscription on each line that it is billed itself. A name that Windfall notes on lines
// of its own is the company's there: the invoice sells, pays and credits what it would without it.
func TestATT21MetadataOnTheLinesOfASubscription(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"product_id", "feature_id", "reward_id", "invoice_credits", "seats_of", "list_amount", "list_amount_all", "whole_period", "billing_units", "code"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			w.Attach("c", "ultra", JSON{"metadata": JSON{name: "7"}})
			w.AdvancePastRenewal(T1)
			for _, in := range w.Invoices("c") {
				w.Want("noted at Stripe", ValueAt(w.CallStripe("GET", "/v1/invoices/"+in.ID, ""), "lines.data.0.metadata."+name), "7")
			}
			sold := []any{}
			for _, in := range w.Customer("c", "invoices")["invoices"].([]any) {
				sold = append(sold, ValueAt(in, "product_ids.0"))
			}
			w.Want("sold", sold, []any{"ultra", "ultra"})
			w.Post("/_local/invoices/"+w.Invoices("c")[1].ID+"/refund", JSON{"amount": 15000})
			w.AdvanceTo(T1.Add(31 * 12 * time.Hour))
			w.Post("/v1/billing.update", JSON{"customer_id": "c", "plan_id": "ultra", "cancel_action": "cancel_immediately"})
			w.Billed("c", 20000, 20000, -2500) // of what stayed paid
		})
	}
}

// Notes of later purchases leave room for those of Windfall: more would keep an end with a refund, and the withdrawal of
// an end, from being noted at Stripe for ever.
func TestATT21MetadataLeavesRoom(t *testing.T) {
	t.Parallel()
	notes := func(name string, n int) JSON {
		all := JSON{}
		for i := range n {
			all[fmt.Sprintf("%s%d", name, i)] = "x"
		}
		return JSON{"metadata": all}
	}
	c := JSON{"customer_id": "c"}
	end := Merge(JSON{"plan_id": "ultra", "cancel_action": "cancel_immediately"}, c)
	for name, then := range map[string]func(w *World){
		"a downgrade": func(w *World) {
			more := Merge(JSON{"product_id": "pro"}, c, notes("a", 37))
			w.Refused(400, "stripe_error", "/v1/attach", Merge(JSON{}, more, notes("b", 1)))
			w.Post("/v1/attach", more)
			w.Post("/v1/billing.update", Merge(JSON{"plan_id": "ultra", "cancel_action": "uncancel"}, c))
			w.Cancel("c", "ultra")
			w.Post("/v1/billing.update", Merge(JSON{"plan_id": "ultra", "cancel_action": "uncancel"}, c))
		},
		"a change by invoice": func(w *World) {
			w.Refused(400, "stripe_error", "/v1/billing.attach", Merge(JSON{"plan_id": "premium", "plan_schedule": "immediate"}, c, notes("b", 1)))
			w.Post("/v1/billing.update", Merge(JSON{"plan_id": "ultra", "customize": JSON{"price": JSON{"amount": 300, "interval": "month"}}, "invoice_mode": JSON{"enabled": true}}, c))
			in := w.Invoices("c")
			w.CallStripe("POST", "/v1/invoices/"+in[len(in)-1].ID+"/pay", "paid_out_of_band=true")
		},
		"nothing": func(w *World) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			w.Attach("c", "ultra", notes("a", 40))
			then(w)
			w.Advance("1h")
			w.Post("/v1/billing.update", end)
			w.HasProducts("c", "free active")
		})
	}
}
