package stories

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func TestCAN01AtPeriodEndWithDefault(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	done := w.Cancel("c", "pro")
	w.Want("answer", done, JSON{"success": true, "customer_id": "c", "product_id": "pro"})
	w.Holds("c", "free scheduled", "pro active")
	w.Want("cancelled", w.Held("c", "pro")["canceled_at"], T0.UnixMilli())
	w.Want("check", w.Post("/v1/check", JSON{"customer_id": "c", "product_id": "pro"})["status"], "canceled")
	w.Has("c", "messages", true, 500)
	w.Cancel("c", "pro") // changes nothing
	w.Holds("c", "free scheduled", "pro active")
	w.Renewal(T1)
	w.Holds("c", "free active")
	w.Has("c", "messages", true, 100)
	w.Billed("c", 2000)
}

func TestCAN02AtPeriodEndWithoutDefault(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "g1_pro")
	w.Cancel("c", "g1_pro")
	w.Has("c", "words", true, 10)
	w.Renewal(T1)
	w.Holds("c", "free active")
	w.Has("c", "words", false, 0)
	w.Billed("c", 3000)
}

func TestCAN03Immediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Advance("10d")
	w.Cancel("c", "pro", Now())
	w.Holds("c", "free active")
	w.Has("c", "messages", true, 100)
	w.Billed("c", 2000)
	w.Want("status", Path(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
	w.Renewal(T1)
	w.Billed("c", 2000)
}

func TestCAN03ImmediatelyWithRefund(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Advance("15d")
	w.Cancel("c", "pro", Now(), JSON{"prorate": true})
	w.Billed("c", 2000, -1000)
	w.Attach("c", "premium")
	w.Want("the credit pays", Path(w.AtStripe("c"), "balance_transactions.1.amount"), -1000)
	w.Holds("c", "premium active")
}

func TestCAN04PeriodEndThenImmediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Cancel("c", "pro")
	w.Advance("1d")
	w.Cancel("c", "pro", Now())
	w.Holds("c", "free active")
	w.Has("c", "messages", true, 100)
	w.Renewal(T1)
	w.Holds("c", "free active")
}

func TestCAN05UncancelByAttach(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Track("c", "messages", 40)
	w.Cancel("c", "pro")
	w.Want("code", w.Attach("c", "pro")["code"], "renewed_product")
	w.Holds("c", "pro active")
	w.Want("cancelled", w.Held("c", "pro")["canceled_at"], nil)
	w.Has("c", "messages", true, 460)
	w.Renewal(T1)
	w.Billed("c", 2000, 2000)
}

func TestCAN06FinalOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro_use")
	w.Track("c", "messages", 500)
	w.Cancel("c", "pro_use")
	w.Renewal(T1)
	w.Holds("c", "free active")
	w.Billed("c", 2000, 4000)
}

func TestCAN06OverageOfAnImmediateCancel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro_use")
	w.Track("c", "messages", 500)
	w.Advance("10d")
	w.Cancel("c", "pro_use", Now())
	w.Holds("c", "free active")
	w.Has("c", "messages", true, 100)
	w.Billed("c", 2000, 4000)
	w.Renewal(T1)
	w.Billed("c", 2000, 4000)
}

func TestCAN07TheMainNotTheAddOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro", "addon_words")
	w.Cancel("c", "pro")
	w.Renewal(T1)
	w.Holds("c", "addon_words active", "free active")
	w.Billed("c", 2000, 2000, 2000)
}

func TestCAN07TheAddOnNotTheMain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro", "addon_words")
	w.Cancel("c", "addon_words", Now())
	w.Holds("c", "pro active")
	w.Renewal(T1)
	w.Holds("c", "pro active")
	w.Billed("c", 2000, 2000, 2000)
}

func TestCAN08OneOff(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
	w.Payer("c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Has("c", "messages", true, 250)
	w.Cancel("c", "topup", Now())
	w.Holds("c")
	w.Has("c", "messages", false, 0)
}

func TestCAN09Unknown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "premium"})
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "nothing"})
	w.Refused(404, "customer_not_found", "/v1/cancel", JSON{"customer_id": "nobody", "product_id": "pro"})
	w.Cancel("c", "pro", Now())
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "pro", "cancel_immediately": true})
}

func TestCAN10TrialImmediately(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro_trial")
	w.Advance("3d")
	w.Cancel("c", "pro_trial", Now())
	w.Holds("c", "free active")
	w.Billed("c", 0)
}

func TestCAN11WhileADowngradeIsScheduled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "premium")
	w.Attach("c", "pro")
	w.Cancel("c", "premium")
	w.Holds("c", "free scheduled", "premium active")
	w.Renewal(T1)
	w.Holds("c", "free active")
	w.Billed("c", 5000)
}

// Time that was never paid for is not given back, and the credit does not make
// an invoice that counts as paid for everything else on the subscription.
func TestCANNoCreditWhileAPaymentIsOverdue(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "g1_pro"}})
	w.Post("/_local/customers/c/payment_method", JSON{"payment_method": "pm_card_chargeCustomerFail"})
	w.To(T1.Add(2 * time.Hour))
	w.Holds("c", "g1_pro past_due", "pro past_due")
	w.Cancel("c", "g1_pro", JSON{"cancel_immediately": true, "prorate": true})
	w.Holds("c", "pro past_due")
	w.Billed("c", 5000, 5000)
	w.Want("credit", Path(w.AtStripe("c"), "customer.balance"), 0)
}
