package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestUPG12TrialToPaid(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Advance("3d")
	w.Attach("c", "premium")
	w.HasProducts("c", "premium active")
	w.Billed("c", 0, 5000)
	w.Want("a full period from now", w.CustomerProduct("c", "premium")["current_period_end"], T0.AddDate(0, 1, 3).UnixMilli())
}

func TestUPG13OverAScheduledDowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Attach("c", "ultra")
	w.HasProducts("c", "ultra active")
	w.Billed("c", 5000, 15000)
	w.HasBalance("c", "messages", true, 5000)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "ultra active")
	w.Billed("c", 5000, 15000, 20000)
}

func TestUPG14Declined(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_words")
	w.Track("c", "words", 300)
	w.PutFailingCard("c")
	before := w.AtStripe("c")["subscriptions"]
	w.Refused(402, "stripe_card_declined", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium_words"})
	w.WaitIdle()
	w.HasProducts("c", "pro_words active")
	w.HasBalance("c", "words", true, -100)
	w.Billed("c", 2000)
	w.Want("subscriptions at Stripe", w.AtStripe("c")["subscriptions"], before)
	w.PutGoodCard("c")
	w.Attach("c", "premium_words")
	w.Billed("c", 2000, 3500)
}

func TestUPG15ResetTimeIsKept(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 30)
	w.Advance("15d")
	w.Attach("c", "premium")
	got := w.Check("c", "messages")
	w.Want("balance", got["balance"], 1000)
	w.Want("next reset", got["next_reset_at"], T1.UnixMilli())
	w.Track("c", "messages", 5)
	w.AdvanceTo(T1)
	w.HasBalance("c", "messages", true, 1000)
}

func TestUPG16SeatsCarryOver(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	seats := func(n int) JSON { return JSON{"feature_id": "seats", "included_usage": n} }
	w.Product("p1", "main", Price(20), seats(5))
	w.Product("p2", "main", Price(50), seats(10))
	w.CustomerWithCard("c", "p1")
	w.Track("c", "seats", 3)
	w.HasBalance("c", "seats", true, 2)
	w.Attach("c", "p2")
	w.Billed("c", 2000, 3000)
	w.HasBalance("c", "seats", true, 7)
}

func TestUPG17AddOnSurvives(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro", "addon_words")
	w.Attach("c", "premium")
	w.Billed("c", 2000, 2000, 3000)
	w.HasBalance("c", "words", true, 200)
	w.HasProducts("c", "addon_words active", "premium active")
}

func TestUPG18NotAllowedPaths(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium", "force_checkout": true})
	public := w.PublishableKey()
	a := w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
	w.Want("with a publishable key", []any{a.Status, a.Body["code"]}, []any{401, "endpoint_not_public"})
	w.AllowPublishableCheckout()
	for _, product := range []string{"premium", "free"} {
		a := w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": product})
		w.Want("with a publishable key", []any{a.Status, a.Body["code"]}, []any{400, "invalid_request"})
	}
	a = w.Do(public, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
	w.Want("a new product with a publishable key", a.Body["code"], "checkout_created")
	a = w.Do(public, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages"})
	w.Want("track with a publishable key", []any{a.Status, a.Body["code"]}, []any{401, "endpoint_not_public"})
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000)
}

func TestUPG19EqualPriceIsScheduled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("pro2", "main", Price(20), Messages(600))
	w.CustomerWithCard("c", "pro")
	w.Want("code", w.Attach("c", "pro2")["code"], "downgrade_scheduled")
	w.HasProducts("c", "pro active", "pro2 scheduled")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro2 active")
	w.Billed("c", 2000, 2000)
}

func TestUPG20LongerToShorterIsScheduled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_year")
	w.Want("code", w.Attach("c", "premium")["code"], "downgrade_scheduled")
	w.HasProducts("c", "premium scheduled", "pro_year active")
	w.Billed("c", 20000)
	w.AdvancePastRenewal(T0.AddDate(1, 0, 0))
	w.HasProducts("c", "premium active")
	w.Billed("c", 20000, 5000)
	w.HasBalance("c", "messages", true, 1000)
	w.AdvancePastRenewal(T0.AddDate(1, 1, 0))
	w.Billed("c", 20000, 5000, 5000)
}

// Usage billed with the upgrade is settled: only usage within the allowance is
// carried over.
func TestUPGBilledOverageIsNotCarried(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("keeps", "main", Price(50), Merge(Overage("words", 1000, 0.05, 1), JSON{"reset_usage_when_enabled": false}))
	w.CustomerWithCard("c", "pro_words")
	w.Track("c", "words", 300)
	w.Attach("c", "keeps")
	w.Billed("c", 2000, 3500)
	w.HasBalance("c", "words", true, 800)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3500, 5000)
}
