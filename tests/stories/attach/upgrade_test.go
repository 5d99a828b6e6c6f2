package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestUPG01StartOfPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	done := w.Attach("c", "premium")
	w.Want("code", done["code"], "upgraded_to_new_product")
	w.Want("product_ids", done["product_ids"], []string{"premium"})
	w.Billed("c", 2000, 3000)
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
	w.HasSubscriptions("c", 1)
}

func TestUPG02HalfPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	w.Attach("c", "premium")
	w.Billed("c", 2000, 1500)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1500, 5000)
	w.Want("period", w.CustomerProduct("c", "premium")["current_period_start"], T1.UnixMilli())
}

func TestUPG03FreeToPaidWithoutCard(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Track("c", "messages", 20)
	done := w.Attach("c", "pro")
	w.HasBalance("c", "messages", true, 80)
	w.Pay(done["checkout_url"].(string))
	w.Billed("c", 2000)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
}

func TestUPG04UsageIsReset(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Track("c", "messages", 20)
	w.Buy("c", "pro")
	w.HasBalance("c", "messages", true, 500)
}

func TestUPG05UsageIsCarried(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("keeps", "main", Price(20), Merge(Messages(500), JSON{"reset_usage_when_enabled": false}))
	w.Track("c", "messages", 20)
	w.Buy("c", "keeps")
	w.HasBalance("c", "messages", true, 480)
}

func TestUPG06PrepaidQuantityUp(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.Attach("c", "premium_prepaid", Quantity("messages", 500))
	w.Billed("c", 4000, 6000)
	w.HasBalance("c", "messages", true, 500)
}

func TestUPG07PrepaidQuantityDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 500))
	w.Attach("c", "premium_prepaid", Quantity("messages", 200))
	w.Billed("c", 7000, 0)
	w.HasBalance("c", "messages", true, 200)
}

func TestUPG08OverageIsSettled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_words")
	w.Track("c", "words", 300)
	w.Attach("c", "premium_words")
	w.Billed("c", 2000, 3500)
	w.HasBalance("c", "words", true, 1000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3500, 5000)
}

func TestUPG09NoOverageNoLine(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 60)
	w.HasBalance("c", "messages", true, 40)
	w.Attach("c", "premium_use")
	w.Billed("c", 2000, 3000)
	w.HasBalance("c", "messages", true, 500)
}

func TestUPG10LifetimeAndPerUse(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("a", "main", Lifetime("messages", 50), Overage("messages", 0, 0.5, 1))
	w.Product("b", "main", Overage("messages", 0, 1, 1))
	w.CustomerWithCard("c", "a")
	w.Track("c", "messages", 50)
	w.Track("c", "messages", 20)
	w.HasBalance("c", "messages", true, -20)
	w.Attach("c", "b")
	w.Billed("c", 0, 1000)
	w.HasBalance("c", "messages", true, 0)
	w.Want("more than one source", w.Check("c", "messages")["breakdown"], nil)
}

func TestUPG11MonthToYearAtTheStart(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Attach("c", "pro_year")
	w.Billed("c", 2000, 18000)
	w.HasBalance("c", "messages", true, 500)
	w.Want("renews", w.CustomerProduct("c", "pro_year")["current_period_end"], T0.AddDate(1, 0, 0).UnixMilli())
}
