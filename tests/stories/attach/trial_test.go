package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestTRI01Start(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.HasProducts("c", "pro_trial trialing")
	w.Want("trial ends", w.CustomerProduct("c", "pro_trial")["trial_ends_at"], T0.AddDate(0, 0, 7).UnixMilli())
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 0)
}

func TestTRI02End(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Track("c", "messages", 100)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "pro_trial active")
	w.Billed("c", 0, 2000)
	got := w.Check("c", "messages")
	w.Want("balance", got["balance"], 500)
	w.Want("next reset", got["next_reset_at"], T0.AddDate(0, 1, 7).UnixMilli())
}

func TestTRI03OncePerCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Cancel("c", "pro_trial", Immediately())
	w.Attach("c", "pro_trial")
	w.HasProducts("c", "pro_trial active")
	w.Billed("c", 0, 2000)
}

func TestTRI04OncePerFingerprint(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	for _, id := range []string{"a", "b"} {
		w.Post("/v1/customers", JSON{"id": id, "fingerprint": "device"})
		w.PutGoodCard(id)
		w.Attach(id, "pro_trial")
	}
	w.HasProducts("a", "pro_trial trialing")
	w.HasProducts("b", "pro_trial active")
	w.Billed("a", 0)
	w.Billed("b", 2000)
}

func TestTRI05CardRequiredWithoutCard(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	done := w.Attach("c", "pro_trial")
	w.HasProducts("c", "free active")
	w.Pay(done["checkout_url"].(string))
	w.HasProducts("c", "pro_trial trialing")
	w.Billed("c", 0)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.Billed("c", 0, 2000)
}

func TestTRI06NoCardNeeded(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	done := w.Attach("c", "pro_trial_nocard")
	w.Want("checkout_url", done["checkout_url"], nil)
	w.HasProducts("c", "pro_trial_nocard trialing")
	w.HasBalance("c", "messages", true, 500)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	for _, i := range w.Invoices("c") {
		if i.Total > 0 {
			t.Errorf("an invoice of %d", i.Total)
		}
	}
}

func TestTRI06ACardIsChargedAtTheEnd(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Attach("c", "pro_trial_nocard")
	w.PutGoodCard("c")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "pro_trial_nocard active")
	w.Billed("c", 0, 2000)
}

func TestTRI06ABadCardIsPastDue(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Attach("c", "pro_trial_nocard")
	w.PutFailingCard("c")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "pro_trial_nocard past_due")
	w.HasBalance("c", "messages", false, 0)
}

func TestTRI07OptOut(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_trial", JSON{"free_trial": false})
	w.HasProducts("c", "pro_trial active")
	w.Billed("c", 2000)
}

func TestTRI08Prepaid(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("packs_trial", "main", Price(20), Prepaid("messages", 10, 100, "month")).Trial(7)
	w.CustomerWithCard("c")
	w.Attach("c", "packs_trial", Quantity("messages", 100))
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c", 0)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.Billed("c", 0, 3000)
}

func TestTRI09CancelledInTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Advance("2d")
	w.Cancel("c", "pro_trial")
	w.HasProducts("c", "free scheduled", "pro_trial trialing")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "free active")
	w.Billed("c", 0)
}

func TestTRI10DefaultTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("d1", "main", Price(20), Messages(500)).Trial(7, JSON{"card_required": false}).Default()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.HasProducts("c", "d1 trialing", "free scheduled")
	w.HasBalance("c", "messages", true, 500)
	w.Advance("8d")
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c")
}

func TestTRI10BoughtDuringTheDefaultTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("d1", "main", Price(20), Messages(500)).Trial(7, JSON{"card_required": false}).Default()
	w.CustomerWithCard("c", "d1")
	w.Billed("c", 2000)
	w.HasProducts("c", "d1 active")
	w.Advance("8d")
	w.HasProducts("c", "d1 active")
}

func TestTRI11FreeProductWithATrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("gift", "main", Messages(700)).Trial(14, JSON{"card_required": false})
	w.Attach("c", "gift")
	w.HasProducts("c", "free scheduled", "gift trialing")
	w.HasBalance("c", "messages", true, 700)
	w.Billed("c")
	w.Advance("14d")
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
}

func TestTRIUpgradeIntoAnotherTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Advance("3d")
	w.Attach("c", "premium_trial")
	w.HasProducts("c", "premium_trial trialing")
	w.Want("a fresh trial", w.CustomerProduct("c", "premium_trial")["trial_ends_at"], T0.AddDate(0, 0, 17).UnixMilli())
	w.AdvancePastRenewal(T0.AddDate(0, 0, 17))
	w.HasProducts("c", "premium_trial active")
	total := int64(0)
	for _, i := range w.Invoices("c") {
		total += i.Total
	}
	w.Want("charged in all", total, 5000)
}

func TestTRIDowngradeWaitsForTheEndOfTheTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium_trial")
	w.Advance("3d")
	w.Attach("c", "pro_trial")
	w.HasProducts("c", "premium_trial trialing", "pro_trial scheduled")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 14))
	w.HasProducts("c", "pro_trial active")
	w.Billed("c", 0, 2000)
}

func TestTRIOverageOfATrialIsFree(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("use_trial", "main", Price(20), Overage("messages", 100, 0.1, 1)).Trial(7)
	w.CustomerWithCard("c", "use_trial")
	w.Track("c", "messages", 300)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.Billed("c", 0, 2000)
	w.HasBalance("c", "messages", true, 100)
}
