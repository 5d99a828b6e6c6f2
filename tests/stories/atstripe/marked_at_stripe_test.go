package atstripe

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// foreignPrice makes a price at Stripe that is not ours, and returns its id.
func foreignPrice(w *World, interval string) string {
	w.Helper()
	return w.CallStripe("POST", "/v1/prices", "currency=usd&unit_amount=7000&recurring[interval]="+interval+"&product_data[name]=Consulting")["id"].(string)
}

// changedAtStripe counts the entries about changes that are not followed.
func changedAtStripe(w *World, customer string) int {
	w.Helper()
	n := 0
	for _, e := range w.Get("/v1/customers/" + customer + "/audit?limit=100")["list"].([]any) {
		if ValueAt(e, "rule") == "changed_at_stripe" {
			n++
		}
	}
	return n
}

// marked checks that pro of customer c stays what it is, that commands on it are
// refused with a sentence, and that a person is told once.
func marked(w *World, says string) {
	w.Helper()
	w.HasProducts("c", "pro active")
	for path, body := range map[string]JSON{
		"/v1/attach":         {"customer_id": "c", "product_id": "premium"},
		"/v1/attach/preview": {"customer_id": "c", "product_id": "premium"},
		"/v1/cancel":         {"customer_id": "c", "product_id": "pro", "cancel_immediately": true, "prorate": true},
	} {
		if text := w.Refused(409, "changed_at_stripe", path, body); !strings.Contains(text, says) {
			w.Errorf("%s says %q, want %q", path, text, says)
		}
	}
	w.Redeliver("customer.subscription.updated")
	w.Want("entries", changedAtStripe(w, "c"), 1)
}

// A price that is not ours is marked in whatever way it comes, and the product
// stays what it is. Put right at Stripe, it can be changed again.
func TestForeignPricesAtStripe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w *World, item, price string)
		back   func(w *World, item, price string)
	}{
		"instead": {
			func(w *World, item, _ string) { staffPutPrice(w, foreignPrice(w, "month")) },
			func(w *World, item, price string) { staffPutPrice(w, price) },
		},
		"beside": {
			func(w *World, _, _ string) {
				w.ChangeSubscription("c", JSON{"items": []any{JSON{"price": foreignPrice(w, "month")}}, "proration_behavior": "none"})
			},
			func(w *World, own, _ string) {
				for n := range 2 {
					if item, _ := itemAtStripe(w, "c", n); item != own {
						w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
						return
					}
				}
			},
		},
		"twice": {
			func(w *World, item, _ string) {
				w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "quantity": 2}}, "proration_behavior": "none"})
			},
			func(w *World, item, _ string) {
				w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "quantity": 1}}, "proration_behavior": "none"})
			},
		},
		"for a year": {
			func(w *World, item, _ string) { staffPutPrice(w, foreignPrice(w, "year")) },
			func(w *World, item, price string) { staffPutPrice(w, price) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			item, price := itemAtStripe(w, "c", 0)
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			c.change(w, item, price)
			marked(w, "not those of a product")
			w.HasBalance("c", "messages", true, 500)
			c.back(w, item, price)
			w.HasProducts("c", "pro active")
			previewIsCharged(w, "premium")
			w.HasProducts("c", "premium active")
		})
	}
}

// Two products of one group on one subscription are marked.
func TestTwoProductsOfAGroupAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium")
	w.CustomerWithCard("c", "pro")
	w.ChangeSubscription("c", JSON{"items": []any{JSON{"price": premium}}, "proration_behavior": "none"})
	marked(w, "two products of one group")
	item, _ := itemAtStripe(w, "c", 0)
	w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
	if ids := w.Customer("c")["products"].([]any); len(ids) != 1 {
		t.Errorf("the customer has %v", ids)
	}
	previewIsCharged(w, "ultra")
}

// A product whose change is scheduled is not let go: what waits would be left
// without anything to follow. With its price back, or without the schedule, it
// can be changed again.
func TestPlanRemovedBeforeItsChangeAtStripe(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(w *World, item, price string){
		"its price comes back": func(w *World, _, price string) { staffPutPrice(w, price, JSON{"proration_behavior": "none"}) },
		"the change is released": func(w *World, _, _ string) {
			schedule := ValueAt(w.AtStripe("c"), "subscriptions.0.schedule").(string)
			w.CallStripe("POST", "/v1/subscription_schedules/"+schedule+"/release", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Product("side", "other", Price(30), Messages(10))
			other := priceOf(w, "side")
			w.CustomerWithCard("c", "premium")
			item, price := itemAtStripe(w, "c", 0)
			w.Attach("c", "pro")
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			staffPutPrice(w, other, JSON{"proration_behavior": "none"})
			w.HasProducts("c", "premium active", "pro scheduled")
			if text := w.Refused(409, "changed_at_stripe", "/v1/cancel", JSON{"customer_id": "c", "product_id": "premium", "cancel_immediately": true}); !strings.Contains(text, "release the schedule") {
				t.Error(text)
			}
			w.Want("entries", changedAtStripe(w, "c"), 1)
			back(w, item, price)
			if name == "its price comes back" {
				w.HasProducts("c", "premium active", "pro scheduled")
				w.AdvancePastRenewal(T1)
				w.HasProducts("c", "pro active")
				return
			}
			for _, p := range w.Customer("c")["products"].([]any) {
				if s := ValueAt(p, "status"); s == "scheduled" {
					t.Error("what waited was not dropped")
				}
			}
			previewIsCharged(w, "ultra")
		})
	}
}

// While the collection is paused the product goes on, and nothing that moves
// money is done; it may be cancelled with its period.
func TestPausedCollectionAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.ChangeSubscription("c", JSON{"pause_collection": JSON{"behavior": "void"}})
	marked(w, "paused")
	w.HasBalance("c", "messages", true, 500)
	w.Cancel("c", "pro")
	w.HasProducts("c", "free scheduled", "pro active")
	w.ChangeSubscription("c", JSON{"pause_collection": "", "cancel_at_period_end": false})
	w.HasProducts("c", "pro active")
	previewIsCharged(w, "premium")
}
