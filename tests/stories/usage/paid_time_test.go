package usage

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// credited ends a product with a credit, and returns what came back.
func credited(w *World, product string) int64 {
	w.Helper()
	before := owed(w, "d")
	w.Cancel("d", product, JSON{"cancel_immediately": true, "prorate": true})
	return before - owed(w, "d")
}

func about(w *World, what string, got, want int64) {
	w.Helper()
	if got < want-2 || got > want+2 {
		w.Errorf("%s: got %d, want %d", what, got, want)
	}
}

// Seats that waited for an invoice which nobody pays were not paid, whatever credits them:
// half of the 20.00 before it is all that comes back.
func TestSeatsOnAnUnpaidInvoiceAreNotPaid(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"open", "void", "mark_uncollectible"} {
		for name, moves := range map[string][]int{"no seats": {}, "taken": {50}, "taken, and half of them freed": {50, -25}} {
			t.Run(status+", "+name, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("seats", "continuous_use")
				seats := Seats("seats", 0, 12, "prorate_next_cycle", "prorate_immediately")
				w.Product("x", "main", Price(20), seats)
				w.Product("y", "main", Price(60), seats)
				w.CustomerWithEmailAndCard("d")
				w.Attach("d", "x")
				w.AdvanceTo(T0.AddDate(0, 0, 15))
				for _, n := range moves {
					w.Track("d", "seats", n)
					w.WaitIdle()
				}
				w.Attach("d", "y", JSON{"invoice_only": true})
				w.WaitIdle()
				if in := w.Invoices("d"); status != "open" {
					w.Post("/_local/invoices/"+in[len(in)-1].ID+"/"+status, nil)
				}
				about(w, "back", credited(w, "y"), 1000)
			})
		}
	}
}

// Seats that an invoice charges which gives back more than it charges are paid.
func TestSeatsOnAnInvoiceThatGivesBackArePaid(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(w *World) (got, want int64){
		"an end": func(w *World) (int64, int64) { return credited(w, "x"), 1500 + 3000 },
		"freed": func(w *World) (int64, int64) {
			before := owed(w, "d")
			w.Track("d", "seats", -5)
			return before - owed(w, "d"), 3000
		},
		"a change": func(w *World) (int64, int64) {
			before := owed(w, "d")
			w.Attach("d", "big")
			return owed(w, "d") - before, 5000 - 1500
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Feature("messages", "single_use")
			seats := Seats("seats", 0, 12, "prorate_next_cycle", "prorate_immediately")
			w.Product("x", "main", Price(20), seats, Prepaid("messages", 10, 100, "month"))
			w.Product("big", "main", Price(100), seats)
			w.CustomerWithCard("d")
			w.Attach("d", "x", Quantity("messages", 1000))
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			w.Track("d", "seats", 5) // 30.00, which wait
			w.WaitIdle()
			w.Attach("d", "x", Quantity("messages", 100)) // 45.00 back
			got, want := do(w)
			about(w, name, got, want)
		})
	}
}

// A change that a discount makes free leaves nothing to come back once it is over.
func TestAMonthForNothingIsNotPaidOut(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("a", "main", Price(20))
	w.Product("c", "main", Price(200))
	w.Post("/v1/rewards", JSON{"id": "month", "name": "month", "type": "percentage_discount", "promo_codes": []any{},
		"discount_config": JSON{"discount_value": 100, "duration_type": "months", "duration_value": 1, "product_ids": []string{"c"}}})
	w.CustomerWithCard("d", "a")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Post("/v1/customers/d/coupons/month", JSON{})
	w.AdvancePastRenewal(T1)
	w.AdvanceTo(T1.AddDate(0, 0, 14))
	w.Attach("d", "c", JSON{"plan_schedule": "immediate"})
	w.AdvanceTo(T1.AddDate(0, 0, 16))
	about(w, "back", credited(w, "c"), 0)
}

// Packs that staff set at Stripe are worth what was paid for packs: with a proration that
// waits, or without any, and whatever discount there was.
func TestPacksThatStaffSetAreWorthWhatWasPaid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		percent, bought int
		staff           []int
		behavior        string
		then            int
		want            int64
	}{
		{0, 100, []int{99}, "create_prorations", 101, 50500},
		{80, 100, []int{99}, "create_prorations", 101, 10100},
		{80, 100, []int{99, 98, 97}, "create_prorations", 101, 10100},
		{50, 2, []int{20}, "none", 0, 500},
		{0, 2, []int{20}, "none", 0, 1000},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("messages", "single_use")
			w.Product("packs", "main", Prepaid("messages", 10, 100, "month"))
			w.CustomerWithCard("d")
			if tt.percent > 0 {
				w.CallStripe("POST", "/v1/coupons", fmt.Sprintf("id=X&duration=forever&percent_off=%d", tt.percent))
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=X")
			}
			w.Attach("d", "packs", Quantity("messages", 100*tt.bought))
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			item := ValueAt(w.AtStripe("d"), "subscriptions.0.items.data.0.id")
			for _, n := range tt.staff {
				w.ChangeSubscription("d", JSON{"items": []any{JSON{"id": item, "quantity": n}}, "proration_behavior": tt.behavior})
				w.WaitIdle()
			}
			if tt.then > 0 {
				w.Attach("d", "packs", Quantity("messages", 100*tt.then))
			}
			if tt.percent > 0 {
				w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("d")+"/discount", "")
			}
			about(w, "back", credited(w, "packs"), tt.want)
		})
	}
}

// What was paid before a discount stays paid through a change at it, for prices with
// tiers as for plain ones.
func TestWhatWasPaidBeforeADiscountStaysPaid(t *testing.T) {
	t.Parallel()
	for name, item := range map[string]JSON{
		"plain": Prepaid("messages", 10, 100, "month"),
		"tiers, of one's own": {"feature_id": "messages", "included_usage": 0, "interval": "month", "usage_model": "prepaid", "billing_units": 100,
			"tiers": []JSON{{"to": 2000, "amount": 10}, {"to": "inf", "amount": 9}}},
		"tiers": {"feature_id": "messages", "included_usage": 0, "interval": "month", "usage_model": "prepaid", "billing_units": 100,
			"tiers": []JSON{{"to": 2000, "amount": 10}, {"to": "inf", "amount": 9}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("messages", "single_use")
			own, sold := JSON{}, item
			if name == "tiers, of one's own" {
				sold = Prepaid("messages", 12, 100, "month")
				own = JSON{"is_custom": true, "items": []JSON{item}}
			}
			w.Product("packs", "main", sold)
			w.CustomerWithCard("d")
			w.Attach("d", "packs", Quantity("messages", 1000), own) // 100.00
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			w.CallStripe("POST", "/v1/coupons", "id=X&percent_off=80&duration=forever")
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=X")
			w.Attach("d", "packs", Quantity("messages", 1100), own) // 1.00
			w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("d")+"/discount", "")
			about(w, "back", credited(w, "packs"), 5100)
		})
	}
}

// Items of one's own with seats that were never billed can end with a credit.
func TestAnEndOfItemsOfOnesOwnWithSeats(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("team", "main", Price(20), Seats("seats", 0, 12, "prorate_immediately", "prorate_immediately"))
	w.CustomerWithCard("d", "team")
	w.Track("d", "seats", 3) // 36.00
	w.WaitIdle()
	w.Attach("d", "team", JSON{"is_custom": true, "items": []JSON{Price(20), Seats("seats", 0, 10, "prorate_immediately", "prorate_immediately")}})
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	about(w, "back", credited(w, "team"), 1000+1500)
}

// A credit of Stripe's for time that nobody paid pays for nothing, also when it waited for
// the next period's invoice.
func TestACreditForUnpaidTimeThatWaitedPaysForNothing(t *testing.T) {
	t.Parallel()
	for _, staff := range [][]int{{5}, {9, 5}} {
		t.Run(fmt.Sprint(staff), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("messages", "single_use")
			w.Product("packs", "main", Prepaid("messages", 10, 100, "month"))
			w.Post("/v1/customers", JSON{"id": "d", "email": "d@x.io"})
			w.PutGoodCard("d")
			w.Attach("d", "packs", Quantity("messages", 1000), JSON{"invoice_only": true})
			w.WaitIdle()
			w.Post("/_local/invoices/"+w.Invoices("d")[0].ID+"/mark_uncollectible", nil)
			w.WaitIdle()
			w.AdvanceTo(T0.AddDate(0, 0, 3))
			item := ValueAt(w.AtStripe("d"), "subscriptions.0.items.data.0.id")
			for _, n := range staff {
				w.ChangeSubscription("d", JSON{"items": []any{JSON{"id": item, "quantity": n}}, "proration_behavior": "create_prorations"})
				w.WaitIdle()
				w.Advance("1d")
			}
			w.AdvancePastRenewal(T1)
			invoices := w.Invoices("d")
			paid := invoices[len(invoices)-1].Total
			if back := credited(w, "packs"); back > max(0, paid)+2 {
				t.Errorf("%d came back, and %d was paid", back, paid)
			}
		})
	}
}
