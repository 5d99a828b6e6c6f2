package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// Stripe lowers no payment page by a discount of the customer's, and no preview says it
// does; an invoice it lowers.
func TestAOneOffCostsWhatIsShown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		customer func(w *World)
		body     JSON
		want     float64
	}{
		"no card": {func(w *World) {
			w.Post("/v1/customers", JSON{"id": "c", "stripe_id": w.CallStripe("POST", "/v1/customers", "name=c")["id"]})
		}, JSON{}, 12},
		"forced onto a page": {func(w *World) { w.CustomerWithCard("c") }, JSON{"force_checkout": true}, 12},
		"a card":             {func(w *World) { w.CustomerWithCard("c") }, JSON{}, 6},
		"by invoice":         {func(w *World) { w.CustomerWithEmailAndCard("c") }, JSON{"invoice": true}, 6},
		"two of them on a page": {func(w *World) { w.CustomerWithCard("c") }, JSON{"force_checkout": true, "product_id": nil, "product_ids": []string{"once", "packs"},
			"options": []JSON{{"feature_id": "messages", "quantity": 20}}}, 22},
		"with a plan, on a page": {func(w *World) { w.CustomerWithCard("c") }, JSON{"force_checkout": true, "product_id": nil, "product_ids": []string{"once", "pro"}}, 16},
	} {
		for _, path := range []string{"/v1/attach", "/v1/checkout"} {
			t.Run(name+", "+path, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("messages", "single_use")
				w.Product("once", "y", OneTimePrice(12)).AddOn()
				w.Product("packs", "z", Prepaid("messages", 5, 10, "")).AddOn()
				w.Product("pro", "main", Price(20))
				tt.customer(w)
				w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=HALF")
				body := Merge(JSON{"customer_id": "c", "product_id": "once"}, tt.body)
				for key, value := range body {
					if value == nil {
						delete(body, key)
					}
				}
				shown := w.Post("/v1/attach/preview", body)
				w.Want("shown", ValueAt(shown, "due_today.total"), tt.want)
				said := w.Post(path, body)
				if path == "/v1/checkout" {
					if total, there := said["total"]; there {
						w.Want("checkout's total", total, tt.want)
					}
					if said["url"] == nil {
						said = w.Post("/v1/attach", body)
					}
				}
				for _, key := range []string{"checkout_url", "url"} {
					if page, _ := said[key].(string); page != "" {
						w.Pay(page)
					}
				}
				w.WaitIdle()
				w.Billed("c", int64(100*tt.want))
			})
		}
	}
}

// Where the card is refused, the page takes what a page costs, and the customer keeps a
// discount for one invoice.
func TestAOneOffOfARefusedCardIsPaidOnAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("once", "y", OneTimePrice(12)).AddOn()
	w.CustomerWithCard("c")
	w.PutCard("c", "pm_card_chargeCustomerFail")
	w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=once")
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=HALF")
	said := w.Post("/v1/attach", JSON{"customer_id": "c", "product_id": "once"})
	w.Want("the discount is still there", ValueAt(w.AtStripe("c"), "customer.discount.coupon.id"), "HALF")
	w.Pay(said["checkout_url"].(string))
	w.WaitIdle()
	invoices := w.Invoices("c")
	w.Want("paid", invoices[len(invoices)-1].Total, int64(1200))
	w.PutGoodCard("c")
	w.Attach("c", "once")
	invoices = w.Invoices("c")
	w.Want("paid by card, later", invoices[len(invoices)-1].Total, int64(600))
}
