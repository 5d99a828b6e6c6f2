package dashboard_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/tests/world"
)

// A life is a random walk of commands over several months, with what its charts must show.
type life struct {
	*world.World
	chance  *rand.Rand
	people  []string
	code    string
	months  map[string]int64 // minor units by month: what went back
	refunds map[string]int64 // by invoice
}

// The figures of the charts are what is at Stripe and in the list of redemptions, after any walk.
func TestDASH83FiguresAreThoseOfAScan(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w, _, code := referrals(t)
			l := &life{World: w, chance: rand.New(rand.NewPCG(seed, 1)), code: code, months: map[string]int64{}, refunds: map[string]int64{}}
			w.AllowInvoiceMismatch()
			w.Post("/v1/rewards", world.JSON{"id": "off", "name": "10 % off", "type": "percentage_discount", "discount_config": world.JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true},
				"promo_codes": []world.JSON{{"code": "OFF10"}}})
			for range 60 {
				l.step()
			}
			w.WaitIdle()
			figures, err := w.Stack.Store().Figures(t.Context(), "sandbox", world.T0)
			if err != nil {
				t.Fatal(err)
			}
			revenue := map[string]int64{}
			for month, n := range figures.Revenue["usd"] {
				if n != 0 {
					revenue[month] = int64(n)
				}
			}
			if want := l.revenueAtStripe(); !maps.Equal(revenue, want) {
				t.Errorf("revenue %v, at Stripe %v", revenue, want)
			}
			if want := l.redemptionsByDay(); len(want) == 0 || !maps.Equal(figures.Redemptions, want) {
				t.Errorf("redemptions %v, listed %v", figures.Redemptions, want)
			}
			l.compareWaiting()
		})
	}
}

func (l *life) step() {
	any := func() string { return l.people[l.chance.IntN(len(l.people))] }
	may := func(path string, in world.JSON) { l.Do(l.Stack.Key, "POST", path, in) } // the rules may refuse it
	n := l.chance.IntN(12)
	if len(l.people) < 3 {
		n = 0
	}
	switch n {
	case 0, 1:
		id := fmt.Sprintf("p%d", len(l.people))
		l.people = append(l.people, id)
		l.Post("/v1/customers", world.JSON{"id": id, "name": id, "email": fmt.Sprintf("joe+%d@gmail.com", l.chance.IntN(3))})
		l.PutGoodCard(id)
		may("/v1/attach", world.JSON{"customer_id": id, "product_id": "pro"})
	case 2, 3:
		may("/v1/referrals/redeem", world.JSON{"code": l.code, "customer_id": any()})
	case 4:
		may("/v1/attach", world.JSON{"customer_id": any(), "product_id": []string{"pro", "premium"}[l.chance.IntN(2)], "promo_code": "OFF10"})
	case 5:
		may("/v1/attach", world.JSON{"customer_id": any(), "product_id": "premium"})
	case 6:
		may("/v1/cancel", world.JSON{"customer_id": any(), "product_id": "pro", "cancel_immediately": l.chance.IntN(2) == 0})
	case 7:
		l.PutFailingCard(any())
	case 8:
		l.PutGoodCard(any())
	case 9:
		l.refund(any())
	default:
		l.Advance(fmt.Sprintf("%dd", 1+l.chance.IntN(9)))
	}
}

// refund gives a part of a paid invoice back, and notes in which month.
func (l *life) refund(customer string) {
	for _, in := range l.Invoices(customer) {
		left := in.Total - l.refunds[in.ID]
		if in.Status != "paid" || left < 100 {
			continue
		}
		part := 1 + l.chance.Int64N(left)
		if a := l.Do(l.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/refund", world.JSON{"amount": part}); a.Status == 200 {
			l.refunds[in.ID] += part
			l.months[l.Stack.Sim.Now().UTC().Format("200601")] += part
			return
		}
	}
}

// revenueAtStripe adds up what Stripe has, less what was given back.
func (l *life) revenueAtStripe() map[string]int64 {
	out := map[string]int64{}
	for after := ""; ; {
		page := l.CallStripe("GET", "/v1/invoices", "limit=100&status=paid"+after)
		list, _ := page["data"].([]any)
		for _, in := range list {
			paid, _ := world.ValueAt(in, "status_transitions.paid_at").(float64)
			out[time.Unix(int64(paid), 0).UTC().Format("200601")] += int64(world.ValueAt(in, "total").(float64))
			after = "&starting_after=" + world.ValueAt(in, "id").(string)
		}
		if page["has_more"] != true {
			break
		}
	}
	for month, back := range l.months {
		out[month] -= back
	}
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n == 0 })
	return out
}

func (l *life) redemptionsByDay() map[string]int64 {
	out := map[string]int64{}
	for cursor := ""; ; {
		page := l.Get("/v1/redemptions?limit=100" + cursor)
		list, _ := page["list"].([]any)
		for _, r := range list {
			ms, _ := world.ValueAt(r, "created_at").(float64)
			out[time.UnixMilli(int64(ms)).UTC().Format("20060102")]++
		}
		next, more := page["next_cursor"].(string)
		if !more {
			return out
		}
		cursor = "&cursor=" + next
	}
}

// compareWaiting compares the counts of what waits with each customer's own rows.
func (l *life) compareWaiting() {
	l.Helper()
	counts, err := l.Stack.Store().Attention(l.Context(), "sandbox", l.Stack.Sim.Now())
	if err != nil {
		l.Fatal(err)
	}
	held, pastDue := 0, 0
	for _, id := range append([]string{"joe"}, l.people...) {
		s, _, err := l.Stack.Customer(l.Context(), id)
		if err != nil {
			l.Fatal(err)
		}
		for _, p := range s.Products {
			if p.Status == "past_due" {
				pastDue++
			}
		}
		for _, r := range s.Redeemed {
			if r.Status == "held" {
				held++
			}
		}
	}
	if counts.Of[app.Held] != held || counts.Of[app.PastDue] != pastDue || counts.Of[app.Failed] != 0 || counts.Of[app.Unfinished] != 0 {
		l.Errorf("counted %v; held %d, past due %d", counts.Of, held, pastDue)
	}
}
