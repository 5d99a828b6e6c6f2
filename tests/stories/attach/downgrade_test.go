package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestDWN01PaidToPaid(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	done := w.Attach("c", "pro")
	w.Want("code", done["code"], "downgrade_scheduled")
	w.Want("product_ids", done["product_ids"], []string{"pro"})
	w.HasProducts("c", "premium active", "pro scheduled")
	w.Want("starts", w.CustomerProduct("c", "pro")["started_at"], T1.UnixMilli())
	w.Want("cancelled", w.CustomerProduct("c", "premium")["canceled_at"], T0.UnixMilli())
	w.Want("check of what is scheduled", w.Post("/v1/check", JSON{"customer_id": "c", "product_id": "pro"})["status"], "scheduled")
	w.Billed("c", 5000)
	w.HasBalance("c", "messages", true, 1000)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 5000, 2000)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 5000, 2000, 2000)
	w.HasSubscriptions("c", 1)
}

func TestDWN02CancelledByReattaching(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	done := w.Attach("c", "premium")
	w.Want("code", done["code"], "renewed_product")
	w.HasProducts("c", "premium active")
	w.Want("cancelled", w.CustomerProduct("c", "premium")["canceled_at"], nil)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "premium active")
	w.Billed("c", 5000, 5000)
}

func TestDWN03ReplacesTheScheduledProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Attach("c", "free")
	w.HasProducts("c", "free scheduled", "premium active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 5000)
	w.Want("status", ValueAt(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
}

func TestDWN04ToFree(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Want("code", w.Attach("c", "free")["code"], "downgrade_scheduled")
	w.HasBalance("c", "messages", true, 500)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 2000)
}

func TestDWN05AScheduledSwitchStartsAfresh(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	keeps := func(n int) JSON { return Merge(Messages(n), JSON{"reset_usage_when_enabled": false}) }
	w.Product("big", "main", Price(50), keeps(1000))
	w.Product("small", "main", Price(20), keeps(500))
	w.CustomerWithCard("c", "big")
	w.Track("c", "messages", 300)
	w.Attach("c", "small")
	w.HasBalance("c", "messages", true, 700)
	w.AdvancePastRenewal(T1)
	w.HasBalance("c", "messages", true, 500)
}

func TestDWN06AddOnUntouched(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium", "addon_words")
	w.Attach("c", "pro")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "addon_words active", "pro active")
	w.Billed("c", 5000, 2000, 2000, 2000)
	w.HasBalance("c", "words", true, 200)
}

func TestDWN07OverageWhenGoingToFree(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150)
	w.Attach("c", "free")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 2000, 500)
}

func TestDWN08SameScheduledProductAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.HasProducts("c", "premium active", "pro scheduled")
}

func TestDWN09RemovesTheScheduledOne(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Cancel("c", "pro")
	w.HasProducts("c", "premium active")
	w.Want("cancelled", w.CustomerProduct("c", "premium")["canceled_at"], nil)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 5000, 5000)
}

func TestDWN10TwoGroups(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_premium", "g2_premium"}})
	w.Billed("c", 11000)
	w.Attach("c", "g1_starter")
	w.Attach("c", "g2_starter")
	w.HasProducts("c", "free active", "g1_premium active", "g1_starter scheduled", "g2_premium active", "g2_starter scheduled")
	w.Attach("c", "g2_free")
	w.HasProducts("c", "free active", "g1_premium active", "g1_starter scheduled", "g2_free scheduled", "g2_premium active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active", "g1_starter active", "g2_free active")
	w.Billed("c", 11000, 1000)
}

func TestDWN11ShorterInterval(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("quarterly", "main", JSON{"price": 60, "interval": "quarter"}, Messages(500))
	w.CustomerWithCard("c", "quarterly")
	w.Attach("c", "pro")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro scheduled", "quarterly active")
	w.Want("starts", w.CustomerProduct("c", "pro")["started_at"], T3.UnixMilli())
	w.AdvancePastRenewal(T3)
	w.HasProducts("c", "pro active")
	w.Billed("c", 6000, 2000)
	w.AdvancePastRenewal(T4)
	w.Billed("c", 6000, 2000, 2000)
}
