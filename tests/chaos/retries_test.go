package chaos

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A repeated is a call that costs money. The clients of both generations repeat it with the
// same body when they get no answer, or 429, 500, 502, 503 or 504, and send no Idempotency-Key
// by themselves. One that is told that the first try is still being carried out comes back in a moment.
type repeated struct {
	path    string
	body    JSON
	prepare func(*World)
	told    string // the code of what a repetition of a call that had its effect is answered; "" for a success
	after   func(*World)
}

var repeats = []repeated{
	{path: "/v1/attach", body: JSON{"product_id": "pro"}, prepare: card, told: "product_already_attached"},
	{path: "/v1/attach", body: JSON{"product_id": "pro"}, after: payOpenPage},
	{path: "/v1/attach", body: JSON{"product_id": "pro", "invoice_only": true}, told: "product_already_attached"},
	{path: "/v1/attach", body: JSON{"product_id": "premium"}, prepare: held("pro"), told: "product_already_attached"},
	{path: "/v1/attach", body: JSON{"product_id": "pro"}, prepare: held("premium"), told: "invalid_request"},
	{path: "/v1/attach", body: JSON{"product_id": "addon_words"}, prepare: held("pro"), told: "purchase_repeated"},
	{path: "/v1/attach", body: JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}, prepare: card, told: "purchase_repeated"},
	{path: "/v1/attach", body: JSON{"product_ids": []string{"pro", "addon_words"}}, prepare: card, told: "invalid_request"},
	{path: "/v1/attach", body: JSON{"product_id": "packs", "options": []JSON{{"feature_id": "messages", "quantity": 500}}}, prepare: packs("200"), told: "product_already_attached"},
	{path: "/v1/checkout", body: JSON{"product_id": "pro"}},
	{path: "/v1/cancel", body: JSON{"product_id": "pro", "cancel_immediately": true, "prorate": true}, prepare: held("pro"), told: "product_not_found"},
	{path: "/v1/cancel", body: JSON{"product_id": "use", "cancel_immediately": true}, prepare: overdrawn, told: "product_not_found"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "pro"}, prepare: card, told: "plan_already_attached"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "pro", "redirect_mode": "always"}, prepare: card, after: payOpenPage},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "pro", "invoice_mode": JSON{"enabled": true}}, told: "plan_already_attached"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "premium"}, prepare: held("pro"), told: "plan_already_attached"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "premium", "proration_behavior": "none"}, prepare: held("pro"), told: "plan_already_attached"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "pro"}, prepare: held("premium"), told: "invalid_request"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "topup", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}}, prepare: card, told: "purchase_repeated"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "addon_words", "new_billing_subscription": true}, prepare: held("pro"), told: "purchase_repeated"},
	{path: "/v1/attach", body: JSON{"product_id": "addon_words", "new_billing_subscription": true}, prepare: held("pro", "addon_words"), told: "purchase_repeated"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "addon_words"}, prepare: held("pro"), told: "purchase_repeated"},
	{path: "/v1/billing.attach", body: JSON{"plan_id": "addon_words", "free_trial": JSON{"duration_length": 7, "duration_type": "day"}}, prepare: held("pro"), told: "purchase_repeated"},
	{path: "/v1/billing.multi_attach", body: JSON{"plans": []JSON{{"plan_id": "pro"}, {"plan_id": "addon_words"}}}, prepare: card, told: "plan_already_attached"},
	{path: "/v1/billing.update", body: JSON{"plan_id": "packs", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 500}}}, prepare: packs("200")},
	{path: "/v1/billing.update", body: JSON{"plan_id": "pro", "customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}, prepare: held("pro")},
	{path: "/v1/billing.update", body: JSON{"plan_id": "pro", "cancel_action": "cancel_immediately"}, prepare: held("pro"), told: "product_not_found"},
	{path: "/v1/billing.update", body: JSON{"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}, prepare: held("pro")},
	{path: "/v1/billing.multi_update", body: JSON{"updates": []JSON{{"plan_id": "addon_words", "cancel_action": "cancel_immediately"}}}, prepare: both, told: "product_not_found"},
	{path: "/v1/billing.create_schedule", body: JSON{"phases": []JSON{{"plans": []JSON{{"plan_id": "pro"}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "premium"}}}}}, prepare: card},
	{path: "/v1/billing.create_schedule", body: JSON{"metadata": JSON{"a": "b"}, "phases": []JSON{{"plans": []JSON{{"plan_id": "pro"}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "premium"}}}}}, prepare: card, told: "invalid_request"},
	{path: "/v1/billing.setup_payment", body: JSON{}},
	{path: "/v1/customers/c/entities", body: JSON{"id": "d", "feature_id": "seats"}, prepare: crew(), told: "duplicate_entity_id"},
	{path: "/v1/entities.create", body: JSON{"entity_id": "d", "feature_id": "seats"}, prepare: crew(), told: "duplicate_entity_id"},
	{path: "/v1/attach", body: JSON{"product_id": "topup", "entity_id": "a", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}, prepare: crew("a"), told: "purchase_repeated"},
	{path: "/v1/rewards.redeem", body: JSON{"code": "ONCE"}, prepare: promoted, told: "referral_code_max_redemptions_reached"},
	{path: "/v1/customers.delete", body: JSON{"cancel": true}, prepare: both, told: "customer_not_found"},
}

// TestAClientsOwnRepetitionChargesOnce loses the answer of each call that costs money, after
// all of it was done and at each call on the way. The client makes the same call until it gets
// an answer that it takes for one.
func TestAClientsOwnRepetitionChargesOnce(t *testing.T) {
	t.Parallel()
	for i, r := range repeats {
		t.Run(fmt.Sprint(i, r.path), func(t *testing.T) {
			t.Parallel()
			w, k := flow{prepare: r.prepare}.open(t)
			start := w.Snapshot()
			start()
			want, last := r.charged(w, k, 0, calm, 1)
			if last.Status != 200 {
				t.Fatalf("undisturbed: %d %s", last.Status, last.Text)
			}
			calls := k.seen()
			start()
			r.once(t, "the answer was lost", want, func() (string, Answer) { return r.charged(w, k, 0, calm, 2) })
			s := sample{n: i, every: 6}
			for n, called := range calls {
				for _, what := range []trouble{dieBefore, dieAfter, loseAnswer, throttle} {
					if !s.takes() {
						continue
					}
					start()
					r.once(t, fmt.Sprintf("call %d (%s) %s", n+1, called, what), want, func() (string, Answer) { return r.charged(w, k, n+1, what, 1) })
				}
			}
		})
	}
}

func (r repeated) once(t *testing.T, trouble, want string, charged func() (string, Answer)) {
	t.Helper()
	got, last := charged()
	if got != want {
		t.Errorf("%s: %s\n got %s\nwant %s", trouble, r.path, got, want)
	}
	if last.Status != 200 && last.Body["code"] != r.told {
		t.Errorf("%s: %s at last: %d %s", trouble, r.path, last.Status, last.Text)
	}
}

// charged makes a call at least so many times, with a trouble at the first, as a client does,
// and returns what the customer was charged in the end, and the last answer.
func (r repeated) charged(w *World, k *killer, n int, what trouble, times int) (string, Answer) {
	w.Helper()
	body := Merge(JSON{"customer_id": "c"}, r.body)
	if strings.HasPrefix(r.path, "/v1/customers/") {
		delete(body, "customer_id")
	}
	k.strike(n, what)
	last := w.Do(w.Stack.Key, "POST", r.path, body)
	calls, struck := k.seen(), k.struck
	if k.live(); struck {
		if err := w.Stack.Restart(); err != nil {
			w.Fatal(err)
		}
	}
	for wait := time.Second; times > 1 || slices.Contains([]int{429, 500, 502, 503, 504}, last.Status) || last.Body["code"] == "command_in_progress"; wait *= 2 {
		if wait > 5*time.Minute {
			w.Errorf("%s: no answer after five minutes: %d %s", r.path, last.Status, last.Text)
			break
		}
		if err := w.Stack.Sim.AdvanceTo(w.Context(), w.Stack.Sim.Now().Add(wait)); err != nil {
			w.Fatal(err)
		}
		last = w.Do(w.Stack.Key, "POST", r.path, body)
		times--
	}
	let(w)
	if r.after != nil {
		r.after(w)
	}
	w.Advance("20m")
	k.record = calls
	return charges(w), last
}

// charges are the invoices of all customers at Stripe with what is paid of them, and what
// customer c has.
func charges(w *World) string {
	w.Helper()
	var out []string
	for line := range strings.Lines(w.Stack.Objects()) {
		if kind, text, _ := strings.Cut(line, "\t"); kind == "invoice" {
			i := ParseJSON(w.T, []byte(text))
			out = append(out, fmt.Sprint("invoice ", i["total"], " ", i["amount_paid"], " ", i["status"]))
		} else if kind == "charge" || kind == "refund" {
			i := ParseJSON(w.T, []byte(text))
			out = append(out, fmt.Sprint(kind, " ", i["amount"], " ", i["status"]))
		}
	}
	slices.Sort(out)
	got := w.Do(w.Stack.Key, "POST", "/v1/subscriptions.list", JSON{"customer_id": "c"})
	list, _ := got.Body["list"].([]any)
	for _, entry := range list {
		out = append(out, fmt.Sprint(ValueAt(entry, "plan_id"), " ", ValueAt(entry, "status"), " ", ValueAt(entry, "canceled_at") != nil))
	}
	got = w.Do(w.Stack.Key, "POST", "/v1/balances.list", JSON{"customer_id": "c"})
	list, _ = got.Body["list"].([]any)
	for _, entry := range list {
		out = append(out, fmt.Sprint(ValueAt(entry, "feature_id"), " ", ValueAt(entry, "remaining")))
	}
	got = w.Do(w.Stack.Key, "POST", "/v1/customers.get", JSON{"customer_id": "c", "expand": []string{"rewards"}})
	list, _ = ValueAt(got.Body, "rewards.discounts").([]any)
	for _, entry := range list {
		out = append(out, fmt.Sprint("discount ", ValueAt(entry, "discount_value"), " ", ValueAt(entry, "queued")))
	}
	return strings.Join(out, ", ")
}
