// Package chaos kills Windfall at every external call of a command and sees
// that whoever comes next finishes what was begun: the state, the invoices and
// the number of subscriptions equal those of the undisturbed run.
package chaos

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// A branch is one way an attach can go.
type branch struct {
	name    string
	prepare func(w *World)
	request JSON
	page    bool // it ends in a page, which is then paid
}

var branches = []branch{
	{"free product", nil, JSON{"product_id": "booster"}, false},
	{"card on file", func(w *World) { w.Card("c") }, JSON{"product_id": "pro"}, false},
	{"no card", nil, JSON{"product_id": "pro"}, true},
	{"refused card", func(w *World) { w.BadCard("c") }, JSON{"product_id": "pro"}, true},
	{"invoice mode", nil, JSON{"product_id": "pro", "invoice_only": true}, false},
	{"one-off", func(w *World) { w.Card("c") }, JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}, false},
	{"add-on", func(w *World) { w.Card("c"); w.Attach("c", "pro") }, JSON{"product_id": "addon_words"}, false},
	{"items of one's own", func(w *World) { w.Card("c"); w.Attach("c", "pro") }, JSON{"product_id": "pro", "is_custom": true, "items": []JSON{Price(30), Messages(700)}}, false},
	{"from paid to free at once", func(w *World) { w.Card("c"); w.Attach("c", "pro") }, JSON{"product_id": "free", "plan_schedule": "immediate"}, false},
	{"a card appeared while a page was open", func(w *World) { w.Attach("c", "pro"); w.Card("c") }, JSON{"product_id": "pro"}, false},
}

// TestAttachSurvivesACrashAnywhere dies before and after each external call of
// each branch. The customer then asks again with the same Idempotency-Key, as
// a client does that got no answer.
func TestAttachSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for _, b := range branches {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			calm, calls, record := b.run(t, 0, false, recoverByRetry)
			for n := 1; n <= calls; n++ {
				for _, after := range []bool{false, true} {
					if got, _, _ := b.run(t, n, after, recoverByRetry); got != calm {
						t.Errorf("died at call %d (%s, carried out %v):\n got %s\nwant %s", n, record[n-1], after, got, calm)
					}
				}
			}
			t.Logf("%s: %d crash points tried, all recovered", b.name, 2*calls)
		})
	}
}

// TestTheSweepFinishesWhatNobodyCameBackFor dies the same way; then nobody
// asks again, and only the schedule runs. What was begun at Stripe is
// finished, and what was not begun is not.
func TestTheSweepFinishesWhatNobodyCameBackFor(t *testing.T) {
	t.Parallel()
	for _, b := range branches {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			calm, calls, record := b.run(t, 0, false, recoverBySweep)
			nothing, _, _ := b.run(t, 1, false, recoverBySweep)
			for n := 1; n <= calls; n++ {
				for _, after := range []bool{false, true} {
					if got, _, _ := b.run(t, n, after, recoverBySweep); got != calm && got != nothing {
						t.Errorf("died at call %d (%s, carried out %v):\n got %s\nwant %s\n  or %s", n, record[n-1], after, got, calm, nothing)
					}
				}
			}
			t.Logf("%s: %d crash points tried, all recovered", b.name, 2*calls)
		})
	}
}

// run attaches in a world of its own, dies at call n (0: never), recovers, and
// describes the end state.
func (b branch) run(t *testing.T, n int, after bool, recovery func(*World, JSON)) (end string, calls int, record []string) {
	t.Helper()
	k := &killer{}
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: k.between("dynamodb"), Stripe: k.between("stripe")}})
	smallCatalog(w)
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	if b.prepare != nil {
		b.prepare(w)
	}
	request := Merge(JSON{"customer_id": "c"}, b.request)
	w.Post("/_local/delivery", JSON{"mode": "hold"}) // only the request itself is counted
	k.dieAt(n, after)
	w.Do(w.Stack.Key, "POST", "/v1/attach", request, Key("once"))
	calls, record = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	recovery(w, request)
	if b.page {
		payOpenPage(w)
	}
	return describe(w), calls, record
}

func recoverByRetry(w *World, request JSON) {
	w.Advance("2m") // past the lapse of the first request's key
	a := w.Do(w.Stack.Key, "POST", "/v1/attach", request, Key("once"))
	if a.Status != 200 {
		w.Errorf("asked again: %d %s", a.Status, a.Text)
	}
	w.Quiet()
}

func recoverBySweep(w *World, _ JSON) { w.Advance("5m") }

// payOpenPage pays the page of the customer's open checkout, if there is one.
func payOpenPage(w *World) {
	_, text, err := w.Stack.Stripe("GET", "/v1/checkout/sessions?limit=100", nil)
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range Parse(w.T, text)["data"].([]any) {
		if Path(s, "status") == "open" {
			w.Pay(Path(s, "url").(string))
		}
	}
}

// describe tells everything that must not differ: products, balances,
// invoices, subscriptions, and that no operation is left over.
func describe(w *World) string {
	c := w.Customer("c", "invoices")
	var parts []string
	for _, p := range c["products"].([]any) {
		parts = append(parts, fmt.Sprint(Path(p, "id"), " ", Path(p, "status"), " ×", Path(p, "quantity")))
	}
	for _, f := range []string{"messages", "words"} {
		parts = append(parts, fmt.Sprint(f, " ", Path(c, "features."+f+".balance")))
	}
	for _, i := range w.Invoices("c") {
		if i.Status != "void" {
			parts = append(parts, fmt.Sprint("stripe invoice ", i.Total, " ", i.Status))
		}
	}
	for _, i := range c["invoices"].([]any) {
		if Path(i, "status") != "void" {
			parts = append(parts, fmt.Sprint("known invoice ", Path(i, "total"), " ", Path(i, "status")))
		}
	}
	for _, s := range w.AtStripe("c")["subscriptions"].([]any) {
		parts = append(parts, fmt.Sprint("subscription ", Path(s, "status")))
	}
	slices.Sort(parts)
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		w.Fatal(err)
	}
	return fmt.Sprintf("%s; %d operations left, pending %q", strings.Join(parts, ", "), len(s.Operations), s.Customer.PendingOperation)
}

// smallCatalog is as much of the standard catalogue as the branches need:
// every run makes it anew.
func smallCatalog(w *World) {
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("free", "main", Messages(100)).Default()
	w.Product("pro", "main", Price(20), Messages(500))
	w.Product("addon_words", "", Price(20), Consumable("words", 200)).AddOn()
	w.Product("booster", "", Messages(100)).AddOn()
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
}
