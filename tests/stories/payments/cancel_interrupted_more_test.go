package payments

import (
	"fmt"
	"math"
	"slices"
	"testing"

	. "windfall/tests/world"
)

// What another product is billed with goes on, and the price of the product leaves.
func TestCAN13BesideAnotherProduct(t *testing.T) {
	t.Parallel()
	for back, credit := range map[int]int64{0: -2500, 4000: -1500, 10000: 0} {
		for writes := range 2 {
			t.Run(fmt.Sprint(back, " back, after writes: ", writes), func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.PlanChangeCatalog()
				w.CustomerWithCard("c")
				w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"premium", "g1_premium"}})
				w.Advance("15d")
				endsInterrupted(w, "premium", writes)
				if back > 0 {
					givenBack(w, back)
				}
				w.Advance("5m")
				switch {
				case writes == 1:
					w.Billed("c", 10000, -2500) // it was made
				case credit == 0:
					w.Billed("c", 10000)
				default:
					w.Billed("c", 10000, credit)
				}
				w.NothingWaits(w.StripeID("c"))
			})
		}
	}
}

// withSeats holds pro_seats for 20, and 5 seats of which 4 were paid with 48; half of it is left.
func withSeats(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_seats")
	w.Track("c", "seats", 5)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Billed("c", 2000, 4800)
	return w
}

// Seats have the credit of what is still paid of them: 10 for the plan, and 24 for the seats.
func TestCAN13SeatsThatWereGivenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		invoice, back int
		credit        int64
	}{
		"nothing":                {0, 0, -3400},
		"a part of the plan":     {0, 1000, -2900},
		"all of the plan":        {0, 2000, -2400},
		"a part of the seats":    {1, 1200, -2800},
		"all of the seats":       {1, 4800, -1000},
		"nearly all of the plan": {0, 1998, -2401},
	} {
		for writes := range 2 {
			t.Run(fmt.Sprint(name, ", after writes: ", writes), func(t *testing.T) {
				t.Parallel()
				w := withSeats(t)
				endsInterrupted(w, "pro_seats", writes)
				if c.back > 0 {
					w.CallStripe("POST", "/v1/refunds", fmt.Sprint("charge=", chargeOf(w, c.invoice), "&amount=", c.back))
				}
				endedWith(w, "pro_seats", c.credit, 2000, 4800, c.credit)
			})
		}
	}
}

// Staff end the subscription at Stripe in between: that end credits of the plan what staff chose,
// and the seats are credited all the same, once.
func TestCAN13SeatsOfASubscriptionThatStaffEnded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		form   string
		writes int // that the command made at Stripe before
		billed []int64
	}{
		"credited and invoiced": {"?prorate=true&invoice_now=true", 0, []int64{2000, 4800, -1000, -2400}},
		"credited":              {"?prorate=true", 0, []int64{2000, 4800, -1000, -2400}},
		"not":                   {"", 0, []int64{2000, 4800, -2400}},
		"invoiced":              {"?invoice_now=true", 0, []int64{2000, 4800, -2400}},
		"credited and invoiced, and the line waited": {"?prorate=true&invoice_now=true", 1, []int64{2000, 4800, -3400}},
		"credited, and the line waited":              {"?prorate=true", 1, []int64{2000, 4800, -1000, -2400}},
		"not, and the line waited":                   {"", 1, []int64{2000, 4800, -2400}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withSeats(t)
			endsInterrupted(w, "pro_seats", c.writes)
			w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c")+c.form, "")
			w.Advance("5m")
			billedInAnyOrder(w, c.billed...)
			w.HasProducts("c", "free active")
			w.NothingWaits(w.StripeID("c"))
		})
	}
}

// billedInAnyOrder is Billed where several invoices are made in one second.
func billedInAnyOrder(w *World, want ...int64) {
	w.Helper()
	var got, ours []int64
	for _, in := range w.Invoices("c") {
		got = append(got, in.Total)
	}
	w.Want("billed at Stripe", got, want)
	for _, in := range w.Customer("c", "invoices")["invoices"].([]any) {
		ours = append(ours, int64(math.Round(ValueAt(in, "total").(float64)*100)))
	}
	slices.Sort(ours)
	slices.Sort(want)
	w.Want("billed as Windfall has it", ours, want)
}

// Staff end the subscription, and the line waits that takes an unpaid part back: without a
// credit at Stripe nothing is taken back.
func TestCAN13ALineThatTakesBackNothing(t *testing.T) {
	t.Parallel()
	for form, billed := range map[string][]int64{
		"":                               {5000},
		"?prorate=true":                  {5000, -2500},
		"?prorate=true&invoice_now=true": {5000, -1500},
		"?invoice_now=true":              {5000, 1000, -1000},
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "premium")
			givenBack(w, 2000)
			w.Advance("15d")
			endsInterrupted(w, "premium", 1)
			w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c")+form, "")
			w.Advance("5m")
			billedInAnyOrder(w, billed...)
			w.HasProducts("c", "free active")
			w.NothingWaits(w.StripeID("c"))
		})
	}
}
