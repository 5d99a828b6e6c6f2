package payments

import (
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// invoiceProducts is the products of each of a customer's invoices, oldest
// first: such as "pro,premium".
func invoiceProducts(w *World, customer string) []string {
	w.Helper()
	out := []string{}
	for _, i := range w.Customer(customer, "invoices")["invoices"].([]any) {
		var ids []string
		for _, id := range ValueAt(i, "product_ids").([]any) {
			ids = append(ids, id.(string))
		}
		out = append(out, strings.Join(ids, ","))
	}
	slices.Reverse(out)
	return out
}

// An invoice names the products on its lines, and no others.
func TestInvoicesNameTheProductsOnThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		story func(w *World)
		want  []string
	}{
		"upgrade": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			w.Advance("15d")
			w.Attach("c", "premium")
			w.AdvancePastRenewal(T1)
		}, []string{"pro", "pro,premium", "premium"}},
		"upgrade bought on a page": {func(w *World) {
			w.Buy("c", "pro")
			w.Advance("15d")
			w.Attach("c", "premium")
			w.AdvancePastRenewal(T1)
		}, []string{"pro", "pro,premium", "premium"}},
		"downgrade": {func(w *World) {
			w.CustomerWithCard("c", "premium")
			w.Attach("c", "pro")
			w.AdvancePastRenewal(T1)
		}, []string{"premium", "pro"}},
		"an add-on of its own": {func(w *World) {
			w.CustomerWithCard("c", "pro", "addon_words")
			w.AdvancePastRenewal(T1)
		}, []string{"pro", "addon_words", "pro", "addon_words"}},
		"an add-on on the same subscription, and an upgrade": {func(w *World) {
			w.CustomerWithCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
			w.Advance("15d")
			w.Attach("c", "premium")
			w.AdvancePastRenewal(T1)
		}, []string{"pro,addon_words", "pro,premium", "addon_words,premium"}},
		"an add-on that was cancelled at once": {func(w *World) {
			w.CustomerWithCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
			w.Cancel("c", "addon_words", Immediately())
			w.AdvancePastRenewal(T1)
		}, []string{"pro,addon_words", "pro"}},
		"a quantity": {func(w *World) {
			w.CustomerWithCard("c")
			w.Attach("c", "pro_prepaid", Quantity("messages", 100))
			w.Advance("15d")
			w.Attach("c", "pro_prepaid", Quantity("messages", 300))
			w.AdvancePastRenewal(T1)
		}, []string{"pro_prepaid", "pro_prepaid", "pro_prepaid"}},
		"overage, and a downgrade": {func(w *World) {
			w.Product("premium_use2", "main", Price(50), Overage("messages", 500, 0.1, 1))
			w.CustomerWithCard("c", "premium_use2")
			w.Track("c", "messages", 600)
			w.Attach("c", "pro")
			w.AdvancePastRenewal(T1)
		}, []string{"premium_use2", "pro,premium_use2"}},
		"overage when it ends": {func(w *World) {
			w.CustomerWithCard("c", "pro_use")
			w.Track("c", "messages", 200)
			w.Cancel("c", "pro_use", Immediately())
			w.Advance("2h")
		}, []string{"pro_use", "pro_use"}},
		"seats": {func(w *World) {
			w.CustomerWithCard("c", "pro_seats")
			w.Track("c", "seats", 3)
			w.Attach("c", "premium_seats")
			w.AdvancePastRenewal(T1)
		}, nil},
		"a one-off": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			w.Attach("c", "topup", Quantity("messages", 250))
		}, []string{"pro", "topup"}},
		"a free period of a trial": {func(w *World) {
			w.Product("tried", "main", Price(20), Messages(500)).Trial(7)
			w.CustomerWithCard("c", "tried")
			w.AdvanceTo(T0.AddDate(0, 0, 7))
			w.Advance("2h")
		}, []string{"tried", "tried"}},
		"invoices of staff": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			customer := "customer=" + w.Customer("c")["stripe_id"].(string)
			sub := "&subscription=" + w.FirstSubscription("c")
			for _, more := range []string{"", sub} {
				w.CallStripe("POST", "/v1/invoiceitems", customer+more+"&amount=700&currency=usd&description=Setup")
				id := w.CallStripe("POST", "/v1/invoices", customer+more+"&pending_invoice_items_behavior=include")["id"].(string)
				w.CallStripe("POST", "/v1/invoices/"+id+"/finalize", "")
			}
		}, []string{"pro", "", ""}},
		"with a coupon": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			w.CallStripe("POST", "/v1/coupons", "id=ALL&percent_off=100&duration=once")
			w.CallStripe("POST", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "coupon=ALL")
			w.AdvancePastRenewal(T1)
		}, []string{"pro", "pro"}},
		"items of one's own": {func(w *World) {
			w.CustomerWithCard("c", "pro")
			w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Price(30), Messages(700)}})
			w.AdvancePastRenewal(T1)
		}, []string{"pro", "pro", "pro"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			c.story(w)
			got := invoiceProducts(w, "c")
			if c.want == nil { // seats: their order does not matter
				if len(got) < 3 || got[0] != "pro_seats" || got[1] != "pro_seats" || got[len(got)-1] != "premium_seats" {
					t.Errorf("the invoices name %q", got)
				}
				return
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the invoices name %q, want %q", got, c.want)
			}
		})
	}
}
