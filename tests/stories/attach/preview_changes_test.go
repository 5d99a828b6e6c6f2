package attach

import (
	"math"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A preview of a change has the amount that attach then charges, and the day
// and amount of the next charge.
func TestAPreviewOfAChangeIsTheChargeAndTheNextOne(t *testing.T) {
	t.Parallel()
	day15 := T0.AddDate(0, 0, 15)
	for name, c := range map[string]struct {
		holds        []string
		with         JSON // of the attach of the first product
		request      JSON
		branch, does string
		next         time.Time // zero for none
	}{
		"upgrade":              {[]string{"pro"}, nil, JSON{"product_id": "premium"}, "upgrade", "upgrade_same_interval", T1},
		"upgrade to a year":    {[]string{"pro"}, nil, JSON{"product_id": "pro_year"}, "upgrade", "upgrade_diff_interval", day15.AddDate(1, 0, 0)},
		"upgrade with a trial": {[]string{"pro"}, nil, JSON{"product_id": "premium_trial"}, "upgrade", "upgrade_same_interval", day15.AddDate(0, 0, 14)},
		"after a trial":        {[]string{"premium_trial"}, nil, JSON{"product_id": "ultra"}, "upgrade", "upgrade_same_interval", T0.AddDate(0, 0, 44)},
		"out of a trial":       {[]string{"pro"}, ownTrial(30), JSON{"product_id": "premium"}, "main_is_trial", "add_product", day15.AddDate(0, 1, 0)},
		"in a trial, waiting":  {[]string{"premium"}, ownTrial(30), JSON{"product_id": "pro"}, "downgrade", "schedule_product", T0.AddDate(0, 0, 30)},
		"custom in a trial":    {[]string{"pro"}, ownTrial(30), Merge(JSON{"product_id": "pro"}, customItems(Price(33), Messages(1))), "same_custom", "upgrade_same_interval", T0.AddDate(0, 0, 30)},
		"quantity in a trial":  {[]string{"pro_prepaid"}, Merge(Quantity("messages", 200), ownTrial(30)), Merge(JSON{"product_id": "pro_prepaid"}, Quantity("messages", 500)), "update_prepaid_quantity", "update_prepaid_quantity", T0.AddDate(0, 0, 30)},
		"downgrade":            {[]string{"premium"}, nil, JSON{"product_id": "pro"}, "downgrade", "schedule_product", T1},
		"downgrade to free":    {[]string{"premium"}, nil, JSON{"product_id": "free"}, "downgrade", "schedule_product", time.Time{}},
		"downgrade at once":    {[]string{"premium"}, nil, Merge(JSON{"product_id": "pro"}, immediate), "downgrade", "upgrade_same_interval", T1},
		"to free at once":      {[]string{"premium"}, nil, Merge(JSON{"product_id": "free"}, immediate), "downgrade", "upgrade_same_interval", time.Time{}},
		"quantity":             {[]string{"pro_prepaid"}, Quantity("messages", 200), Merge(JSON{"product_id": "pro_prepaid"}, Quantity("messages", 500)), "update_prepaid_quantity", "update_prepaid_quantity", T1},
		"less of it":           {[]string{"pro_prepaid"}, Quantity("messages", 500), Merge(JSON{"product_id": "pro_prepaid"}, Quantity("messages", 200)), "update_prepaid_quantity", "update_prepaid_quantity", T1},
		"renew":                {[]string{"premium", "pro"}, nil, JSON{"product_id": "premium"}, "renew", "renew", T1},
		"renew with packs":     {[]string{"pro_prepaid", "free"}, Quantity("messages", 300), JSON{"product_id": "pro_prepaid"}, "renew", "renew", T1},
		"over what waits":      {[]string{"premium", "pro"}, nil, JSON{"product_id": "ultra"}, "upgrade", "upgrade_same_interval", T1},
		"custom prices":        {[]string{"pro"}, nil, Merge(JSON{"product_id": "pro"}, customItems(Price(33), Messages(1))), "same_custom", "upgrade_same_interval", T1},
		"custom limits":        {[]string{"pro"}, nil, Merge(JSON{"product_id": "pro"}, customItems(Price(20), Messages(1))), "same_custom_ents", "upgrade_same_interval", T1},
		"beside an add-on":     {[]string{"pro", "addon_words"}, nil, JSON{"product_id": "premium"}, "upgrade", "upgrade_same_interval", T1},
		"an add-on":            {[]string{"pro"}, nil, JSON{"product_id": "addon_words"}, "add_on", "add_product", day15.AddDate(0, 1, 0)},
		"a one-off":            {[]string{"pro"}, nil, Merge(JSON{"product_id": "topup"}, Quantity("messages", 500)), "one_off", "one_off", time.Time{}},
		"another group":        {[]string{"g1_pro"}, nil, JSON{"product_id": "g2_pro"}, "new", "add_product", day15.AddDate(0, 1, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			for n, id := range c.holds {
				w.Attach("c", id, map[bool]JSON{true: c.with}[n == 0])
			}
			w.AdvanceTo(day15)
			request := Merge(JSON{"customer_id": "c"}, c.request)
			before := w.Stack.Tables()
			preview := w.Post("/v1/attach/preview", request)
			checkout := w.Post("/v1/checkout", request)
			if w.Stack.Tables() != before {
				t.Error("a preview wrote to the table")
			}
			w.Want("branch and func", []any{preview["branch"], preview["func"]}, []any{c.branch, c.does})
			w.Want("the same total", checkout["total"], ValueAt(preview, "due_today.total"))
			had := totalBilled(w, "c")
			w.Post("/v1/attach", request)
			w.Want("charged", minorUnits(ValueAt(preview, "due_today.total")), totalBilled(w, "c")-had)
			if c.next.IsZero() {
				w.Want("due next", preview["due_next_cycle"], nil)
				return
			}
			w.Want("due at", ValueAt(preview, "due_next_cycle.due_at"), c.next.UnixMilli())
			w.Want("in both answers", []any{ValueAt(checkout, "next_cycle.starts_at")}, []any{c.next.UnixMilli()})
			due := int64(0)
			for _, l := range ValueAt(preview, "due_next_cycle.line_items").([]any) {
				due += minorUnits(ValueAt(l, "amount"))
			}
			w.Want("in both totals", minorUnits(ValueAt(checkout, "next_cycle.total")), due)
			w.AdvanceTo(c.next.Add(-time.Minute))
			had = totalBilled(w, "c")
			w.AdvancePastRenewal(c.next)
			if name == "beside an add-on" {
				had += 2000 // it has a subscription of its own, and the same day
			}
			w.Want("the next charge", totalBilled(w, "c")-had, due)
		})
	}
}

func totalBilled(w *World, customer string) (sum int64) {
	for _, i := range w.Invoices(customer) {
		sum += i.Total
	}
	return sum
}

func minorUnits(major any) int64 {
	f, _ := major.(float64)
	return int64(math.Round(f * 100))
}
