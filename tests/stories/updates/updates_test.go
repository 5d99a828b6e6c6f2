// Package updates has the stories of changing what a customer has without attaching it
// again: billing.update and what stands beside it in the second dialect.
package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// of is a request about a plan of customer c.
func of(plan string, more ...JSON) JSON {
	return Merge(JSON{"customer_id": "c", "plan_id": plan}, more...)
}

// units is a quantity of messages, with what the plan includes.
func units(n int) JSON {
	return JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": n}}}
}

var none = JSON{"proration_behavior": "none"}

// priced is a world whose customer c has a card and plans.
func priced(t *testing.T, plans ...string) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", plans...)
	return w
}

// update previews an update and makes it: what it charges is what the preview says.
func update(w *World, body JSON) JSON {
	w.Helper()
	before := sum(w)
	preview := w.Post("/v1/billing.preview_update", body)
	done := w.Post("/v1/billing.update", body)
	w.Want("charged as previewed", float64(sum(w)-before), 100*preview["total"].(float64))
	w.Want("nothing to pay on a page", done["payment_url"], nil)
	return preview
}

func sum(w *World) (total int64) {
	for _, i := range w.Invoices("c") {
		total += i.Total
	}
	return total
}

func TestUPD01MoreOfAPrepaidFeature(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Product("pack_plan", "main", Price(20), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50}))
	w.Post("/v1/billing.attach", of("pack_plan", units(250))) // 50 are included
	w.Billed("c", 4000)
	w.HasBalance("c", "messages", true, 250)
	w.Advance("15d")
	preview := update(w, of("pack_plan", units(550)))
	w.Want("intent", preview["intent"], "update_quantity")
	w.Want("more", ValueAt(preview, "incoming.0.feature_quantities.0.quantity"), 550)
	w.Want("before", ValueAt(preview, "outgoing.0.feature_quantities.0.quantity"), 250)
	w.Want("next", ValueAt(preview, "next_cycle.total"), 70)
	w.Billed("c", 4000, 1500)
	w.HasBalance("c", "messages", true, 550)
	update(w, of("pack_plan", units(550))) // as it is: nothing
	w.Billed("c", 4000, 1500)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 4000, 1500, 7000)
}

func TestUPD02LessOfAPrepaidFeature(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Attach("c", "pro_prepaid", Quantity("messages", 500))
	w.Track("c", "messages", 250)
	w.Advance("15d")
	message := w.Refused(400, "invalid_options", "/v1/billing.update", of("pro_prepaid", units(200)))
	if !strings.Contains(message, "250") {
		t.Errorf("it does not say how many are used: %s", message)
	}
	w.Refused(400, "invalid_options", "/v1/billing.preview_update", of("pro_prepaid", units(200)))
	update(w, of("pro_prepaid", units(300)))
	w.Billed("c", 7000, -1000)
	w.HasBalance("c", "messages", true, 50)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 7000, -1000, 5000)
}

func TestUPD03WithoutACharge(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.Advance("15d")
	preview := update(w, of("pro_prepaid", units(500), none))
	w.Want("total", preview["total"], 0)
	w.Want("lines", preview["line_items"], []any{})
	w.Want("next", ValueAt(preview, "next_cycle.total"), 70)
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 4000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 4000, 7000)
	update(w, of("pro_prepaid", units(300), none)) // and down, without a credit
	w.Billed("c", 4000, 7000)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 4000, 7000, 5000)
}

// What was had for nothing is not credited: half of what was paid comes back, as a
// quarter of the period's packs was.
func TestUPD03NothingComesBackThatWasNotPaid(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	update(w, of("pro_prepaid", units(500), none))
	w.Advance("15d")
	update(w, of("pro_prepaid", JSON{"cancel_action": "cancel_immediately"}))
	w.Billed("c", 4000, -2000)
}

func TestUPD04AnUpgradeWithoutACharge(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Track("c", "messages", 20)
	w.Advance("15d")
	preview := w.Post("/v1/billing.preview_attach", of("premium", none))
	w.Want("total", preview["total"], 0)
	w.Want("in", ValueAt(preview, "incoming.0.plan_id"), "premium")
	w.Want("out", ValueAt(preview, "outgoing.0.plan_id"), "pro")
	w.Post("/v1/billing.attach", of("premium", none))
	w.HasProducts("c", "premium active")
	w.Billed("c", 2000)
	w.Refused(400, "invalid_request", "/v1/billing.attach", of("pro_year", none))
	w.Refused(400, "invalid_request", "/v1/billing.attach", of("g1_pro", none))
	w.Product("setup", "main", Price(60), OneTimePrice(10))
	w.Refused(400, "invalid_request", "/v1/billing.attach", of("setup", none))
	restore := w.Snapshot()
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 5000)
	restore()
	update(w, of("premium", JSON{"cancel_action": "cancel_immediately"}))
	w.Billed("c", 2000, -1000)
	w.HasProducts("c", "free active")
}

func TestUPD04UseIsNotLost(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro_words")
	w.Track("c", "words", 300)
	message := w.Refused(400, "invalid_request", "/v1/billing.attach", of("premium", none))
	if !strings.Contains(message, "beyond its allowance") {
		t.Error(message)
	}
	w.HasProducts("c", "pro_words active")
}

func TestUPD05EndAndUncancel(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	preview := update(w, of("pro", JSON{"cancel_action": "cancel_end_of_cycle"}))
	w.Want("intent", preview["intent"], "cancel_end_of_cycle")
	w.Want("ends", ValueAt(preview, "outgoing.0.expires_at"), T1.UnixMilli())
	w.Want("follows", ValueAt(preview, "incoming.0.plan_id"), "free")
	w.Want("next", preview["next_cycle"], nil)
	w.HasProducts("c", "free scheduled", "pro active")
	w.Refused(409, "plan_already_attached", "/v1/billing.attach", of("pro"))
	preview = update(w, of("pro", JSON{"cancel_action": "uncancel"}))
	w.Want("intent", preview["intent"], "uncancel")
	w.Want("goes on", ValueAt(preview, "incoming.0.plan_id"), "pro")
	w.Want("next", ValueAt(preview, "next_cycle.total"), 20)
	w.HasProducts("c", "pro active")
	preview = update(w, of("pro", JSON{"cancel_action": "uncancel"}))
	w.Want("intent", preview["intent"], "none")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
}

func TestUPD06AtOnce(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Advance("15d")
	restore := w.Snapshot()
	preview := update(w, of("pro", JSON{"cancel_action": "cancel_immediately"}))
	w.Want("intent", preview["intent"], "cancel_immediately")
	w.Want("total", preview["total"], -10)
	w.HasProducts("c", "free active")
	w.Billed("c", 2000, -1000)
	restore()
	update(w, of("pro", none, JSON{"cancel_action": "cancel_immediately"}))
	w.HasProducts("c", "free active")
	w.Billed("c", 2000)
	w.Refused(404, "product_not_found", "/v1/billing.update", of("pro", JSON{"cancel_action": "cancel_end_of_cycle"}))
	w.Refused(400, "invalid_request", "/v1/billing.update", of("pro", JSON{"cancel_action": "cancel_immediately", "refund_last_payment": "full"}))
}

func TestUPD07AttachedAlready(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	for _, path := range []string{"/v1/billing.attach", "/v1/billing.preview_attach"} {
		message := w.Refused(409, "plan_already_attached", path, of("pro_prepaid", units(500)))
		if !strings.Contains(message, "billing.update") {
			t.Error(message)
		}
	}
	w.Post("/v1/billing.attach", of("addon_words"))
	oneMore(w, of("addon_words"))
	w.HasBalance("c", "words", true, 400)
	w.Billed("c", 4000, 2000, 2000)
}

func TestUPD08Versions(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Post("/v1/products/pro", JSON{"items": []JSON{Price(30), Messages(700)}})
	w.HasBalance("c", "messages", true, 500)
	preview := update(w, of("pro", JSON{"version": 2}))
	w.Want("intent", preview["intent"], "update_plan")
	w.HasBalance("c", "messages", true, 700)
	w.Billed("c", 2000)
	update(w, of("pro", JSON{"version": 1}))
	w.HasBalance("c", "messages", true, 500)
	update(w, of("pro", JSON{"version": 2}))
	w.Refused(404, "product_not_found", "/v1/billing.update", of("pro", JSON{"version": 9}))
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3000)
}

// Seats that are paid for stay paid, at the price of before, until the period ends.
func TestUPD04SeatsWithoutACharge(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro_seats")
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 2400)
	w.Advance("15d")
	w.Want("total", w.Post("/v1/billing.preview_attach", of("premium_seats", none))["total"], 0)
	w.Post("/v1/billing.attach", of("premium_seats", none))
	w.HasProducts("c", "premium_seats active")
	w.Billed("c", 2000, 2400)
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 2400, 1000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2400, 1000, 11000)
}
