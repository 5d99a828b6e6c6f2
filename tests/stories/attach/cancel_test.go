package attach

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func TestCAN01AtPeriodEndWithDefault(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	done := w.Cancel("c", "pro")
	w.Want("answer", done, JSON{"success": true, "customer_id": "c", "product_id": "pro"})
	w.HasProducts("c", "free scheduled", "pro active")
	w.Want("cancelled", w.CustomerProduct("c", "pro")["canceled_at"], T0.UnixMilli())
	w.Want("check", w.Post("/v1/check", JSON{"customer_id": "c", "product_id": "pro"})["status"], "canceled")
	w.HasBalance("c", "messages", true, 500)
	w.Cancel("c", "pro") // changes nothing
	w.HasProducts("c", "free scheduled", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 2000)
}

func TestCAN02AtPeriodEndWithoutDefault(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "g1_pro")
	w.Cancel("c", "g1_pro")
	w.HasBalance("c", "words", true, 10)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "words", false, 0)
	w.Billed("c", 3000)
}

func TestCAN03Immediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Advance("10d")
	w.Cancel("c", "pro", Immediately())
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 2000)
	w.Want("status", ValueAt(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000)
}

func TestCAN03ImmediatelyWithRefund(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
	w.Billed("c", 2000, -1000)
	w.Attach("c", "premium")
	w.Want("the credit pays", ValueAt(w.AtStripe("c"), "balance_transactions.1.amount"), -1000)
	w.HasProducts("c", "premium active")
}

// What staff had put on the next invoice is billed with the credit: by card where there is one that pays. None, or one that
// is declined, keeps nobody from leaving.
func TestCAN03RefundWithWhatWaits(t *testing.T) {
	t.Parallel()
	for card, status := range map[string]string{"": "open", "pm_card_visa": "paid", "pm_card_chargeCustomerFail": "open"} {
		w := New(t)
		w.StandardCatalog()
		w.Post("/v1/customers", JSON{"id": "c"})
		w.Attach("c", "ultra", JSON{"invoice": true})
		w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/pay", "paid_out_of_band=true")
		if card != "" {
			w.PutCard("c", card)
			w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "collection_method=charge_automatically")
		}
		w.CallStripe("POST", "/v1/invoiceitems", "customer="+w.StripeID("c")+"&subscription="+w.FirstSubscription("c")+"&amount=30000&currency=usd")
		w.Advance("15d")
		w.Cancel("c", "ultra", Immediately(), JSON{"prorate": true})
		w.WaitIdle()
		w.HasProducts("c", "free active")
		w.Billed("c", 20000, 20000)
		w.Want(card, w.Invoices("c")[1].Status, status)
	}
}

func TestCAN04PeriodEndThenImmediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Cancel("c", "pro")
	w.Advance("1d")
	w.Cancel("c", "pro", Immediately())
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
}

func TestCAN05UncancelByAttach(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 40)
	w.Cancel("c", "pro")
	w.Want("code", w.Attach("c", "pro")["code"], "renewed_product")
	w.HasProducts("c", "pro active")
	w.Want("cancelled", w.CustomerProduct("c", "pro")["canceled_at"], nil)
	w.HasBalance("c", "messages", true, 460)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
}

func TestCAN06FinalOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 500)
	w.Cancel("c", "pro_use")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.Billed("c", 2000, 4000)
}

func TestCAN06OverageOfAnImmediateCancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 500)
	w.Advance("10d")
	w.Cancel("c", "pro_use", Immediately())
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 2000, 4000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 4000)
}

func TestCAN07TheMainNotTheAddOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro", "addon_words")
	w.Cancel("c", "pro")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "addon_words active", "free active")
	w.Billed("c", 2000, 2000, 2000)
}

func TestCAN07TheAddOnNotTheMain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro", "addon_words")
	w.Cancel("c", "addon_words", Immediately())
	w.HasProducts("c", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000, 2000, 2000)
}

func TestCAN08OneOff(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
	w.CustomerWithCard("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.HasBalance("c", "messages", true, 250)
	w.Cancel("c", "topup", Immediately())
	w.HasProducts("c")
	w.HasBalance("c", "messages", false, 0)
}

func TestCAN09Unknown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "premium"})
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "nothing"})
	w.Refused(404, "customer_not_found", "/v1/cancel", JSON{"customer_id": "nobody", "product_id": "pro"})
	w.Cancel("c", "pro", Immediately())
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "pro", "cancel_immediately": true})
}

func TestCAN10TrialImmediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Advance("3d")
	w.Cancel("c", "pro_trial", Immediately())
	w.HasProducts("c", "free active")
	w.Billed("c", 0)
}

func TestCAN11WhileADowngradeIsScheduled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Cancel("c", "premium")
	w.HasProducts("c", "free scheduled", "premium active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.Billed("c", 5000)
}

// Unpaid time is not credited, and the credit does not make an invoice that
// counts as paid for the rest of the subscription.
func TestCANNoCreditWhileAPaymentIsOverdue(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "g1_pro"}})
	w.Post("/_local/customers/c/payment_method", JSON{"payment_method": "pm_card_chargeCustomerFail"})
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.HasProducts("c", "g1_pro past_due", "pro past_due")
	w.Cancel("c", "g1_pro", JSON{"cancel_immediately": true, "prorate": true})
	w.HasProducts("c", "pro past_due")
	w.Billed("c", 5000, 5000)
	w.Want("credit", ValueAt(w.AtStripe("c"), "customer.balance"), 0)
}
