package atstripe

import (
	"fmt"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// itemAtStripe is an item of a subscription and its price.
func itemAtStripe(w *World, customer string, n int) (item, price string) {
	w.Helper()
	path := fmt.Sprintf("subscriptions.0.items.data.%d.", n)
	return ValueAt(w.AtStripe(customer), path+"id").(string), ValueAt(w.AtStripe(customer), path+"price.id").(string)
}

// priceOf is the price of a product at Stripe, once another customer holds it.
func priceOf(w *World, product string) string {
	w.Helper()
	w.CustomerWithCard("owner_of_"+product, product)
	_, price := itemAtStripe(w, "owner_of_"+product, 0)
	return price
}

// staffPutPrice exchanges the only price of customer c's subscription.
func staffPutPrice(w *World, price string, more ...JSON) {
	w.Helper()
	item, _ := itemAtStripe(w, "c", 0)
	w.ChangeSubscription("c", Merge(JSON{"items": []any{JSON{"id": item, "price": price}}, "proration_behavior": "always_invoice"}, more...))
}

// previewIsCharged attaches a product and holds the invoice against its preview.
func previewIsCharged(w *World, product string) {
	w.Helper()
	shown := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": product})["due_today"]
	before := len(w.Invoices("c"))
	w.Attach("c", product)
	var sum int64
	for _, in := range w.Invoices("c")[before:] {
		sum += in.Total
	}
	w.Want("charge of "+product+" against its preview", float64(sum)/100, ValueAt(shown, "total"))
}

// resetsOn checks when the messages of customer c come back.
func resetsOn(w *World, want any) {
	w.Helper()
	w.Want("next reset", ValueAt(w.Customer("c"), "features.messages.next_reset_at"), want)
}

// The price of another product of ours is that product from that moment, and
// the old one ends. R-H2
func TestPriceOfAnotherProductAtStripe(t *testing.T) {
	t.Parallel()
	t.Run("dearer", func(t *testing.T) {
		t.Parallel()
		w := New(t)
		w.PlanChangeCatalog()
		premium := priceOf(w, "premium")
		w.CustomerWithCard("c", "pro")
		w.Track("c", "messages", 100)
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		staffPutPrice(w, premium)
		w.HasProducts("c", "premium active")
		w.Billed("c", 2000, 3333-1333)
		w.HasBalance("c", "messages", true, 1000)
		resetsOn(w, T1.UnixMilli())
		w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium"})
		previewIsCharged(w, "ultra")
		w.HasProducts("c", "ultra active")
		w.AdvancePastRenewal(T1)
		w.Want("renewal", w.Invoices("c")[3].Total, 20000)
	})
	t.Run("cheaper", func(t *testing.T) {
		t.Parallel()
		w := New(t)
		w.PlanChangeCatalog()
		pro := priceOf(w, "pro")
		w.CustomerWithCard("c", "premium")
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		staffPutPrice(w, pro)
		w.HasProducts("c", "pro active")
		w.HasBalance("c", "messages", true, 500)
		previewIsCharged(w, "ultra")
		w.Want("items at Stripe", len(ValueAt(w.AtStripe("c"), "subscriptions.0.items.data").([]any)), 1)
		w.AdvancePastRenewal(T1)
		w.Want("renewal", w.Invoices("c")[3].Total, 20000)
	})
	t.Run("a year", func(t *testing.T) {
		t.Parallel()
		w := New(t)
		w.PlanChangeCatalog()
		year := priceOf(w, "pro_year")
		w.CustomerWithCard("c", "pro")
		w.Track("c", "messages", 500)
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		staffPutPrice(w, year)
		w.HasProducts("c", "pro_year active")
		w.HasBalance("c", "messages", true, 500)
		resetsOn(w, T0.AddDate(0, 1, 10).UnixMilli())
		previewIsCharged(w, "ultra")
	})
}

// A period that Stripe begins anew brings the allowance anew, and resets move
// with it. R-A19, TRI-02
func TestPeriodBegunAnewAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 500)
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.Billed("c", 2000, 2000)
	w.HasBalance("c", "messages", true, 500)
	resetsOn(w, T0.AddDate(0, 1, 10).UnixMilli())
	w.Track("c", "messages", 400)
	w.AdvancePastRenewal(T1) // no billing day any more
	w.HasBalance("c", "messages", true, 100)
	w.AdvancePastRenewal(T0.AddDate(0, 1, 10))
	w.Billed("c", 2000, 2000, 2000)
	w.HasBalance("c", "messages", true, 500)
	previewIsCharged(w, "premium")
}

// What was used beyond the allowance up to then is billed once, with the end of
// the new period.
func TestOverageOfAPeriodCutShortAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150) // 50 beyond: 5.00
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.HasBalance("c", "messages", true, 100)
	w.Track("c", "messages", 130) // 30 beyond: 3.00
	w.AdvancePastRenewal(T0.AddDate(0, 1, 10))
	w.Billed("c", 2000, 2000, 2000+500+300)
	w.AdvancePastRenewal(T0.AddDate(0, 2, 10))
	w.Billed("c", 2000, 2000, 2000+500+300, 2000)
}

// A customer who was deleted at Stripe buys again as a new Stripe customer.
func TestBuyingAgainAfterADeletionAtStripe(t *testing.T) {
	t.Parallel()
	for name, buy := range map[string]func(w *World){
		"attach":  func(w *World) { w.Pay(w.Attach("c", "pro")["checkout_url"].(string)) },
		"page":    func(w *World) { w.Pay(w.Attach("c", "pro", JSON{"force_checkout": true})["checkout_url"].(string)) },
		"invoice": func(w *World) { w.Attach("c", "pro", JSON{"invoice_only": true}) },
		"portal": func(w *World) {
			w.Post("/v1/customers/c/billing_portal", JSON{})
			w.PutGoodCard("c")
			w.Attach("c", "pro")
		},
		"setup_payment": func(w *World) {
			w.Pay(w.Post("/v1/setup_payment", JSON{"customer_id": "c"})["url"].(string))
			w.Attach("c", "pro")
		},
		"create_in_stripe": func(w *World) {
			w.Post("/v1/customers", JSON{"id": "c", "create_in_stripe": true})
			w.PutGoodCard("c")
			w.Attach("c", "pro")
		},
		"card": func(w *World) { w.PutGoodCard("c"); w.Attach("c", "pro") },
		"stripe_id": func(w *World) {
			id := w.CallStripe("POST", "/v1/customers", "name=new")["id"]
			w.Want("link", w.Post("/v1/customers/c", JSON{"stripe_id": id})["stripe_id"], id)
			w.PutGoodCard("c")
			w.Attach("c", "pro")
		},
		"stripe_id of POST /customers": func(w *World) {
			id := w.CallStripe("POST", "/v1/customers", "name=new")["id"]
			w.Want("link", w.Post("/v1/customers", JSON{"id": "c", "stripe_id": id})["stripe_id"], id)
			w.PutGoodCard("c")
			w.Attach("c", "pro")
		},
	} {
		for when, hold := range map[string]bool{"told": false, "not told": true} {
			t.Run(name+", "+when, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.StandardCatalog()
				w.CustomerWithCard("c", "pro")
				dead := w.Customer("c")["stripe_id"].(string)
				if hold {
					w.Post("/_local/delivery", JSON{"mode": "hold"})
				}
				w.CallStripe("DELETE", "/v1/customers/"+dead, "")
				buy(w)
				if hold {
					w.Post("/_local/delivery", JSON{"mode": "immediate"})
					w.Redeliver("customer.subscription.deleted", "customer.deleted")
				}
				w.HasProducts("c", "pro active")
				if id := w.Customer("c")["stripe_id"]; id == dead || id == nil {
					t.Errorf("the Stripe customer is %v", id)
				}
				w.HasBalance("c", "messages", true, 500)
			})
		}
	}
}

// A page of a customer who was deleted at Stripe sells nothing any more; the next
// one is for the customer that takes the place.
func TestPageOfACustomerDeletedAtStripe(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(w *World) string{
		"of a product": func(w *World) string { return w.Attach("c", "pro")["checkout_url"].(string) },
		"for a card": func(w *World) string {
			return w.Post("/v1/setup_payment", JSON{"customer_id": "c"})["url"].(string)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
			page := ask(w)
			w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
			if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status != 400 || !strings.Contains(a.Text, "No such customer") {
				w.Errorf("the page: %d %s", a.Status, a.Text)
			}
			next := ask(w)
			if a := w.ActOnPage(next, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status != 200 {
				w.Errorf("the next page: %d %s", a.Status, a.Text)
			}
			if name == "of a product" {
				w.HasProducts("c", "pro active")
				w.Billed("c", 2000)
				return
			}
			w.Attach("c", "pro") // with the card
			w.HasProducts("c", "pro active")
		})
	}
}

// A customer whom staff replaced by another at Stripe is linked to that one, as
// soon as the former is deleted.
func TestLinkingAnotherStripeCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	former := w.Customer("c")["stripe_id"].(string)
	other := w.CallStripe("POST", "/v1/customers", "name=merged")["id"].(string)
	w.Refused(400, "invalid_inputs", "/v1/customers/c", JSON{"stripe_id": other, "name": "Ada"})
	w.Want("name", w.Customer("c")["name"], nil)
	w.CallStripe("DELETE", "/v1/customers/"+former, "")
	w.Want("link", w.Post("/v1/customers/c", JSON{"stripe_id": other})["stripe_id"], other)
	w.Want("history", []any{newestAuditEntry(w, "c")["action"], ValueAt(newestAuditEntry(w, "c"), "changes.0.old")}, []any{"link_stripe", former})
	w.PutGoodCard("c")
	w.Attach("c", "premium")
	w.HasProducts("c", "premium active")
	w.Want("billed to", ValueAt(w.AtStripe("c"), "customer.id"), other)
	w.Refused(400, "invalid_request", "/v1/customers/c", JSON{"stripe_id": former}) // it is gone
	w.CustomerWithCard("d", "pro")
	w.Refused(409, "duplicate_customer_id", "/v1/customers/d", JSON{"stripe_id": other})
}
