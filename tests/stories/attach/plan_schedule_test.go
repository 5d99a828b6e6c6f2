package attach

import (
	"testing"

	. "windfall/tests/world"
)

var (
	immediate = JSON{"plan_schedule": "immediate"}
	withEnd   = JSON{"plan_schedule": "end_of_cycle"}
)

func TestPlanScheduleADowngradeAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Track("c", "messages", 100)
	w.Advance("15d")
	request := Merge(JSON{"customer_id": "c", "product_id": "pro"}, immediate)
	preview := w.Post("/v1/attach/preview", request)
	w.Want("preview", []any{preview["branch"], preview["func"], ValueAt(preview, "due_today.total")}, []any{"downgrade", "upgrade_same_interval", -15})
	done := w.Post("/v1/attach", request)
	w.Want("code", done["code"], "updated_product_successfully")
	w.HasProducts("c", "pro active")
	w.Billed("c", 5000, -1500)
	w.HasBalance("c", "messages", true, 500)
	w.Want("credit", ValueAt(w.AtStripe("c"), "customer.balance"), -1500)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.Billed("c", 5000, -1500, 2000)
	w.Want("credit left", ValueAt(w.AtStripe("c"), "customer.balance"), 0)
}

func TestPlanScheduleToFreeAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150)
	w.Advance("15d")
	request := Merge(JSON{"customer_id": "c", "product_id": "free"}, immediate)
	w.Want("due today", ValueAt(w.Post("/v1/attach/preview", request), "due_today.total"), -10+5)
	w.Post("/v1/attach", request)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Want("subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
	total := int64(0)
	for _, i := range w.Invoices("c") {
		total += i.Total
	}
	w.Want("20 paid, 10 credited, 5 of overage", total, 1500)
}

func TestPlanScheduleToFreeAtOnceBesideAnotherOnTheSubscription(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_pro"}})
	w.Advance("15d")
	w.Attach("c", "g2_free", immediate)
	w.HasProducts("c", "free active", "g1_pro active", "g2_free active")
	w.Billed("c", 7000, -2000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 7000, -2000, 3000)
}

func TestPlanScheduleAnUpgradeWaits(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	request := Merge(JSON{"customer_id": "c", "product_id": "premium"}, withEnd)
	preview := w.Post("/v1/attach/preview", request)
	w.Want("preview", []any{preview["branch"], preview["func"], ValueAt(preview, "due_today.total")}, []any{"upgrade", "schedule_product", 0})
	w.Want("due next", []any{ValueAt(preview, "due_next_cycle.due_at"), ValueAt(preview, "due_next_cycle.line_items.0.amount")}, []any{T1.UnixMilli(), 50})
	w.Want("code", w.Post("/v1/attach", request)["code"], "upgrade_scheduled")
	w.HasProducts("c", "premium scheduled", "pro active")
	w.Billed("c", 2000)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
	w.Billed("c", 2000, 5000)
}

func TestPlanScheduleAnEqualPriceAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("pro2", "main", Price(20), Messages(600))
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	w.Attach("c", "pro2", immediate)
	w.HasProducts("c", "pro2 active")
	w.Billed("c", 2000, 0)
	w.HasBalance("c", "messages", true, 600)
}

func TestPlanScheduleOverAScheduledDowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.Attach("c", "ultra", withEnd)
	w.HasProducts("c", "premium active", "ultra scheduled")
	w.Attach("c", "pro", immediate)
	w.HasProducts("c", "pro active")
	w.Billed("c", 5000, -3000)
}

func TestPlanScheduleYearToMonthAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_year")
	preview := w.Post("/v1/attach/preview", Merge(JSON{"customer_id": "c", "product_id": "premium"}, immediate))
	w.Want("preview", []any{preview["func"], ValueAt(preview, "due_today.total")}, []any{"upgrade_diff_interval", -150})
	w.Attach("c", "premium", immediate)
	w.HasProducts("c", "premium active")
	w.Billed("c", 20000, -15000)
	w.AdvancePastRenewal(T1)
	w.Want("a month later", []any{len(w.Invoices("c")), w.Invoices("c")[2].Total}, []any{3, 5000})
	w.Want("paid by credit", ValueAt(w.AtStripe("c"), "customer.balance"), -10000)
}

func TestPlanScheduleOfATrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium_trial")
	w.Advance("3d")
	w.Attach("c", "pro", immediate)
	w.HasProducts("c", "pro active")
	w.Billed("c", 0, 2000)
	w.CustomerWithCard("d", "pro_trial")
	w.Attach("d", "premium", withEnd)
	w.HasProducts("d", "premium scheduled", "pro_trial trialing")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 10))
	w.HasProducts("d", "premium active")
	w.Billed("d", 0, 5000)
}

func TestPlanScheduleNeedsAPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "g1_pro")
	for _, product := range []string{"pro", "g2_pro", "addon_words", "g1_pro"} {
		w.Refused(400, map[bool]string{true: "product_already_attached", false: "invalid_request"}[product == "g1_pro"], "/v1/attach",
			Merge(JSON{"customer_id": "c", "product_id": product}, withEnd))
	}
	w.Attach("c", "pro", immediate) // what happens at once anyway
	w.HasProducts("c", "g1_pro active", "pro active")
}
