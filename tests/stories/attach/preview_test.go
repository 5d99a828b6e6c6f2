package attach

import (
	"testing"

	. "windfall/tests/world"
)

// A preview is the decision itself: it has the amount that attach then charges,
// and writes nothing.
func TestAPreviewEqualsTheChargeAndWritesNothing(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]JSON{
		"plan":    {"product_id": "pro"},
		"prepaid": Merge(JSON{"product_id": "pro_prepaid"}, Quantity("messages", 250)),
		"one-off": Merge(JSON{"product_id": "topup"}, Quantity("messages", 300)),
		"usage":   {"product_id": "pro_use"},
		"free":    {"product_id": "booster"},
		"bundle":  {"product_ids": []string{"g1_pro", "g2_pro"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.Post("/v1/customers", JSON{"id": "c"})
			w.PutGoodCard("c")
			request := Merge(JSON{"customer_id": "c"}, request)
			before := w.Stack.Tables()
			preview := w.Post("/v1/attach/preview", request)
			if w.Stack.Tables() != before {
				t.Error("a preview wrote to the table")
			}
			w.Post("/v1/attach", request)
			var charged float64
			for _, i := range w.Invoices("c") {
				charged += float64(i.Total) / 100
			}
			w.Want("due today", ValueAt(preview, "due_today.total"), charged)
		})
	}
}

func TestAPreviewMakesNoCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	before := w.Stack.Tables()
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "nobody", "product_id": "pro"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 20)
	if w.Stack.Tables() != before {
		t.Error("a preview wrote to the table")
	}
}

func TestCheckoutAnswersAPageOnlyWhereOneIsNeeded(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	first := w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "pro"})
	if first["url"] == nil {
		t.Error("no card and no page")
	}
	w.PutGoodCard("c")
	second := w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "pro"})
	w.Want("url and total", []any{second["url"], second["total"]}, []any{nil, 20})
	w.HasProducts("c", "free active")
}

// A product that costs nothing at once ends the paid one: its preview shows the
// credit, and the use that is billed right after.
func TestPreviewOfAFreeProductAtOnceShowsTheUse(t *testing.T) {
	t.Parallel()
	for used, want := range map[float64]float64{0: -10, 100: -10, 151: -10 + 5.10, 500: -10 + 40} {
		w := New(t)
		w.PlanChangeCatalog()
		w.CustomerWithCard("c", "pro_use")
		w.Track("c", "messages", used)
		w.AdvanceTo(T0.AddDate(0, 0, 15))
		body := JSON{"customer_id": "c", "product_id": "free", "plan_schedule": "immediate"}
		shown := w.Post("/v1/attach/preview", body)["due_today"]
		w.Want("preview", ValueAt(shown, "total"), want)
		before := len(w.Invoices("c"))
		w.Post("/v1/attach", body)
		var sum int64
		for _, in := range w.Invoices("c")[before:] {
			sum += in.Total
		}
		w.Want("billed", float64(sum)/100, want)
	}
}
