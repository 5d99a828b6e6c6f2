package payments

import (
	"strings"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// A price that support staff changed at Stripe is billed as Stripe has it, and
// always reported.
func TestARenewalThatIsNotWhatWasComputedIsTold(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch()
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150)
	w.AdvancePastRenewal(T1)
	w.Want("differences", w.InvoiceMismatches("c"), nil)
	item := ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"proration_behavior": "none", "items": []JSON{{"id": item, "quantity": 2}}})
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 2500, 4000)
	found := w.InvoiceMismatches("c")
	if len(found) != 1 || !strings.Contains(found[0], "40.00") || !strings.Contains(found[0], "20.00") {
		t.Errorf("differences: %q", found)
	}
}

// staffAddAnItem has staff put 7.00 on the next invoice of a subscription while a
// change of it is on its way to Stripe.
func staffAddAnItem(w *World, subscription string) {
	form := "discountable=false&currency=usd&amount=700&subscription=" + subscription + "&customer=" + w.StripeID("c")
	added := false
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && path == "/v1/subscriptions/"+subscription && !added {
			added = true
			w.CallStripe("POST", "/v1/invoiceitems", form)
		}
		return stripesim.FaultNone
	})
}

// An item that comes while a change is made is on its invoice, and was not computed.
func TestAChangeThatIsNotWhatWasComputedIsTold(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch()
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	id := w.FirstSubscription("c")
	w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
	w.CallStripe("POST", "/v1/subscriptions/"+id, "coupon=HALF")
	staffAddAnItem(w, id)
	w.Attach("c", "premium")
	w.Billed("c", 2000, 2200)
	found := w.InvoiceMismatches("c")
	if len(found) != 1 || !strings.Contains(found[0], "22.00") || !strings.Contains(found[0], "15.00") {
		t.Errorf("differences: %q", found)
	}
}

// A customer who has paid gets the purchase, even if Stripe refuses the plan
// for the end of the period, and the audit says so. Without a charge a refusal
// leaves everything as it was.
func TestAPlanRefusedAfterAChargeIsTold(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.AllowInvoiceMismatch()
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_pro"}})
	w.Attach("c", "g2_starter") // waits for the end of the period
	w.DiscountOfDeletedCoupon(w.FirstSubscription("c"))
	w.Refused(400, "stripe_error", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_starter"})
	w.HasProducts("c", "free active", "g1_pro active", "g2_pro active", "g2_starter scheduled")
	w.Want("differences", w.InvoiceMismatches("c"), nil)

	w.Want("code", w.Attach("c", "g1_premium")["code"], "upgraded_to_new_product")
	w.HasProducts("c", "free active", "g1_premium active", "g2_pro active", "g2_starter scheduled")
	w.Billed("c", 7000, 1000) // half of the difference
	found := w.InvoiceMismatches("c")
	if len(found) != 1 || !strings.Contains(found[0], "refused") || !strings.Contains(found[0], "No such coupon") {
		t.Errorf("differences: %q", found)
	}
}
