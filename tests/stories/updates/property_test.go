package updates

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// Whatever is asked in whatever order, the preview says what is charged, both refuse the
// same, a repetition of the call charges nothing more, and nobody gets more back than
// was paid.
func TestPreviewsOfUpdatesAreWhatIsCharged(t *testing.T) {
	t.Parallel()
	walk(t, priced(t), "")
}

// So it is for entities of one customer, who has the same plans: and a call about one of them changes
// nothing that another has.
func TestPreviewsOfEntitiesAreWhatIsCharged(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Feature("desks", "continuous_use")
	for _, id := range []string{"a", "b"} {
		w.Post("/v1/customers/c/entities", JSON{"id": id, "feature_id": "desks"})
	}
	walk(t, w, "", "a", "b")
}

// walk makes calls about a customer, which is "", and entities.
func walk(t *testing.T, w *World, scopes ...string) {
	mixedAndTwoOfPro(w)
	start := w.Snapshot()
	rapid.Check(t, func(rt *rapid.T) {
		start()
		for range rapid.IntRange(1, 7).Draw(rt, "steps") {
			if days := rapid.SampledFrom([]string{"", "", "24h", "10d", "20d"}).Draw(rt, "time"); days != "" {
				w.Advance(days)
			}
			if rapid.Bool().Draw(rt, "use") {
				w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": rapid.IntRange(1, 400).Draw(rt, "used")})
			}
			scope := rapid.SampledFrom(scopes).Draw(rt, "scope")
			verb, body := drawn(rt, w, scope)
			before, others := sum(w), plansOf(w, scope, false)
			said, done := w.Do(w.Stack.Key, "POST", "/v1/billing.preview_"+verb, body), w.Do(w.Stack.Key, "POST", "/v1/billing."+verb, body)
			w.WaitIdle()
			if said.Status != done.Status || said.Status != 200 && said.Text != done.Text || done.Status >= 500 {
				rt.Fatalf("%s %v:\npreview %d %s\nanswer  %d %s", verb, body, said.Status, said.Text, done.Status, done.Text)
			}
			if done.Status != 200 {
				continue
			}
			if got, want := float64(sum(w)-before), said.Body["total"].(float64)*100; got-want > 0.01 || want-got > 0.01 {
				rt.Fatalf("%s %v: charged %v, previewed %v: %s", verb, body, got, want, said.Text)
			}
			charged := sum(w)
			w.Do(w.Stack.Key, "POST", "/v1/billing."+verb, body)
			w.WaitIdle()
			if verb == "update" && body["customize"] == nil && sum(w) != charged {
				rt.Fatalf("%s %v: asked again it charges %d more", verb, body, sum(w)-charged)
			}
			if is := plansOf(w, scope, false); !slices.Equal(is, others) {
				rt.Fatalf("%s %v: what others have was %v, and is %v", verb, body, others, is)
			}
			if sum(w) < 0 {
				rt.Fatalf("%s %v: more came back than was paid: %d", verb, body, sum(w))
			}
		}
	})
}

// mixedAndTwoOfPro adds a plan that is paid in two ways, and a second version of pro.
func mixedAndTwoOfPro(w *World) {
	w.Product("mixed", "main", Price(30), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50}), Consumable("words", 10))
	w.Post("/v1/products/pro", JSON{"items": []JSON{Price(24), Messages(600)}})
}

// drawn is a call about one of the plans: an update mostly of the one that runs.
func drawn(rt *rapid.T, w *World, scope string) (verb string, body JSON) {
	plan, attach := rapid.SampledFrom([]string{"pro", "premium", "mixed", "pro_prepaid", "free"}).Draw(rt, "plan"), rapid.IntRange(0, 2).Draw(rt, "verb") == 0
	if has := plansOf(w, scope, true); len(has) > 0 && !attach && rapid.IntRange(0, 9).Draw(rt, "mine") > 0 {
		plan, _, _ = strings.Cut(has[0], " ")
	}
	body = of(plan)
	if scope != "" {
		body["entity_id"] = scope
	}
	if rapid.IntRange(0, 3).Draw(rt, "none") == 0 {
		body["proration_behavior"] = "none"
	}
	if plan == "mixed" || plan == "pro_prepaid" {
		Merge(body, units(50+100*rapid.IntRange(0, 5).Draw(rt, "packs")))
	}
	if attach {
		if when := rapid.SampledFrom([]string{"", "immediate", "end_of_cycle"}).Draw(rt, "when"); when != "" {
			body["plan_schedule"] = when
		}
		return "attach", body
	}
	switch rapid.SampledFrom([]string{"quantity", "version", "price", "items", "now", "later", "uncancel"}).Draw(rt, "what") {
	case "version":
		body["version"] = rapid.IntRange(1, 2).Draw(rt, "version")
	case "price":
		body["customize"] = JSON{"price": JSON{"amount": rapid.IntRange(1, 60).Draw(rt, "price"), "interval": "month"}}
	case "items":
		body["customize"] = JSON{"add_items": []JSON{{"feature_id": "words", "included": 0, "price": JSON{"amount": 7, "billing_method": "prepaid", "billing_units": 10, "interval": "month"}}}}
		Merge(body, JSON{"feature_quantities": append(quantitiesOf(body), JSON{"feature_id": "words", "quantity": 10 * rapid.IntRange(0, 4).Draw(rt, "tens")})})
	case "now":
		delete(body, "feature_quantities")
		body["cancel_action"] = "cancel_immediately"
	case "later":
		delete(body, "feature_quantities")
		body["cancel_action"] = "cancel_end_of_cycle"
	case "uncancel":
		delete(body, "feature_quantities")
		body["cancel_action"] = "uncancel"
	}
	return "update", body
}

func quantitiesOf(body JSON) []JSON {
	of, _ := body["feature_quantities"].([]JSON)
	return of
}

// plansOf lists the subscriptions of a customer that are of a scope, or of all others.
func plansOf(w *World, scope string, its bool) (out []string) {
	for _, one := range w.Post("/v1/customers.get", JSON{"customer_id": "c"})["subscriptions"].([]any) {
		s := one.(JSON)
		if of, _ := s["entity_id"].(string); (of == scope) == its {
			out = append(out, fmt.Sprint(s["plan_id"], " of ", of, ": ", s["status"], s["past_due"], s["canceled_at"], s["expires_at"], s["started_at"], s["quantity"], s["version"], s["stripe_subscription_id"]))
		}
	}
	return out
}
