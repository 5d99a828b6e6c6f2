package payments

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// wordsAtADollar sells words, each used one at a dollar, and a dearer product
// to change to. One call may count as much as there is room for.
func wordsAtADollar(t *testing.T) (*World, *MetricLog) {
	heard := &MetricLog{}
	w := heard.World(t)
	w.Feature("words", "single_use")
	w.Feature("pages", "single_use")
	w.Product("free", "main", Consumable("words", 1)).Default()
	w.Product("use", "main", Price(20), Overage("words", 0, 1, 1))
	w.Product("dear", "main", Price(50), Overage("words", 0, 2, 1))
	w.Product("both", "main", Price(20), Overage("words", 0, 1, 1), Overage("pages", 0, 1, 1))
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 1_000_000_000_000_000_000})
	return w, heard
}

// notBilled lists the entries about amounts that no invoice takes.
func notBilled(w *World, customer string) []string {
	w.Helper()
	var out []string
	for _, e := range w.Get("/v1/customers/" + customer + "/audit?limit=100")["list"].([]any) {
		if ValueAt(e, "rule") == "amount_not_billed" {
			out = append(out, fmt.Sprint(ValueAt(e, "why")))
		}
	}
	return out
}

// ways are the moments at which use is billed.
var ways = map[string]func(w *World){
	"renewal": func(w *World) { w.AdvancePastRenewal(T1) },
	"upgrade": func(w *World) {
		preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "dear"})
		if lines := ValueAt(preview, "due_today.line_items").([]any); len(lines) > 10 {
			w.Errorf("the preview has %d lines", len(lines))
		}
		w.Want("preview", ValueAt(preview, "due_today.total"), 30)
		w.Attach("c", "dear")
		w.HasProducts("c", "dear active")
	},
	"downgrade at once": func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
	"cancel at once": func(w *World) {
		w.Cancel("c", "use", Immediately())
		w.HasProducts("c", "free active")
	},
	"cancel later": func(w *World) {
		w.Cancel("c", "use")
		w.AdvancePastRenewal(T1)
		w.HasProducts("c", "free active")
	},
	"a subscription ended at Stripe": func(w *World) {
		w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil)
	},
	"a late webhook": func(w *World) {
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.AdvanceTo(T1.AddDate(0, 0, 3))
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.AdvancePastRenewal(T2)
	},
	"the sweep": func(w *World) {
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil)
		w.AdvanceTo(T1.Add(7 * time.Hour))
	},
}

// A use that no invoice can take does not stand in the way of anything: the
// customer is billed for all else, not for it, and a person is told.
func TestUseBeyondAnInvoiceStopsNoBilling(t *testing.T) {
	t.Parallel()
	for _, value := range []float64{1_000_000, 1e12, 999_999_999_999_999_000} {
		for name, end := range ways {
			t.Run(fmt.Sprintf("%s/%.0f", name, value), func(t *testing.T) {
				t.Parallel()
				w, heard := wordsAtADollar(t)
				w.CustomerWithCard("c", "use")
				w.Track("c", "words", value)
				end(w)
				told := notBilled(w, "c")
				if len(told) != 1 || !strings.Contains(told[0], "words") || heard.Sum("AmountNotBilled") != 1 {
					t.Errorf("%d entries %q, counted %v", len(told), told, heard.Sum("AmountNotBilled"))
				}
				for _, in := range w.Invoices("c") {
					if in.Total > 10_000 || in.Status != "paid" {
						t.Errorf("an invoice of %d is %s", in.Total, in.Status)
					}
				}
				w.Track("c", "words", 1)
				if mismatches := w.InvoiceMismatches("c"); mismatches != nil {
					t.Errorf("%q", mismatches)
				}
			})
		}
	}
}

// A customer with such a use can be deleted, and what they owe else is billed.
func TestUseBeyondAnInvoiceStopsNoDeletion(t *testing.T) {
	t.Parallel()
	w, heard := wordsAtADollar(t)
	w.CustomerWithCard("c", "both")
	w.Track("c", "words", 1e15)
	w.Track("c", "pages", 7)
	id := w.Get("/v1/customers/c?with_autumn_id=true")["autumn_id"].(string)
	stripe := w.AtStripe("c")["customer"].(JSON)["id"].(string)
	w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
	told := notBilled(w, id)
	if len(told) != 1 || heard.Sum("AmountNotBilled") != 1 {
		t.Errorf("entries %q, counted %v", told, heard.Sum("AmountNotBilled"))
	}
	if got := totalsAtStripe(w, stripe); !slices.Equal(got, []int64{2000, 700}) {
		t.Errorf("billed %v", got)
	}
}

// Amounts that fit an invoice each, but not together, are billed on several.
func TestUsesThatDoNotFitOneInvoiceAreBilledOnSeveral(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end   func(w *World)
		fixed int64 // what the product costs without use, until then
	}{
		"renewal":        {ways["renewal"], 4000},
		"cancel at once": {func(w *World) { w.Cancel("c", "both", Immediately()) }, 2000},
		"a late webhook": {ways["a late webhook"], 6000},
		"deletion":       {func(w *World) { w.Call("DELETE", "/v1/customers/c?cancel=true", nil) }, 2000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, heard := wordsAtADollar(t)
			w.CustomerWithCard("c", "both")
			stripe := w.AtStripe("c")["customer"].(JSON)["id"].(string)
			w.Track("c", "words", 999_999)
			w.Track("c", "pages", 600_000)
			c.end(w)
			w.Advance("2h") // Stripe collects
			var sum, largest int64
			for _, total := range totalsAtStripe(w, stripe) {
				sum, largest = sum+total, max(largest, total)
			}
			if sum != c.fixed+159_999_900 || largest > 99_999_999 || heard.Sum("AmountNotBilled") != 0 {
				t.Errorf("billed %v", totalsAtStripe(w, stripe))
			}
		})
	}
}

// A change at once that is more than a charge takes, with what was used, is
// refused by preview and attach alike. In the end of the period it is billed.
func TestAChangeBeyondACharge(t *testing.T) {
	t.Parallel()
	w, heard := wordsAtADollar(t)
	w.Product("most", "main", Price(999_999.99))
	w.CustomerWithCard("c", "use")
	w.Track("c", "words", 999_000)
	for _, path := range []string{"/v1/attach/preview", "/v1/attach"} {
		if message := w.Refused(400, "invalid_inputs", path, JSON{"customer_id": "c", "product_id": "most"}); !strings.Contains(message, "999999.99") {
			t.Errorf("%s: %s", path, message)
		}
	}
	w.HasProducts("c", "use active")
	w.Attach("c", "most", JSON{"plan_schedule": "end_of_cycle"})
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "most active")
	got := totalsAtStripe(w, w.AtStripe("c")["customer"].(JSON)["id"].(string))
	slices.Sort(got)
	if !slices.Equal(got, []int64{2000, 99_900_000, 99_999_999}) || heard.Sum("AmountNotBilled") != 0 {
		t.Errorf("billed %v", got)
	}
}

// totalsAtStripe lists what the paid invoices of a Stripe customer came to,
// oldest first.
func totalsAtStripe(w *World, stripeID string) []int64 {
	w.Helper()
	var out []int64
	for _, in := range w.CallStripe("GET", "/v1/invoices", "limit=100&status=paid&customer="+stripeID)["data"].([]any) {
		out = append(out, int64(ValueAt(in, "total").(float64)))
	}
	slices.Reverse(out)
	return out
}
