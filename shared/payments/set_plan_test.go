package payments_test

import (
	"strings"
	"testing"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Each plan is reached from each other one, and setting it twice changes
// nothing.
func TestSetPlan(t *testing.T) {
	t.Parallel()
	plans := map[string]billing.SetPlan{
		"active base×1 seats×3":      {},
		"active base×1 seats×3 ends": {Ends: true},
		"active base×1 seats×3 then base×1 seats×3 then free×1 then release":                    {Next: []billing.PriceLine{line("pr_free", 1)}},
		"active base×1 seats×3 then base×1 seats×3 then max×1 seats×2 then release":             {Next: []billing.PriceLine{line("pr_max", 1), line("pr_seats", 2)}},
		"active base×1 seats×3 then base×1 seats×3 then year×1 phase_start then release":        {Next: []billing.PriceLine{line("pr_year", 1)}, Restart: true},
		"active base×1 seats×3 then base×1 seats×3 then free×1 then release (and a set-up fee)": {Next: []billing.PriceLine{line("pr_free", 1), line("pr_setup", 1)}},
	}
	for from, first := range plans {
		for to, second := range plans {
			t.Run(from+" -> "+to, func(t *testing.T) {
				t.Parallel()
				w, r := subscribed(t)
				invoices := len(w.list("/v1/invoices"))
				w.mustTake(r, planStep(first, r))
				for range 2 {
					if _, err := w.takeAs(changing, r, planStep(second, r)); err != nil {
						t.Fatal(err)
					}
					if got, want := w.plan(r), strings.TrimSuffix(to, " (and a set-up fee)"); got != want {
						t.Fatalf("got %s, want %s", got, want)
					}
				}
				if got := len(w.list("/v1/invoices")); got != invoices {
					t.Errorf("%d invoices, want %d: a plan costs nothing today", got, invoices)
				}
			})
		}
	}
}

// A plan takes effect at the end of the period, and then the schedule is gone.
func TestSetPlanComesTrue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan   billing.SetPlan
		after  string
		total  float64
		period money.Period
	}{
		"a downgrade":  {billing.SetPlan{Next: []billing.PriceLine{line("pr_seats", 2)}}, "active seats×2", 1000, money.Period{Start: month.End, End: month.End.AddDate(0, 1, 0)}},
		"a year":       {billing.SetPlan{Next: []billing.PriceLine{line("pr_year", 1)}, Restart: true}, "active year×1", 30000, money.Period{Start: month.End, End: month.End.AddDate(1, 0, 0)}},
		"with set-up":  {billing.SetPlan{Next: []billing.PriceLine{line("pr_max", 1), line("pr_setup", 1)}}, "active max×1", 14900, money.Period{Start: month.End, End: month.End.AddDate(0, 1, 0)}},
		"an end":       {billing.SetPlan{Ends: true}, "canceled base×1 seats×3", 0, month},
		"as it always": {billing.SetPlan{}, "active base×1 seats×3", 3500, money.Period{Start: month.End, End: month.End.AddDate(0, 1, 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			w.mustTake(r, planStep(c.plan, r))
			w.goTo(month.End.Add(2 * time.Hour))
			sub, err := w.pay.Subscription(t.Context(), catalog.Sandbox, r.SubscriptionID)
			if err != nil || sub.Period != c.period {
				t.Errorf("period %+v, %v", sub.Period, err)
			}
			if got := w.list("/v1/invoices")[0]; c.total > 0 && (got["total"] != c.total || got.text("status") != "paid") {
				t.Errorf("renewed for %v, %s", got["total"], got.text("status"))
			}
			w.goTo(c.period.End.AddDate(0, 0, 1))
			if got := w.plan(r); !strings.HasPrefix(got, c.after) || strings.Contains(got, "then") {
				t.Errorf("got %s, want %s", got, c.after)
			}
		})
	}
}

// A plan keeps the terms of the subscription: its trial, its discount and its
// collection method.
func TestSetPlanKeepsTheTerms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	half := everything(func(c *billing.Coupon) { c.Percent, c.Duration = money.Int(50), catalog.ForeverDiscount })
	id, _ := w.customer("")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, priceStep("pr_max", 5000, money.Month),
		subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, CollectWithin: 14, Coupon: &half, TrialEnd: month.End}))
	w.mustTake(r, planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_max", 1)}}, r))
	if got := w.plan(r); got != "trialing base×1 send_invoice then base×1 due in 14 trial coupon then max×1 due in 14 coupon then release" {
		t.Errorf("planned %s", got)
	}
	w.goTo(month.End.Add(2 * time.Hour))
	sub := w.must("GET", "/v1/subscriptions/"+r.SubscriptionID, nil)
	in := w.list("/v1/invoices")[0]
	if sub.text("status") != "active" || sub.text("collection_method") != "send_invoice" || sub["days_until_due"] != 14.0 || in["total"] != 2500.0 {
		t.Errorf("got %s, %s, %v days, total %v", sub.text("status"), sub.text("collection_method"), sub["days_until_due"], in["total"])
	}
}

// A plan repeats the running terms of the subscription, which may have been
// changed beside its schedule.
func TestSetPlanAfterAChangeBesideTheSchedule(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	next := billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}
	w.mustTake(r, planStep(next, r))
	if _, err := w.takeAs(changing, r, changeStep(upgrade(false), r), planStep(next, r)); err != nil {
		t.Fatal(err)
	}
	if got := w.plan(r); got != "active max×1 seats×3 then max×1 seats×3 then free×1 then release" {
		t.Errorf("planned %s", got)
	}
}

// A schedule released at Stripe meanwhile is created again, unless none was
// asked for.
func TestSetPlanBesideSomebodyElse(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	release := func() {
		sub, err := w.pay.Subscription(t.Context(), catalog.Sandbox, r.SubscriptionID)
		if err != nil || !strings.HasPrefix(sub.ScheduleID, "sub_sched_") {
			t.Fatalf("read %+v, %v", sub, err)
		}
		w.must("POST", "/v1/subscription_schedules/"+sub.ScheduleID+"/release", nil)
	}
	next := planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}, r)
	for range 3 {
		if _, err := w.takeAs(changing, r, next); err != nil {
			t.Fatal(err)
		}
		if got := w.plan(r); got != "active base×1 seats×3 then base×1 seats×3 then free×1 then release" {
			t.Errorf("planned %s", got)
		}
		release()
	}
	if _, err := w.takeAs(changing, r, next); err != nil {
		t.Fatal(err)
	}
	raced := false
	w.sim.SetFault(func(_, path string, _ int) stripesim.Fault {
		if strings.HasSuffix(path, "/release") && !raced {
			raced = true
			release()
		}
		return stripesim.FaultNone
	})
	if _, err := w.takeAs(changing, r, planStep(billing.SetPlan{Ends: true}, r)); err != nil || !raced {
		t.Errorf("err = %v", err)
	}
	if got := w.plan(r); got != "active base×1 seats×3 ends" {
		t.Errorf("left %s", got)
	}
}

// Nothing is prorated, neither when the plan is written nor when it takes
// effect.
func TestSetPlanProratesNothing(t *testing.T) {
	t.Parallel()
	rec := &recorder{script: func(r request) answer {
		if r.Path == "/v1/subscriptions/sub_1" {
			return answer{status: 200, body: `{"id":"sub_1","object":"subscription","schedule":"sub_sched_1","current_period_start":100,"current_period_end":200,"items":{"data":[{"id":"si_1","price":{"id":"price_1"},"quantity":4}]}}`}
		}
		return answer{status: 200, body: `{"id":"sub_sched_1","status":"active","current_phase":{"start_date":90,"end_date":200}}`}
	}}
	step := planStep(billing.SetPlan{Next: []billing.PriceLine{{StripeID: "price_2", Quantity: 1, Recurring: true}}}, billing.Results{SubscriptionID: "sub_1"})
	if _, err := over(rec).Perform(t.Context(), catalog.Sandbox, changing, step, billing.Results{}); err != nil {
		t.Fatal(err)
	}
	want(t, rec.last().Params, map[string]string{"proration_behavior": "none", "end_behavior": "release",
		"phases[0][start_date]": "90", "phases[0][end_date]": "200", "phases[0][items][0][price]": "price_1", "phases[0][items][0][quantity]": "4", "phases[0][proration_behavior]": "none",
		"phases[1][items][0][price]": "price_2", "phases[1][iterations]": "1", "phases[1][proration_behavior]": "none", "phases[1][billing_cycle_anchor]": ""})
}
