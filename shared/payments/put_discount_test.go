package payments_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// tenth is ten percent off the base price, once.
var tenth = billing.Coupon{RewardID: "tenOff", Name: "Ten", Percent: money.Int(10), Currency: "usd", Duration: catalog.OneOffDiscount,
	Only: []billing.PriceLine{baseLine}}

func discountStep(c billing.Coupon) billing.Step {
	return billing.Step{Name: "discount", Discount: &billing.PutDiscount{Coupon: c}}
}

// everything is a coupon on all prices.
func everything(change func(*billing.Coupon)) billing.Coupon {
	c := tenth
	c.Only = nil
	change(&c)
	return c
}

func TestCouponAsStripeIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coupon billing.Coupon
		told   map[string]string
	}{
		"a percentage stays exact": {everything(func(c *billing.Coupon) { c.Percent = dec(t, "12.5") }),
			map[string]string{"percent_off": "12.5", "amount_off": "", "currency": "", "duration": "once", "duration_in_months": "", "name": "Ten", "metadata[reward_id]": "tenOff"}},
		"an amount": {everything(func(c *billing.Coupon) { c.Percent, c.Amount, c.Duration = money.Zero, 550, catalog.ForeverDiscount }),
			map[string]string{"percent_off": "", "amount_off": "550", "currency": "usd", "duration": "forever"}},
		"months": {everything(func(c *billing.Coupon) { c.Duration, c.Months = catalog.MonthsDiscount, 3 }),
			map[string]string{"duration": "repeating", "duration_in_months": "3"}},
		"a long name": {everything(func(c *billing.Coupon) { c.Name = strings.Repeat("é", 60) }), map[string]string{"name": strings.Repeat("é", 40)}},
		"one price":   {tenth, map[string]string{"applies_to[products][0]": "prod_1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var made request
			rec := &recorder{script: func(r request) answer {
				switch {
				case r.Path == "/v1/coupons":
					made = r
				case strings.HasPrefix(r.Path, "/v1/prices/"):
					return answer{status: 200, body: `{"id":"price_1","product":"prod_1"}`}
				}
				return answer{status: 200, body: `{"id":"x","metadata":{}}`}
			}}
			r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, discountStep(c.coupon), billing.Results{CustomerID: "cus_1", Prices: map[string]string{"pr_base": "price_1"}})
			if err != nil || !r.Discounted {
				t.Fatalf("%+v, %v", r, err)
			}
			want(t, made.Params, c.told)
			put := rec.last()
			if put.Path != "/v1/customers/cus_1" || put.Params.Get("coupon") != made.Params.Get("id") || !strings.HasPrefix(put.Params.Get("coupon"), "tenOff_") {
				t.Errorf("put on by %s %v", put.Path, put.Params)
			}
		})
	}
}

// Other terms are another coupon; the same terms are the existing one.
func TestACouponIsItsTerms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, c := range []billing.Coupon{everything(func(*billing.Coupon) {}), everything(func(c *billing.Coupon) { c.Percent = money.Int(20) }),
		everything(func(c *billing.Coupon) { c.Name = "Tenth" }), everything(func(*billing.Coupon) {})} {
		id, _ := w.customer("")
		ref := ada
		ref.OperationID += string(rune('a' + i))
		r, err := w.takeAs(ref, billing.Results{CustomerID: id}, discountStep(c))
		if err != nil || !r.Discounted {
			t.Fatalf("coupon %d: %+v, %v", i, r, err)
		}
	}
	if got := len(w.list("/v1/coupons")); got != 3 {
		t.Errorf("%d coupons, want 3", got)
	}
}

// A running discount is left alone, on the customer or on a subscription.
func TestARunningDiscountIsNotReplaced(t *testing.T) {
	t.Parallel()
	month := start.AddDate(0, 1, 0)
	for name, c := range map[string]struct {
		duration string
		on       string // customer or subscription
		now      time.Time
		put      bool
		turn     time.Time
	}{
		"without end":                 {"forever", "customer", start, false, time.Time{}},
		"of a subscription":           {"forever", "subscription", start, false, time.Time{}},
		"long before its end":         {"repeating", "customer", start, false, month.Add(-15 * time.Minute)},
		"to its last minutes":         {"repeating", "customer", month.Add(-15*time.Minute - time.Second), false, month.Add(-15 * time.Minute)},
		"in its last minutes":         {"repeating", "customer", month.Add(-15 * time.Minute), true, time.Time{}},
		"of a subscription, at last":  {"repeating", "subscription", month.Add(-time.Second), true, time.Time{}},
		"over, though it is shown":    {"repeating", "customer", month, true, time.Time{}},
		"of a subscription, and over": {"repeating", "subscription", month, true, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			terms := url.Values{"id": {"staff"}, "percent_off": {"50"}, "duration": {c.duration}}
			if c.duration == "repeating" {
				terms.Set("duration_in_months", "1")
			}
			w.must("POST", "/v1/coupons", terms)
			id, card := w.customer("pm_card_visa")
			w.mustTake(billing.Results{CustomerID: id}, baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}))
			target := "/v1/customers/" + id
			if c.on == "subscription" {
				target = "/v1/subscriptions/" + w.list("/v1/subscriptions")[0].text("id")
			}
			w.must("POST", target, url.Values{"coupon": {"staff"}})
			ref := app.Ref{OperationID: "op_discount", CreatedAt: c.now, Now: c.now}
			r, err := w.takeAs(ref, billing.Results{CustomerID: id}, discountStep(everything(func(*billing.Coupon) {})))
			if err != nil || r.Discounted != c.put || !r.DiscountTurn.Equal(c.turn) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// Repeated while the discount runs, after it was used up, and after Stripe has
// forgotten the key: it is there, and not applied twice.
func TestADiscountIsPutOnOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	step := discountStep(everything(func(*billing.Coupon) {}))
	w.mustTake(billing.Results{CustomerID: id}, step)
	if r := w.mustTake(billing.Results{CustomerID: id}, step); !r.Discounted {
		t.Errorf("its own discount stands in its way: %+v", r)
	}
	buyer := ada
	buyer.OperationID = "op_buy"
	if _, err := w.takeAs(buyer, billing.Results{CustomerID: id}, baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card})); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{time.Hour, 48 * time.Hour} {
		r, err := w.takeLater(after, billing.Results{CustomerID: id}, step)
		if err != nil || !r.Discounted {
			t.Errorf("%s later: %+v, %v", after, r, err)
		}
		if d := w.must("GET", "/v1/customers/"+id, nil)["discount"]; d != nil {
			t.Errorf("%s later it was put on again: %v", after, d)
		}
	}
}

func TestADiscountForACustomerWhoIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.customer("")
	w.must("DELETE", "/v1/customers/"+id, nil)
	if _, err := w.take(billing.Results{CustomerID: id}, discountStep(tenth)); kindOf(err) != refusal.KindNotFound {
		t.Errorf("got %v", err)
	}
	if _, err := w.take(billing.Results{CustomerID: "cus_unknown"}, discountStep(tenth)); kindOf(err) != refusal.KindNotFound {
		t.Errorf("got %v", err)
	}
}
