package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestACardCheckSurvivesACrashAnywhere dies before and after each external call with which
// the schedule finds, a day before a free month ends, that there is a card by now: the
// product goes on, and the second month that waited is taken off its next invoice.
func TestACardCheckSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	dieEverywhere(t, "sweep", runCardCheck)
}

func runCardCheck(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := scheduled(t)
	freeMonths(w, "pro", 1)
	for _, id := range []string{"c", "d"} {
		w.Post("/v1/customers", JSON{"id": id})
		w.Post("/v1/referrals/redeem", JSON{"customer_id": id, "code": w.Notes["code"]})
	}
	w.AdvanceTo(theRenewal.Add(-36 * time.Hour))
	w.PutGoodCard("r")
	if err := w.Stack.Sim.AdvanceTo(w.Context(), theRenewal.Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	k.strike(n, what)
	_, err := w.Stack.Gateway.InvokeScheduled(w.Context(), "close_periods", w.Stack.Sim.Now())
	if what == calm && err != nil {
		t.Fatal(err)
	}
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := w.Stack.Due(w.Context(), w.Stack.Sim.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		w.Advance("10m")
	}
	return describeGifts(w), calls
}

// A giftRun is a customer c, who redeems r's code in a program that gives both a plan.
type giftRun struct {
	product string
	months  int
	held    []string // what c has, besides a card
	buys    string   // … and buys, which sets it off; "" where redeeming does
}

var giftRuns = map[string]giftRun{
	"no plan":          {"pro", 1, nil, ""},
	"the same plan":    {"pro", 2, []string{"pro"}, ""},
	"a lower plan":     {"premium", 2, []string{"pro"}, ""},
	"with a purchase":  {"pro", 2, nil, "pro"},
	"weeks, in pieces": {"weekly", 2, nil, ""},
}

// TestFreePeriodsSurviveACrashAnywhere dies before and after each external call of what
// gives free periods. The client repeats the request, or Stripe the event, and the schedule
// runs: both sides have them, once.
func TestFreePeriodsSurviveACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, r := range giftRuns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, "redeem", r.run)
		})
	}
}

func (r giftRun) run(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := mortal(t)
	terms := JSON{"received_by": "all"}
	if r.buys != "" {
		terms = Merge(terms, JSON{"when": "checkout", "product_ids": []string{r.buys}})
	}
	freeMonths(w, r.product, r.months, terms)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	for _, p := range r.held {
		w.Attach("c", p)
	}
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	act := func() {
		w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"customer_id": "c", "code": w.Notes["code"]}, IdempotencyKey("once"))
	}
	if r.buys != "" {
		act()
		w.Attach("c", r.buys)
		act = func() { w.Do("", "POST", "/_local/events/deliver", JSON{"ids": purchaseEvents(w)}) }
	}
	k.strike(n, what)
	act()
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	w.Advance("2m")
	act()
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("10m")
	return describeGifts(w), calls
}

// freeMonths prepares a code of r in a program that gives months of a plan.
func freeMonths(w *World, product string, months int, terms ...JSON) {
	smallCatalog(w)
	w.Product("weekly", "main", JSON{"price": 30, "interval": "week"}, Messages(500))
	w.Post("/v1/rewards", JSON{"id": "months", "name": "months", "type": "free_product", "free_product_id": product,
		"free_product_config": JSON{"duration_type": "months", "duration_value": months}})
	w.Post("/v1/reward_programs", Merge(JSON{"id": "free", "when": "customer_creation", "internal_reward_id": "months", "received_by": "referrer"}, terms...))
	w.Post("/v1/customers", JSON{"id": "r"})
	w.Notes["code"], _ = w.Post("/v1/referrals/code", JSON{"customer_id": "r", "program_id": "free"})["code"].(string)
}

// describeGifts says what both have at once, and are billed in the months to come.
func describeGifts(w *World) (end string) {
	for _, at := range []time.Time{{}, theRenewal, theRenewal.AddDate(0, 1, 0)} {
		if !at.IsZero() {
			w.AdvancePastRenewal(at)
		}
		for _, id := range []string{"r", "c"} {
			end += id + ": "
			for _, p := range w.Customer(id)["products"].([]any) {
				end += fmt.Sprint(ValueAt(p, "id"), " ", ValueAt(p, "status"), ", ")
			}
			for _, i := range w.Invoices(id) {
				end += fmt.Sprint(i.Total, " ", i.Status, ", ")
			}
			s, _, err := w.Stack.Customer(w.Context(), id)
			if err != nil {
				w.Fatal(err)
			}
			end += fmt.Sprintf("%d queued, %d waiting, %d operations, pending %q; ", len(s.Queue), len(s.Redeemed), len(s.Operations), s.Customer.PendingOperation)
		}
	}
	for _, r := range w.Get("/v1/customers/r?expand=referrals")["referrals"].([]any) {
		end += fmt.Sprint("applied ", ValueAt(r, "reward_applied"), "; ")
	}
	return end
}
