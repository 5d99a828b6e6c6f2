package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// Whatever staff changed at Stripe, the next purchase is previewed as it is
// charged.
func TestPreviewIsTheChargeAfterAnyChangeAtStripe(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *World){
		"cancelled with its period": func(w *World) { w.ChangeSubscription("c", JSON{"cancel_at_period_end": true}) },
		"and not any more": func(w *World) {
			w.ChangeSubscription("c", JSON{"cancel_at_period_end": true})
			w.ChangeSubscription("c", JSON{"cancel_at_period_end": false})
		},
		"an end moved": func(w *World) {
			w.Cancel("c", "pro")
			w.ChangeSubscription("c", JSON{"cancel_at": T0.AddDate(0, 0, 22).Unix(), "proration_behavior": "none"})
		},
		"ended at once": func(w *World) { w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "") },
		"our schedule released": func(w *World) {
			w.Attach("c", "premium")
			w.Attach("c", "pro")
			w.CallStripe("POST", "/v1/subscription_schedules/"+ValueAt(w.AtStripe("c"), "subscriptions.0.schedule").(string)+"/release", "")
		},
		"our schedule cancelled, and the subscription with it": func(w *World) {
			w.Attach("c", "premium")
			w.Attach("c", "pro")
			w.CallStripe("POST", "/v1/subscription_schedules/"+ValueAt(w.AtStripe("c"), "subscriptions.0.schedule").(string)+"/cancel", "")
		},
		"the customer deleted": func(w *World) {
			w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
			w.Post("/v1/setup_payment", JSON{"customer_id": "c"})
			w.PutGoodCard("c")
		},
		"the customer replaced": func(w *World) {
			w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
			w.Post("/v1/customers/c", JSON{"stripe_id": w.CallStripe("POST", "/v1/customers", "name=another")["id"]})
			w.PutGoodCard("c")
		},
		"told twice": func(w *World) {
			w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
			w.Redeliver("customer.subscription.updated")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			change(w)
			previewIsCharged(w, "ultra")
			w.HasProducts("c", "ultra active")
		})
	}
}

// A quantity that staff changed is what the next change counts from.
func TestPreviewIsTheChargeAfterAQuantityAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("packs", "main", Price(10), Prepaid("messages", 5, 100, "month"))
	w.CustomerWithCard("c")
	w.Attach("c", "packs", Quantity("messages", 200))
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	for n := range 2 {
		if item, _ := itemAtStripe(w, "c", n); ValueAt(w.AtStripe("c"), "subscriptions.0.items.data").([]any)[n].(JSON)["quantity"] == 2.0 {
			w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "quantity": 5}}, "proration_behavior": "none"})
			break
		}
	}
	w.HasBalance("c", "messages", true, 500)
	previewIsCharged(w, "ultra")
}

// A subscription that ended at Stripe a moment ago, which nobody has told: the
// preview can't know, the purchase is refused as it would cost something else,
// and the next one is what its preview says.
func TestPurchaseAsTheSubscriptionEndsAtStripe(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *World){
		"the schedule is cancelled": func(w *World) {
			w.CallStripe("POST", "/v1/subscription_schedules/"+ValueAt(w.AtStripe("c"), "subscriptions.0.schedule").(string)+"/cancel", "")
		},
		"the subscription is cancelled": func(w *World) { w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "premium")
			w.Attach("c", "pro")
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			end(w)
			w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "ultra"})
			before := len(w.Invoices("c"))
			w.Refused(409, "subscription_ended", "/v1/attach", JSON{"customer_id": "c", "product_id": "ultra"})
			if n := len(w.Invoices("c")); n != before {
				t.Errorf("%d invoices after a refusal, want %d", n, before)
			}
			previewIsCharged(w, "ultra")
			w.HasProducts("c", "ultra active")
		})
	}
}

// Other commands learn of such an end as well, with their first refusal.
func TestCommandsAsTheSubscriptionEndsAtStripe(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"a downgrade": "/v1/attach", "a cancellation": "/v1/cancel", "another quantity": "/v1/attach"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Product("packs", "main", Price(10), Prepaid("messages", 5, 100, "month"))
			w.CustomerWithCard("c")
			body := JSON{"customer_id": "c", "product_id": "pro"}
			if name == "another quantity" {
				w.Attach("c", "packs", Quantity("messages", 200))
				body = Merge(JSON{"customer_id": "c", "product_id": "packs"}, Quantity("messages", 300))
			} else {
				w.Attach("c", "premium")
			}
			if name == "a cancellation" {
				body["product_id"] = "premium"
			}
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "")
			w.Refused(409, "subscription_ended", path, body)
			w.HasProducts("c", "free active")
			if name == "a cancellation" {
				w.Refused(404, "product_not_found", path, body)
				return
			}
			w.Post(path, body)
			w.HasProducts("c", body["product_id"].(string)+" active")
		})
	}
}
