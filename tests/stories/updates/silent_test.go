package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Terms that a change can not carry out are refused, in the preview as well, and leave nothing behind.
func TestUPD27TermsWithoutEffect(t *testing.T) {
	t.Parallel()
	week, later := JSON{"free_trial": JSON{"duration_length": 7, "duration_type": "day"}}, JSON{"plan_schedule": "end_of_cycle"}
	invoice, price := JSON{"invoice_mode": JSON{"enabled": true}}, JSON{"customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}
	for what, c := range map[string]struct {
		verb string
		body JSON
		says string
	}{
		"tax of nothing":                {"update", of("pro", JSON{"automatic_tax": true}), "automatic_tax"},
		"tax of the version that it is": {"update", of("pro", JSON{"version": 1, "automatic_tax": true}), "automatic_tax"},
		"a day of nothing":              {"update", of("pro", JSON{"version": 1, "billing_cycle_anchor": 10}), "billing_cycle_anchor"},
		"a page of nothing":             {"update", of("pro", JSON{"version": 1, "redirect_mode": "always"}), ""},
		"a trial with none":             {"attach", of("premium", none, week), "free_trial"},
		"a trial later":                 {"attach", of("premium", later, week), "free_trial"},
		"an invoice later":              {"attach", of("premium", later, invoice), "invoice_mode"},
		"an invoice of a downgrade":     {"attach", of("starter", invoice), "invoice_mode"},
		"an invoice with none":          {"update", of("pro", none, price, invoice), "invoice_mode"},
		"an invoice of a plan, none":    {"attach", of("premium", none, invoice), "invoice_mode"},
		"an invoice of other limits":    {"update", of("pro", invoice, JSON{"customize": JSON{"remove_items": []JSON{{"feature_id": "dashboard"}}}}), "invoice_mode"},
		"an invoice of an end":          {"attach", of("free", invoice, JSON{"plan_schedule": "immediate"}), "invoice_mode"},
	} {
		w := priced(t, "pro")
		w.Product("starter", "main", Price(10))
		w.Advance("15d")
		for _, verb := range []string{"preview_" + c.verb, c.verb} {
			a := w.Do(w.Stack.Key, "POST", "/v1/billing."+verb, c.body)
			if message, _ := a.Body["message"].(string); a.Status/100 != 4 || !strings.Contains(message, c.says) {
				t.Errorf("%s, %s: %d %s", what, verb, a.Status, a.Text)
			}
		}
		w.HasProducts("c", "pro active")
		w.Billed("c", 2000)
	}
}

// A trial of a subscription would be one of all that it bills.
func TestUPD27ATrialOfWhatOthersShare(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Post("/v1/billing.multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "pro"}, {"plan_id": "g1_pro"}}})
	message := w.Refused(400, "invalid_request", "/v1/billing.attach", of("premium", JSON{"free_trial": JSON{"duration_length": 7, "duration_type": "day"}}))
	if !strings.Contains(message, "free_trial") {
		t.Error(message)
	}
	w.Billed("c", 5000)
	w.Post("/v1/billing.attach", of("premium"))
	w.Billed("c", 5000, 3000)
}

// What an update says that could have been done before is safe to repeat, and what is billed at
// once has its invoice.
func TestUPD27TermsWithEffect(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	price, invoice := JSON{"customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}}, JSON{"invoice_mode": JSON{"enabled": true}}
	w.Advance("15d")
	update(w, of("pro", price, invoice))
	w.Post("/v1/billing.update", of("pro", price, invoice))
	w.Post("/v1/billing.update", of("pro", JSON{"automatic_tax": false}))
	bills := w.Invoices("c")
	w.Want("sent", bills[1].Status, "open")
	w.Want("for", bills[1].Total, 1000)
	w.Want("bills", len(bills), 2)
}

// An end of a plan that ended long before is not one of a call that was interrupted.
func TestUPD28AnEndOfWhatEndedLongAgo(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro", "g1_pro", "g2_pro")
	ends := func(plans ...string) JSON {
		var updates []JSON
		for _, p := range plans {
			updates = append(updates, JSON{"plan_id": p, "cancel_action": "cancel_immediately"})
		}
		return JSON{"customer_id": "c", "updates": updates}
	}
	w.Advance("2h")
	for _, path := range []string{"/v1/billing.preview_multi_update", "/v1/billing.multi_update"} {
		w.Refused(404, "product_not_found", path, ends("free", "g1_pro")) // pro took its place
		w.Refused(404, "product_not_found", path, ends("g1_pro", "free"))
	}
	w.Post("/v1/billing.update", of("g1_pro", atOnce))
	w.Advance("50m")
	w.Post("/v1/billing.preview_multi_update", ends("g1_pro", "g2_pro")) // as a call that was interrupted
	w.Advance("20m")
	w.Refused(404, "product_not_found", "/v1/billing.multi_update", ends("g1_pro", "g2_pro"))
	w.HasProducts("c", "pro active", "g2_pro active")
}

// An end of a plan that another one replaced is none that a call made: the plan that runs would go on unsaid.
func TestUPD28AnEndOfWhatWasReplaced(t *testing.T) {
	t.Parallel()
	for how, replace := range map[string]func(w *World){
		"an upgrade":             func(w *World) { w.Attach("c", "premium") },
		"a downgrade at once":    func(w *World) { w.Post("/v1/billing.attach", of("starter", JSON{"plan_schedule": "immediate"})) },
		"a downgrade on its day": func(w *World) { w.Attach("c", "starter"); w.AdvancePastRenewal(T1) },
		"a change at Stripe": func(w *World) {
			w.CustomerWithCard("d", "premium")
			mine, theirs := ValueAt(w.AtStripe("c"), "subscriptions.1"), ValueAt(w.AtStripe("d"), "subscriptions.0")
			w.Post("/_local/subscriptions/"+ValueAt(mine, "id").(string), JSON{"proration_behavior": "always_invoice",
				"items": []JSON{{"id": ValueAt(mine, "items.data.0.id"), "price": ValueAt(theirs, "items.data.0.price.id")}}})
			w.WaitIdle()
			w.HasProducts("c", "premium active", "addon_words active")
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := priced(t, "pro", "addon_words")
			w.Product("starter", "main", Price(10))
			replace(w)
			w.WaitIdle()
			has := w.Customer("c")["products"]
			for _, updates := range [][]JSON{
				{Merge(JSON{"plan_id": "pro"}, atOnce), Merge(JSON{"plan_id": "addon_words"}, atOnce)},
				{Merge(JSON{"plan_id": "addon_words"}, later), Merge(JSON{"plan_id": "pro"}, later)},
			} {
				for _, path := range []string{"/v1/billing.preview_multi_update", "/v1/billing.multi_update"} {
					w.Refused(404, "product_not_found", path, JSON{"customer_id": "c", "updates": updates})
				}
			}
			w.Want("products", w.Customer("c")["products"], has)
		})
	}
}
