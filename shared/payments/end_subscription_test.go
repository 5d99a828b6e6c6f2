package payments_test

import (
	"errors"
	"net/url"
	"strconv"
	"testing"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// The subscription and the customer's balance after an end, with half of the
// month unused.
func TestEndSubscription(t *testing.T) {
	t.Parallel()
	next := billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}
	for name, c := range map[string]struct {
		before  *billing.SetPlan
		end     billing.EndSubscription
		plan    string
		balance float64
	}{
		"all":                    {nil, billing.EndSubscription{}, "canceled base×1 seats×3", 0},
		"all, refunded":          {nil, billing.EndSubscription{Refund: true}, "canceled base×0", -1750},
		"all, some of it unpaid": {nil, billing.EndSubscription{Refund: true, Withheld: []billing.NewUsage{words("unpaid_w")}}, "canceled base×0", -1150},
		"one price, half unpaid": {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true,
			Withheld: []billing.NewUsage{words("unpaid_w")}}, "active base×1", -150},
		"all, under a plan":          {&next, billing.EndSubscription{Refund: true}, "canceled base×0", -1750},
		"all, to end anyway":         {&billing.SetPlan{Ends: true}, billing.EndSubscription{}, "canceled base×1 seats×3 ends", 0},
		"one price":                  {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}}, "active base×1", 0},
		"one price, refunded":        {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true}, "active base×1", -750},
		"one price, under a plan":    {&next, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}}, "active base×1 then base×1 seats×3 then free×1 then release", 0},
		"a price that left before":   {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_max", 1)}, Refund: true}, "active base×1 seats×3", 0},
		"every price, one by one":    {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3), line("pr_base", 1)}}, "canceled base×1 seats×3", 0},
		"every price, under a plan":  {&next, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3), line("pr_base", 1)}}, "canceled base×1 seats×3", 0},
		"every price, with a refund": {nil, billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3), line("pr_base", 1)}, Refund: true}, "canceled base×0", -1750},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			if c.before != nil {
				w.mustTake(r, planStep(*c.before, r))
			}
			for range 2 {
				if _, err := w.takeAs(changing, r, endStep(c.end, r)); err != nil {
					t.Fatal(err)
				}
				if got := w.plan(r); got != c.plan {
					t.Errorf("left %s, want %s", got, c.plan)
				}
				if got := w.must("GET", "/v1/customers/"+r.CustomerID, nil)["balance"]; got != c.balance {
					t.Errorf("balance %v, want %v", got, c.balance)
				}
			}
		})
	}
}

// A change and an end of one operation are not taken for each other.
func TestEndAndChangeInOneOperation(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	got, err := w.takeAs(changing, r, endStep(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true}, r), changeStep(upgrade(false), r))
	if err != nil || got.Invoice == nil || got.Invoice.Total != 1500 {
		t.Fatalf("got %+v, %v", got.Invoice, err)
	}
	if plan := w.plan(r); plan != "active max×1" {
		t.Errorf("left %s", plan)
	}
}

// If a new period began before the operation could be finished, all of it is
// unused.
func TestEndRefundsAPeriodThatBeganMeanwhile(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.goTo(month.End.Add(3 * time.Hour))
	ref := changing
	ref.Now = month.End.Add(3 * time.Hour)
	if _, err := w.takeAs(ref, r, endStep(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true}, r)); err != nil {
		t.Fatal(err)
	}
	if got := w.must("GET", "/v1/customers/"+r.CustomerID, nil)["balance"]; got != -1500.0 {
		t.Errorf("balance %v", got)
	}
}

// A credit that was given before a try broke off is given once, also where the period has ended since: the next one charges
// nothing for what has left.
func TestACreditBeforeAnInterruptedEndIsGivenOnce(t *testing.T) {
	t.Parallel()
	for _, later := range []time.Duration{9 * time.Minute, month.End.Sub(mid) + 10*time.Minute, month.End.Sub(mid) + 3*time.Hour} {
		t.Run(later.String(), func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			end := endStep(billing.EndSubscription{Refund: true, Withheld: []billing.NewUsage{words("unpaid_w")}}, r)
			w.sim.SetFault(func(method, _ string, _ int) stripesim.Fault {
				if method == "DELETE" {
					return stripesim.RefuseBefore
				}
				return stripesim.FaultNone
			})
			if _, err := w.takeAs(changing, r, end); !errors.Is(err, refusal.ErrStripeUnavailable) || w.plan(r) != "active base×0" {
				t.Fatalf("left %s, %v", w.plan(r), err)
			}
			w.sim.SetFault(nil)
			ref := changing
			ref.Now = mid.Add(later)
			w.goTo(ref.Now)
			got, err := w.takeAs(ref, r, end)
			if err != nil || got.Invoice == nil || got.Invoice.Total != -1150 || w.plan(r) != "canceled base×0" {
				t.Errorf("invoice %+v, left %s, %v", got.Invoice, w.plan(r), err)
			}
			w.goTo(month.End.Add(96 * time.Hour))
			if got := w.must("GET", "/v1/customers/"+r.CustomerID, nil)["balance"]; got != -1150.0 {
				t.Errorf("balance %v", got)
			}
		})
	}
}

// A price that staff added, and that is billed by use, is not credited: what was used of it is billed with the end.
func TestEndBesideAPriceBilledByUse(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	price := w.must("POST", "/v1/prices", url.Values{"currency": {"usd"}, "unit_amount": {"5"}, "product_data[name]": {"calls"}, "recurring[interval]": {"month"}, "recurring[usage_type]": {"metered"}}).text("id")
	item := w.must("POST", "/v1/subscription_items", url.Values{"subscription": {r.SubscriptionID}, "price": {price}}).text("id")
	w.must("POST", "/v1/subscription_items/"+item+"/usage_records", url.Values{"quantity": {"100"}, "timestamp": {strconv.FormatInt(mid.Unix(), 10)}})
	w.goTo(mid.Add(9 * time.Minute))
	got, err := w.takeAs(changing, r, endStep(billing.EndSubscription{Refund: true}, r))
	if err != nil || got.Invoice == nil || got.Invoice.Total != -1750 {
		t.Errorf("credit %+v, %v", got.Invoice, err)
	}
	if got := w.must("GET", "/v1/customers/"+r.CustomerID, nil)["balance"]; got != -1250.0 {
		t.Errorf("balance %v", got)
	}
}

// Ending an ended subscription, in whole or in part, is no error.
func TestEndOfASubscriptionThatEnded(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.must("DELETE", "/v1/subscriptions/"+r.SubscriptionID, nil)
	for _, n := range []billing.EndSubscription{{}, {Refund: true}, {Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true}} {
		if _, err := w.takeAs(changing, r, endStep(n, r)); err != nil {
			t.Errorf("%+v: %v", n, err)
		}
	}
}

// What would take a credit back is dropped if there was none, as the subscription
// had ended by then.
func TestEndOfASubscriptionThatEndedLeavesNoCharge(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	end := endStep(billing.EndSubscription{Refund: true, Withheld: []billing.NewUsage{words("unpaid_w")}}, r)
	struck := w.strike(stripesim.RefuseBefore, 6) // the cancellation
	if _, err := w.takeAs(changing, r, end); !errors.Is(err, refusal.ErrStripeUnavailable) || !struck.Load() || len(w.list("/v1/invoiceitems?pending=true")) != 1 {
		t.Fatalf("struck %v, %v", struck.Load(), err)
	}
	w.must("DELETE", "/v1/subscriptions/"+r.SubscriptionID, nil)
	if _, err := w.takeAs(changing, r, end); err != nil {
		t.Fatal(err)
	}
	if left := w.list("/v1/invoiceitems?pending=true"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// Stripe's list of a subscription's items may be incomplete.
func TestSubscriptionWithMoreItemsThanStripeLists(t *testing.T) {
	t.Parallel()
	rec := &recorder{script: func(r request) answer {
		if r.Path == "/v1/subscription_items" && r.Params.Get("subscription") == "sub_1" {
			return answer{status: 200, body: `{"data":[{"id":"si_1","price":{"id":"price_1"},"quantity":1},{"id":"si_2","price":{"id":"price_2"},"quantity":7}]}`}
		}
		return answer{status: 200, body: `{"id":"sub_1","object":"subscription","schedule":"sub_sched_1","items":{"has_more":true,"data":[{"id":"si_1","price":{"id":"price_1"},"quantity":1}]}}`}
	}}
	sub, err := over(rec).Subscription(t.Context(), catalog.Sandbox, "sub_1")
	if err != nil || len(sub.Items) != 2 || sub.Items[1] != (billing.SubscriptionItem{PriceID: "price_2", Quantity: 7}) || sub.ScheduleID != "sub_sched_1" {
		t.Errorf("read %+v, %v", sub, err)
	}
}
