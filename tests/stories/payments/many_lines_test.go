package payments

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// twelve sells twelve products, each in a group of its own, at $10, $11, …, and
// one whose fifteen features are paid by use.
func twelve(w *World) (ids []string) {
	w.Helper()
	items := []JSON{Price(20)}
	for n := range 15 {
		feature := fmt.Sprintf("f%02d", n)
		w.Feature(feature, "single_use")
		items = append(items, Overage(feature, 0, 0.01, 1))
		if n < 12 {
			id := fmt.Sprintf("p%02d", n)
			w.Product(id, "g"+id, Price(float64(10+n)), Consumable(feature, 5))
			w.Product(id+"_more", "g"+id, Price(float64(110+n)), Consumable(feature, 50))
			ids = append(ids, id)
		}
	}
	w.Product("uses", "uses", items...)
	return ids
}

// productsOn lists the products that Windfall names on an invoice, newest first.
func productsOn(w *World, n int) []string {
	w.Helper()
	var out []string
	for _, id := range ValueAt(w.Customer("c", "invoices"), fmt.Sprintf("invoices.%d.product_ids", n)).([]any) {
		out = append(out, id.(string))
	}
	slices.Sort(out)
	return out
}

// Stripe shows the first ten lines of an invoice, of a page, of a subscription.
// A purchase of more is read whole: its products, its total, its comparison.
func TestAPurchaseOfMoreThanTenLinesIsReadWhole(t *testing.T) {
	t.Parallel()
	for name, buy := range map[string]func(w *World, ids []string){
		"by card": func(w *World, ids []string) {
			w.CustomerWithCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": ids})
		},
		"on a page": func(w *World, ids []string) {
			w.Post("/v1/customers", JSON{"id": "c"})
			w.Pay(w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": ids})["checkout_url"].(string))
		},
		"by invoice": func(w *World, ids []string) {
			w.Post("/v1/customers", JSON{"id": "c"})
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": ids, "invoice": true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			ids := twelve(w)
			buy(w, ids)
			w.Billed("c", 18600)
			w.Want("products on it", productsOn(w, 0), ids)
			w.Want("differences", w.InvoiceMismatches("c"), nil)
			for _, id := range ids {
				w.Want(id, w.CustomerProduct("c", id)["status"], "active")
			}
		})
	}
}

// A renewal with more lines is compared whole, and what differs is told.
func TestARenewalOfMoreThanTenLinesIsComparedWhole(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch()
	twelve(w)
	w.CustomerWithCard("c", "uses")
	use := func() {
		for n := range 15 {
			w.Track("c", fmt.Sprintf("f%02d", n), 100+n)
		}
	}
	use()
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000+1605)
	w.Want("differences", w.InvoiceMismatches("c"), nil)
	w.Want("products", productsOn(w, 0), []string{"uses"})
	use()
	item := ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"proration_behavior": "none", "items": []JSON{{"id": item, "quantity": 2}}})
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 3605, 4000+1605)
	if found := w.InvoiceMismatches("c"); len(found) != 1 {
		t.Errorf("differences: %q", found)
	}
}

// A change with more lines is compared whole as well.
func TestAChangeOfMoreThanTenLinesIsComparedWhole(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch()
	twelve(w)
	w.Product("dear", "uses", Price(50))
	w.CustomerWithCard("c", "uses")
	for n := range 15 {
		w.Track("c", fmt.Sprintf("f%02d", n), 100)
	}
	w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
	w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon=HALF")
	staffAddAnItem(w, w.FirstSubscription("c"))
	w.Attach("c", "dear")
	w.Billed("c", 2000, (3000+1500)/2+700)
	w.Want("products", productsOn(w, 0), []string{"dear", "uses"})
	found := w.InvoiceMismatches("c")
	if len(found) != 1 || !strings.Contains(found[0], "29.50") || !strings.Contains(found[0], "22.50") {
		t.Errorf("differences: %q", found)
	}
}

// A subscription of more than ten items is changed, planned and ended whole.
func TestASubscriptionOfMoreThanTenItems(t *testing.T) {
	t.Parallel()
	w := New(t)
	ids := twelve(w)
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": ids})
	w.Attach("c", "p11_more") // on the second page of the items
	w.Billed("c", 18600, 10000)
	w.Cancel("c", "p10")
	w.Want("products, until the period ends", len(w.Customer("c")["products"].([]any)), 12)
	w.Cancel("c", "p09", Immediately(), JSON{"prorate": true})
	w.AdvancePastRenewal(T1)
	got := w.Invoices("c")
	if last := got[len(got)-1]; last.Total != 18600+10000-2000-1900 || last.Status != "paid" {
		t.Errorf("the renewal is %+v", last)
	}
	w.Want("differences", w.InvoiceMismatches("c"), nil)
	w.HasSubscriptions("c", 1)
	w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
}

// A customer may have more subscriptions than Stripe shows with them: the
// discount of each is seen.
func TestADiscountOnTheEleventhSubscriptionIsSeen(t *testing.T) {
	t.Parallel()
	w := New(t)
	ids := twelve(w)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	for _, id := range ids {
		w.Attach("c", id)
	}
	w.HasSubscriptions("c", 12)
	w.CallStripe("POST", "/v1/coupons", "id=staff&percent_off=10&duration=forever")
	subscriptions := w.AtStripe("c")["subscriptions"].([]any)
	for _, n := range []int{0, 11} { // the first and the last of them, in whichever order Stripe shows them
		w.Post("/_local/subscriptions/"+ValueAt(subscriptions[n], "id").(string), JSON{"coupon": "staff"})
	}
	running := ValueAt(w.Customer("c", "rewards"), "rewards.discounts").([]any)
	if len(running) != 2 {
		t.Errorf("running discounts: %v", running)
	}
}

// The largest events are those of invoices: ten lines, each with all the metadata
// that Stripe takes. They are taken, and what they tell of is billed.
func TestTheLargestEventsOfAnInvoiceAreTaken(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch() // of items that are not ours
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150)
	notes := ""
	for n := range 50 {
		notes += fmt.Sprintf("&metadata[%s%02d]=%s", LongText(38), n, LongText(500))
	}
	about := "currency=usd&amount=100&subscription=" + w.FirstSubscription("c") + "&customer=" + w.Customer("c")["stripe_id"].(string) + notes
	for range 30 {
		w.CallStripe("POST", "/v1/invoiceitems", about)
	}
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000+500+3_000)
	largest := 0
	for _, e := range w.CallStripe("GET", "/v1/events", "limit=20")["data"].([]any) {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, len(text))
	}
	if largest < 256<<10 {
		t.Errorf("the largest event has %d bytes: this test tries nothing", largest)
	}
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			w.Want("answer to "+e.Type, d.Status, 200)
		}
	}
}
