package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func chargeOf(w *World, n int) string {
	w.Helper()
	return invoiceAtStripe(w, n)["charge"].(string)
}

func invoiceAtStripe(w *World, n int) JSON {
	w.Helper()
	_, text, err := w.Stack.Stripe("GET", "/v1/invoices/"+w.Invoices("c")[n].ID, nil)
	if err != nil {
		w.Fatal(err)
	}
	return ParseJSON(w, text)
}

// Money that went back to the customer was not paid for the time left.
func TestCAN12WhatWasRefundedIsNotCreditedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		back func(*World)
		want []int64
	}{
		"all of it":            {func(w *World) { w.CallStripe("POST", "/v1/refunds", "charge="+chargeOf(w, 0)) }, []int64{5000}},
		"a part":               {func(w *World) { w.CallStripe("POST", "/v1/refunds", "charge="+chargeOf(w, 0)+"&amount=2000") }, []int64{5000, -1500}},
		"by a credit note":     {func(w *World) { creditNote(w, "refund_amount", "2000") }, []int64{5000, -1500}},
		"to the balance":       {func(w *World) { creditNote(w, "credit_amount", "5000") }, []int64{5000}},
		"nothing went back":    {func(*World) {}, []int64{5000, -2500}},
		"out of band, by hand": {func(w *World) { creditNote(w, "out_of_band_amount", "2000") }, []int64{5000, -1500}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "premium")
			c.back(w)
			w.Advance("15d")
			w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
			w.Billed("c", c.want...)
		})
	}
}

func creditNote(w *World, kind, amount string) {
	w.Helper()
	w.CallStripe("POST", "/v1/credit_notes", "invoice="+w.Invoices("c")[0].ID+"&amount="+amount+"&"+kind+"="+amount)
}

// What was paid outside of Stripe was paid.
func TestCAN12PaidOutOfBandIsPaid(t *testing.T) {
	t.Parallel()
	w := onInvoice(t, "open", "premium")
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/pay", "paid_out_of_band=true")
	w.Advance("15d")
	w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
	w.Billed("c", 5000, -2500)
}

// A discount that is over is no payment; Stripe would credit the full price.
func TestCAN12ADiscountIsNotPaidOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coupon          string
		paid, cancelled int64
	}{
		"half off, once":     {"percent_off=50&duration=once", 2500, -1250},
		"all of it, once":    {"percent_off=100&duration=once", 0, 0},
		"20 off, once":       {"amount_off=2000&currency=usd&duration=once", 3000, -1500},
		"half off, for good": {"percent_off=50&duration=forever", 2500, -1250},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c")
			w.CallStripe("POST", "/v1/coupons", "id=off&"+c.coupon)
			w.CallStripe("POST", "/v1/customers/"+ValueAt(w.AtStripe("c"), "customer.id").(string), "coupon=off")
			w.Attach("c", "premium")
			want := []int64{c.paid}
			w.Billed("c", want...)
			w.Advance("15d")
			w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
			if c.cancelled != 0 {
				want = append(want, c.cancelled)
			}
			w.Billed("c", want...)
			hasCredit(w, -c.cancelled)
		})
	}
}

// Money follows the time through changes: what the first product was paid with
// is still there when the invoice of an upgrade is void.
func TestUPG21AVoidUpgradeLeavesWhatWasPaidBefore(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]int64{"void": -2500, "uncollectible": -2500, "paid": -10000, "open": -2500} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "premium")
			w.Attach("c", "ultra", byInvoice())
			settle(w, status)
			w.Billed("c", 5000, 15000)
			w.Advance("15d")
			w.Cancel("c", "ultra", Immediately(), JSON{"prorate": true})
			w.Billed("c", 5000, 15000, want)
			hasCredit(w, -want)
		})
	}
}

// A version that was taken over without a charge is worth what was paid for the
// one before.
func TestUPG21ATakeoverIsWorthWhatWasPaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		price  float64
		credit int64
	}{"dearer": {40, -1000}, "as before": {20, -1000}, "cheaper": {10, -500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			w.Post("/v1/products/pro", JSON{"items": []JSON{Price(c.price), Messages(600)}})
			w.Want("code", w.Attach("c", "pro")["code"], "upgraded_to_new_version")
			w.Advance("15d")
			w.Want("preview", dueToday(w, JSON{"customer_id": "c", "product_id": "premium"}), float64(2500+c.credit)/100)
			w.Attach("c", "premium")
			w.Billed("c", 2000, 2500+c.credit)
		})
	}
}

// Of two products on one invoice each has its part, and the other stays.
func TestCAN12OneOfTwoProducts(t *testing.T) {
	t.Parallel()
	for status, want := range map[string][]int64{"void": {5000}, "paid": {5000, -1500}} {
		w := New(t)
		w.PlanChangeCatalog()
		w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
		w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "g1_pro"}, "invoice_only": true})
		settle(w, status)
		w.Advance("15d")
		w.Cancel("c", "g1_pro", Immediately(), JSON{"prorate": true})
		w.HasProducts("c", "pro active")
		w.Billed("c", want...)
	}
}

// In the hour in which a renewal is a draft nothing of the new period is paid: an
// end credits nothing, and a change is set off against what Stripe collects.
func TestCAN12TheDraftHour(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.AdvanceTo(T1.Add(30 * time.Minute))
	w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
	w.Advance("2d")
	w.Billed("c", 5000, 5000)
	w.Want("status", invoiceStatuses(w), []string{"paid", "draft"})
	hasCredit(w, 0)
}

func TestUPG21TheDraftHour(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.AdvanceTo(T1)
	w.Attach("c", "ultra")
	w.Advance("2d")
	w.Billed("c", 5000, 5000, 15000)
	w.Want("status", invoiceStatuses(w), []string{"paid", "paid", "paid"})
}
