package usage

import (
	"testing"

	. "windfall/tests/world"
)

// discountable sells plans, seats of the next cycle and a one-off, and has two rewards.
func discountable(t *testing.T) *World {
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("plan", "main", Price(10), Seats("seats", 0, 12, "prorate_next_cycle", "prorate_next_cycle"))
	w.Product("once", "y", OneTimePrice(1)).AddOn()
	w.Product("pa", "main", Price(20))
	w.Product("pb", "main", Price(200))
	for id, kind := range map[string]string{"half": "one_off", "month": "months"} {
		w.Post("/v1/rewards", JSON{"id": id, "name": id, "type": "percentage_discount", "promo_codes": []any{},
			"discount_config": JSON{"discount_value": 50, "duration_type": kind, "duration_value": 1}})
	}
	w.CustomerWithCard("d")
	return w
}

// Seats of the next cycle are taken and freed, and a discount comes before the invoice:
// it lowers neither the charge nor the credit.
func TestADiscountAfterSeatsThatWait(t *testing.T) {
	t.Parallel()
	w := discountable(t)
	w.Attach("d", "plan")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	for _, n := range []int{100, -100} {
		w.Track("d", "seats", n)
		w.WaitIdle()
	}
	w.Post("/v1/customers/d/coupons/half", JSON{})
	w.AdvancePastRenewal(t1)
	w.Billed("d", 1000, 500) // -295.00
}

// Nor does it matter that a discount is gone before the invoice.
func TestADiscountThatIsGoneBeforeSeatsAreBilled(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"another invoice", "its end"} {
		w := discountable(t)
		w.Attach("d", "plan")
		w.AdvanceTo(T0.AddDate(0, 0, 15))
		reward := "half"
		want := []int64{1000, 50, 1000}
		at := t1
		if by == "its end" { // on the 16th of May
			reward, want, at = "month", []int64{1000, 500, 1000}, T2
		}
		w.Post("/v1/customers/d/coupons/"+reward, JSON{})
		if by == "its end" {
			w.AdvanceTo(t1.AddDate(0, 0, 10))
		}
		for _, n := range []int{100, -100} {
			w.Track("d", "seats", n)
			w.WaitIdle()
		}
		if by == "another invoice" {
			w.Attach("d", "once")
		}
		w.AdvancePastRenewal(at)
		w.Billed("d", want...)
	}
}

// What a change charged under a discount that is over is credited as it was paid. Nobody
// but the clock ends this one.
func TestAPlanTakenAtADiscountIsNotCreditedInFull(t *testing.T) {
	t.Parallel()
	w := discountable(t)
	w.Attach("d", "pa")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Post("/v1/customers/d/coupons/month", JSON{}) // to the 16th of May
	w.AdvancePastRenewal(t1)
	w.AdvanceTo(t1.AddDate(0, 0, 14).Add(12 * 3600e9))
	was := owed(w, "d")
	w.Attach("d", "pb")
	paid := owed(w, "d") - was
	w.AdvanceTo(t1.AddDate(0, 0, 15).Add(13 * 3600e9)) // a day later: the discount is over
	was = owed(w, "d")
	w.Cancel("d", "pb", JSON{"cancel_immediately": true, "prorate": true})
	back := was - owed(w, "d")
	t.Logf("paid 10.00 in May and %d for the change, back %d", paid, back)
	if back > paid+1000 {
		t.Errorf("%d came back of %d", back, paid+1000)
	}
}

// A discount for one invoice, an upgrade, an end with a credit.
func TestAnUpgradeAtADiscountForOneInvoiceIsNotCreditedInFull(t *testing.T) {
	t.Parallel()
	w := discountable(t)
	w.Attach("d", "pa")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Post("/v1/customers/d/coupons/half", JSON{})
	was := owed(w, "d")
	w.Attach("d", "pb") // 100.00 - 10.00, and half of it
	paid := owed(w, "d") - was
	was = owed(w, "d")
	w.Cancel("d", "pb", JSON{"cancel_immediately": true, "prorate": true})
	back := was - owed(w, "d")
	if back > paid+1000 {
		t.Errorf("%d came back of %d and half of 20.00", back, paid)
	}
}

// More packs at a discount, fewer without it.
func TestPacksAtADiscountAreNoMoneyPump(t *testing.T) {
	t.Parallel()
	w := discountable(t)
	w.Feature("messages", "single_use")
	w.Product("packs", "p", Prepaid("messages", 10, 100, "month"))
	w.Attach("d", "packs", Quantity("messages", 100))
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Post("/v1/customers/d/coupons/half", JSON{})
	was := owed(w, "d")
	w.Attach("d", "packs", Quantity("messages", 2000))
	w.Attach("d", "packs", Quantity("messages", 100))
	if net := owed(w, "d") - was; net < -2 {
		t.Errorf("more packs and fewer at once: %d", net)
	}
}

// Taken without a discount, freed with one.
func TestFindADiscountBetweenTakingAndFreeing(t *testing.T) {
	t.Parallel()
	w := discountable(t)
	w.Attach("d", "plan")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Track("d", "seats", 100)
	w.WaitIdle()
	w.Post("/v1/customers/d/coupons/half", JSON{})
	w.Track("d", "seats", -100)
	w.AdvancePastRenewal(t1)
	w.Billed("d", 1000, 500)
}
