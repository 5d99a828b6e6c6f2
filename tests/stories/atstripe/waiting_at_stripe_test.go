package atstripe

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// staffPutPriceLater exchanges the price and leaves what it costs for the next
// invoice.
func staffPutPriceLater(w *World, price string) {
	w.Helper()
	staffPutPrice(w, price, JSON{"proration_behavior": "create_prorations"})
}

// What waits at Stripe for the next invoice is on that of a change: the preview
// says so, and what is charged with a change is credited by it.
func TestChangeWhileProrationsWaitAtStripe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holds string
		staff []string // prices, one after the other
		to    string
		more  JSON
		want  int64 // of all invoices after the first: 20 of 30 days are left
	}{
		"dearer, then dearer":            {"pro", []string{"premium"}, "ultra", nil, -1333 + 3333 - 3333 + 13333},
		"dearer, then cheaper":           {"pro", []string{"premium"}, "mini", JSON{"plan_schedule": "immediate"}, -1333 + 3333 - 3333 + 667},
		"dearer, then free":              {"pro", []string{"premium"}, "free", JSON{"plan_schedule": "immediate"}, -1333 + 3333 - 3333},
		"dearer, then yearly":            {"pro", []string{"premium"}, "pro_year", nil, -1333 + 3333 - 3333 + 20000},
		"cheaper, then dearer":           {"premium", []string{"pro"}, "ultra", nil, -3333 + 1333 - 1333 + 13333},
		"cheaper, then free":             {"premium", []string{"pro"}, "free", JSON{"plan_schedule": "immediate"}, -3333 + 1333 - 1333},
		"twice, then dearer":             {"pro", []string{"premium", "mini"}, "ultra", nil, -1333 + 3333 - 3333 + 667 - 667 + 13333},
		"there and back, then dearer":    {"pro", []string{"premium", "pro"}, "ultra", nil, -1333 + 3333 - 3333 + 1333 - 1333 + 13333},
		"back, there and back, the same": {"premium", []string{"pro", "premium", "pro"}, "ultra", nil, -3333 + 1333 - 1333 + 3333 - 3333 + 1333 - 1333 + 13333},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Product("mini", "main", Price(10), Messages(50))
			prices := map[string]string{}
			for _, product := range c.staff {
				if prices[product] == "" {
					prices[product] = priceOf(w, product)
				}
			}
			w.CustomerWithCard("c", c.holds)
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			for _, product := range c.staff {
				staffPutPriceLater(w, prices[product])
				w.HasProducts("c", product+" active")
			}
			body := Merge(JSON{"customer_id": "c", "product_id": c.to}, c.more)
			shown := w.Post("/v1/attach/preview", body)["due_today"]
			w.Post("/v1/attach", body)
			w.HasProducts("c", c.to+" active")
			var sum int64
			for _, in := range w.Invoices("c")[1:] {
				sum += in.Total
			}
			if sum != c.want {
				w.Errorf("charged %d, want %d", sum, c.want)
			}
			w.Want("preview", ValueAt(shown, "total"), float64(c.want)/100)
			w.NothingWaits(w.StripeID("c"))
		})
	}
}

// An item that staff put there by hand is charged with the change, too, for one
// subscription or for whatever comes first.
func TestChangeWhileAnItemOfStaffsWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		item string
		body JSON
		want int64
	}{
		"a change, an item of the subscription":   {"subscription", JSON{"product_id": "premium"}, 2000 + 700},
		"a change, an item of the customer":       {"customer", JSON{"product_id": "premium"}, 2000 + 700},
		"a downgrade at once":                     {"customer", JSON{"product_id": "mini", "plan_schedule": "immediate"}, -666 + 700},
		"free at once":                            {"subscription", JSON{"product_id": "free", "plan_schedule": "immediate"}, -1333 + 700},
		"a trial":                                 {"subscription", JSON{"product_id": "tried"}, -1333 + 700},
		"a quantity":                              {"subscription", JSON{"product_id": "with_packs", "options": []JSON{{"feature_id": "words", "quantity": 300}}}, -333 + 1000 + 700},
		"a downgrade with the end of the period":  {"subscription", JSON{"product_id": "mini"}, 0},
		"the present product, cancelled, goes on": {"subscription", JSON{"product_id": "pro"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Product("mini", "main", Price(10), Messages(50))
			w.Product("tried", "main", Price(70), Messages(50)).Trial(7)
			w.Product("with_packs", "packs", Price(20), Prepaid("words", 5, 100, "month"))
			w.CustomerWithCard("c")
			if name == "a quantity" {
				w.Attach("c", "with_packs", Quantity("words", 100))
			} else {
				w.Attach("c", "pro")
			}
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			if name == "the present product, cancelled, goes on" {
				w.Cancel("c", "pro")
			}
			of := "customer=" + w.StripeID("c") + "&amount=700&currency=usd&description=Set-up"
			if c.item == "subscription" {
				of += "&subscription=" + ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string)
			}
			w.CallStripe("POST", "/v1/invoiceitems", of)
			before := len(w.Invoices("c"))
			body := Merge(JSON{"customer_id": "c"}, c.body)
			shown := w.Post("/v1/attach/preview", body)["due_today"]
			w.Post("/v1/attach", body)
			var sum int64
			for _, in := range w.Invoices("c")[before:] {
				sum += in.Total
			}
			if sum != c.want {
				w.Errorf("charged %d, want %d", sum, c.want)
			}
			w.Want("preview", ValueAt(shown, "total"), float64(c.want)/100)
		})
	}
}

// What waits comes with the renewal otherwise, which nobody is alarmed about.
func TestProrationsThatWaitComeWithTheRenewal(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium")
	w.CustomerWithCard("c", "pro")
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	staffPutPriceLater(w, premium)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, -1333+3333+5000)
	w.Want("differences", w.InvoiceMismatches("c"), nil)
}

// Staff put the price of the very product on the subscription that waits for its end: it
// begins at once, and once more on its day, and nothing else begins beside it.
func TestStaffBringWhatWaitsForItsDay(t *testing.T) {
	for _, prorates := range []string{"none", "create_prorations", "always_invoice"} {
		for name, also := range map[string]JSON{"": nil, "paused, ": {"pause_collection": JSON{"behavior": "void"}}} {
			t.Run(name+prorates, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("messages", "single_use")
				w.Product("free", "main", Messages(1)).Default()
				w.Product("pro", "main", Price(20), Messages(10))
				w.Product("small", "main", Price(10), Messages(5))
				w.CustomerWithEmailAndCard("other")
				w.Attach("other", "small")
				w.CustomerWithEmailAndCard("c")
				w.Attach("c", "pro")
				w.Attach("c", "small")
				w.Advance("1d")
				if also != nil {
					w.ChangeSubscription("c", also)
				}
				item := func(customer string) any {
					return ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription(customer), ""), "items.data").([]any)[0]
				}
				w.ChangeSubscription("c", JSON{"items": []JSON{{"id": ValueAt(item("c"), "id"), "price": ValueAt(item("other"), "price.id")}}, "proration_behavior": prorates})
				for _, at := range []time.Time{T0.AddDate(0, 0, 2), T1, T1.Add(3 * time.Hour), T2.Add(3 * time.Hour)} {
					w.AdvanceTo(at)
					s, _, err := w.Stack.Customer(w.Context(), "c")
					if err != nil {
						t.Fatal(err)
					}
					var run []string
					for _, cp := range s.Products {
						if cp.Running(at) {
							run = append(run, cp.ProductID)
						}
					}
					w.Want(at.String(), run, []string{"small"})
				}
			})
		}
	}
}
