package atstripe

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"

	. "windfall/tests/world"
)

// advanceWithoutSchedule moves Stripe's clock, without any run of the schedule.
func advanceWithoutSchedule(w *World, to time.Time) {
	w.Helper()
	if err := w.Stack.Sim.AdvanceTo(w.Context(), to); err != nil {
		w.Fatal(err)
	}
	w.WaitIdle()
}

// runSchedule runs the schedule at the present time. It must leave no due work.
func runSchedule(w *World) app.Sweep {
	w.Helper()
	answer, err := w.Stack.Gateway.InvokeScheduled(w.Context(), "close_periods", w.Stack.Sim.Now())
	if err != nil {
		w.Fatal(err)
	}
	var done app.Sweep
	if err := json.Unmarshal(answer, &done); err != nil || done.Failed > 0 {
		w.Fatalf("%s %v", answer, err)
	}
	w.WaitIdle()
	return done
}

// customersWithDueThings makes one customer for each kind of work that is due
// on the first billing day, or before it.
func customersWithDueThings(w *World) []string {
	w.PlanChangeCatalog()
	w.Product("gift", "main", Messages(700)).Trial(14, JSON{"card_required": false})
	w.Product("try", "g1", Price(30), Consumable("words", 50)).Trial(7, JSON{"card_required": false}).Default()
	w.Product("g1_free", "g1", Consumable("words", 5)).Default()
	w.Post("/v1/customers", JSON{"id": "default_trial"})
	w.Attach("free_trial", "gift")
	w.CustomerWithCard("cancelled", "pro")
	w.Cancel("cancelled", "pro")
	w.CustomerWithCard("downgraded", "premium")
	w.Attach("downgraded", "pro")
	w.CustomerWithCard("to_free", "premium")
	w.Attach("to_free", "free")
	w.CustomerWithCard("renewed", "pro")
	w.CustomerWithCard("addon_ends", "pro", "addon_words")
	w.Cancel("addon_ends", "addon_words")
	w.Attach("no_card", "pro_trial_nocard")
	w.Attach("page_open", "g1_pro")
	return []string{"default_trial", "free_trial", "cancelled", "downgraded", "to_free", "renewed", "addon_ends", "no_card", "page_open"}
}

// readAnswers is everything that a customer sees: the customer read and two
// checks.
func readAnswers(w *World, id string) string {
	w.Helper()
	text, err := json.Marshal([]any{w.Customer(id, "invoices"), w.Check(id, "messages"), w.Check(id, "words"), w.Check(id, "dashboard"),
		w.Post("/v1/check", JSON{"customer_id": id, "product_id": "pro"})})
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// Everything due has been due for an hour without a run of the schedule. Reads
// are the same before and after the run.
func TestALateSweepChangesNothingThatIsRead(t *testing.T) {
	t.Parallel()
	w := New(t)
	ids := customersWithDueThings(w)
	advanceWithoutSchedule(w, T1.Add(time.Hour))
	before := map[string]string{}
	for _, id := range ids {
		before[id] = readAnswers(w, id)
	}
	if done := runSchedule(w); done.Swept < 8 || done.Lag < 24*time.Hour {
		t.Errorf("the sweep found little to do: %+v", done)
	}
	for _, id := range ids {
		if after := readAnswers(w, id); after != before[id] {
			t.Errorf("%s: before the sweep\n%s\nafter it\n%s", id, before[id], after)
		}
	}
	if again := runSchedule(w); again.Swept+again.Waiting > 0 {
		t.Errorf("a second run found something: %+v", again)
	}
}

// The same commands, before the sweep in one world and after it in another,
// have the same answers, cost the same, and leave the same behind.
func TestALateSweepChangesNoCommand(t *testing.T) {
	t.Parallel()
	for _, command := range []struct {
		name string
		body JSON
		path string
	}{
		{"attach premium", JSON{"product_id": "premium"}, "/v1/attach"},
		{"attach free", JSON{"product_id": "free"}, "/v1/attach"},
		{"attach g1_pro", JSON{"product_id": "g1_pro"}, "/v1/attach"},
		{"cancel pro", JSON{"product_id": "pro"}, "/v1/cancel"},
		{"cancel g1_free now", JSON{"product_id": "g1_free", "cancel_immediately": true}, "/v1/cancel"},
		{"track", JSON{"feature_id": "messages", "value": 3}, "/v1/track"},
	} {
		t.Run(command.name, func(t *testing.T) {
			t.Parallel()
			var told [2][]string
			for i, early := range []bool{true, false} {
				w := New(t)
				ids := customersWithDueThings(w)
				advanceWithoutSchedule(w, T1.Add(time.Hour))
				if early {
					runSchedule(w)
				}
				for _, id := range ids {
					a := w.Do(w.Stack.Key, "POST", command.path, Merge(JSON{"customer_id": id}, command.body))
					w.WaitIdle()
					told[i] = append(told[i], fmt.Sprint(id, " ", a.Status, " ", a.Body["code"], " ", a.Body["message"]))
				}
				if !early {
					runSchedule(w)
				}
				for _, id := range ids {
					told[i] = append(told[i], comparableState(w, id))
				}
			}
			if diff := differingPairs(told[0], told[1]); diff != "" {
				t.Errorf("swept before (first) and after (second):\n%s", diff)
			}
		})
	}
}

// comparableState is the state that must be equal in two worlds: without ids.
func comparableState(w *World, id string) string {
	w.Helper()
	c := w.Customer(id)
	var parts []string
	for _, p := range c["products"].([]any) {
		parts = append(parts, fmt.Sprint(ValueAt(p, "id"), " ", ValueAt(p, "status"), " ", ValueAt(p, "started_at"), " ", ValueAt(p, "canceled_at"), " ", ValueAt(p, "current_period_end")))
	}
	slices.Sort(parts)
	for _, f := range []string{"messages", "words"} {
		parts = append(parts, fmt.Sprint(f, " ", ValueAt(c, "features."+f+".balance"), " ", ValueAt(c, "features."+f+".next_reset_at")))
	}
	for _, i := range w.Invoices(id) {
		parts = append(parts, fmt.Sprint(i.Total, " ", i.Status))
	}
	return fmt.Sprint(id, ": ", parts)
}

func differingPairs(a, b []string) (diff string) {
	for i := range a {
		if a[i] != b[i] {
			diff += a[i] + "\n" + b[i] + "\n\n"
		}
	}
	return diff
}

// Stripe's events are lost for good. Six hours after the billing day the
// schedule reads Stripe itself, and the state is as if they had come.
func TestTheSweepMakesLostEventsGood(t *testing.T) {
	t.Parallel()
	var told [2][]string
	for i, lost := range []bool{false, true} {
		w := New(t)
		ids := customersWithDueThings(w)
		w.CustomerWithCard("used", "pro_use")
		w.Track("used", "messages", 150)
		w.CustomerWithCard("ended", "pro_use")
		w.Track("ended", "messages", 130)
		w.Cancel("ended", "pro_use")
		if lost {
			w.Post("/_local/delivery", JSON{"mode": "hold"})
		}
		advanceWithoutSchedule(w, T1.Add(billing.Grace-time.Second))
		runSchedule(w)
		if lost && slices.Contains(productsWithPeriod(w, "renewed"), "pro 1") {
			t.Error("the renewal was known before Stripe was asked")
		}
		advanceWithoutSchedule(w, T1.Add(billing.Grace))
		runSchedule(w)
		for _, id := range ids {
			if id != "no_card" { // its default begins when the end is known
				told[i] = append(told[i], comparableState(w, id))
			}
		}
		told[i] = append(told[i], fmt.Sprint(productsWithPeriod(w, "no_card")), fmt.Sprint(productsWithPeriod(w, "ended"), " ", billedAfterFirst(w, "ended")))
	}
	if diff := differingPairs(told[0], told[1]); diff != "" {
		t.Errorf("delivered (first) and lost (second):\n%s", diff)
	}
	if end := told[1][len(told[1])-1]; end != "[g1_free 0 free 0] 300" { // 30 messages at 10 cents
		t.Errorf("what ended: %s", end)
	}
}

// productsWithPeriod lists a customer's products, with the month of their
// period.
func productsWithPeriod(w *World, id string) (held []string) {
	for _, p := range w.Customer(id)["products"].([]any) {
		month := 0
		if start, on := ValueAt(p, "current_period_start").(float64); on && int64(start) == T1.UnixMilli() {
			month = 1
		}
		held = append(held, fmt.Sprint(ValueAt(p, "id"), " ", month))
	}
	return held
}

// billedAfterFirst is the amount billed beside the first month.
func billedAfterFirst(w *World, id string) (sum int64) {
	for _, i := range w.Invoices(id)[1:] {
		sum += i.Total
	}
	return sum
}

// The trial is not paid, so only the schedule carries its end out: a year later
// no row is due.
func TestNothingStaysInTheDueIndex(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Attach("c", "pro_trial_nocard")
	w.Product("gift", "g1", Consumable("words", 7)).Trial(14, JSON{"card_required": false})
	w.Attach("c", "gift")
	w.AdvanceTo(T2)
	w.HasProducts("c", "free active")
	if at, waits, err := w.Stack.NextDue(time.Time{}); waits || err != nil {
		t.Errorf("something is due at %s: %v", at, err)
	}
}
