package payments

import (
	"testing"

	. "windfall/tests/world"
)

// soldOf lists the subscriptions at Stripe of the plans that customer c has, by the order in which they began.
func soldOf(w *World, plan string) (out []any) {
	w.Helper()
	for _, s := range w.Post("/v1/customers.get", JSON{"customer_id": "c"})["subscriptions"].([]any) {
		if ValueAt(s, "plan_id") == plan {
			out = append(out, ValueAt(s, "stripe_subscription_id"))
		}
	}
	return out
}

// Each of two of one add-on has a subscription of its own: what is taken back ends that one alone.
func TestPAY07OneOfTwo(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"refund", "dispute"} {
		for n := range 2 {
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true, "dispute_ends_access": true})
			w.Post("/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "addon_words"})
			w.Advance("15d")
			w.Post("/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "addon_words"})
			w.WaitIdle()
			w.Advance("1h")
			both := soldOf(w, "addon_words")
			w.Post("/_local/invoices/"+w.Invoices("c")[1+n].ID+"/"+how, JSON{})
			w.WaitIdle()
			w.Want(how+" leaves the other", soldOf(w, "addon_words"), []any{both[1-n]})
			w.HasBalance("c", "words", true, 200)
			w.Billed("c", 2000, 2000, 2000)
		}
	}
}

// A plan that came with none lives on what was paid for the one before it: it ends with that. One
// that was charged, and one that is paid apart, stays.
func TestPAY07APlanThatCameWithNone(t *testing.T) {
	t.Parallel()
	none := JSON{"proration_behavior": "none", "plan_schedule": "immediate"}
	for name, tt := range map[string]struct {
		then []JSON // of the plans that follow pro
		has  []string
	}{
		"dearer":                 {[]JSON{Merge(JSON{"plan_id": "premium"}, none)}, []string{"free active"}},
		"dearer by two":          {[]JSON{Merge(JSON{"plan_id": "premium"}, none), Merge(JSON{"plan_id": "ultra"}, none)}, []string{"free active"}},
		"dearer, and an add-on":  {[]JSON{Merge(JSON{"plan_id": "premium"}, none), {"plan_id": "addon_words"}}, []string{"addon_words active", "free active"}},
		"charged":                {[]JSON{{"plan_id": "premium"}}, []string{"premium active"}},
		"charged after none":     {[]JSON{Merge(JSON{"plan_id": "premium"}, none), {"plan_id": "ultra"}}, []string{"ultra active"}},
		"with none after charge": {[]JSON{{"plan_id": "premium"}, Merge(JSON{"plan_id": "ultra"}, none)}, []string{"ultra active"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true})
			w.CustomerWithCard("c", "pro")
			for _, body := range tt.then {
				w.Advance("1h")
				w.Post("/v1/billing.attach", Merge(JSON{"customer_id": "c"}, body))
				w.WaitIdle()
			}
			n := len(w.Invoices("c"))
			earlier(w, "refund")
			w.WaitIdle()
			w.HasProducts("c", tt.has...)
			w.Want("and nothing is billed or credited", len(w.Invoices("c")), n)
		})
	}
}

// The renewal pays for what runs then: its refund ends the plan that came with none after it.
func TestPAY07TheRenewalBeforeNone(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Call("PATCH", "/v1/settings", JSON{"refund_ends_access": true})
	w.CustomerWithCard("c", "pro")
	w.AdvancePastRenewal(T1)
	w.Post("/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "premium", "proration_behavior": "none"})
	w.WaitIdle()
	w.Billed("c", 2000, 2000)
	earlier(w, "refund") // of a period that is over
	w.HasProducts("c", "premium active")
	refunded(w, "c", 0)
	w.HasProducts("c", "free active")
}

// What was bought of a one-off is taken back of that purchase: a later one of the same product, after the
// first had ended, keeps its units.
func TestPAY07AOneOffThatWasEndedAndBoughtAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("pack", "", Prepaid("messages", 9, 250, "")).AddOn()
	w.CustomerWithCard("c")
	w.Attach("c", "pack", Quantity("messages", 250))
	w.Advance("1h")
	w.Cancel("c", "pack", Immediately())
	w.Advance("1h")
	w.Attach("c", "pack", Quantity("messages", 250))
	w.WaitIdle()
	w.Advance("1h")
	w.Attach("c", "pack", Quantity("messages", 250)) // it adds to the second
	w.WaitIdle()
	all := func(n int) {
		w.Post("/_local/invoices/"+w.Invoices("c")[n].ID+"/refund", JSON{})
		w.WaitIdle()
	}
	had := w.Check("c", "messages")["balance"].(float64)
	all(0)
	w.HasBalance("c", "messages", true, had)
	all(2)
	w.HasBalance("c", "messages", true, had-250)
	all(1)
	w.HasBalance("c", "messages", had > 500, had-500)
}
