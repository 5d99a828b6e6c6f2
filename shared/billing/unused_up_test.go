package billing

import (
	"encoding/json"
	"testing"

	"windfall/shared/money"
)

// A discount lowers an invoice if the charges of a change become lower by it than the
// credits; a line of 0 is whatever the subscription has.
func TestWhetherADiscountLowersAChange(t *testing.T) {
	by := func(item string, minor int64) ProratedLine { return ProratedLine{ItemID: item, By: money.Int(minor)} }
	zero := func(item string, minor int64) ProratedLine {
		return ProratedLine{ItemID: item, By: money.Int(minor), PriceID: "price_" + item, Quantity: 1}
	}
	for name, tt := range map[string]struct {
		off            money.Amount
		lines          []ProratedLine
		doubtful, want bool
	}{
		"nothing":                           {0, nil, true, false},
		"taken off":                         {400, nil, false, true},
		"both sides alike":                  {0, []ProratedLine{by("old", -400), by("new", 400)}, true, false},
		"the charge more":                   {0, []ProratedLine{by("old", -400), by("new", 500)}, true, true},
		"the credit more":                   {0, []ProratedLine{by("old", -400), by("new", 300)}, true, false},
		"a side that it does not cover":     {0, []ProratedLine{by("other", -900), by("new", 300)}, true, true},
		"only what it does not cover":       {0, []ProratedLine{by("other", 900)}, true, false},
		"a credit of 0":                     {0, []ProratedLine{zero("old", 400), by("new", 400)}, true, false},
		"a charge of 0":                     {0, []ProratedLine{by("old", -300), zero("new", 400)}, true, true},
		"taken off, less than off a credit": {300, []ProratedLine{by("old", -400)}, true, false},
		"taken off, more than off a credit": {500, []ProratedLine{by("old", -400)}, true, true},
	} {
		u := UnusedUp{Off: tt.off, Prorated: tt.lines}
		got := u.Lowers(func(item string) bool { return item != "other" }, func(l ProratedLine) bool { return l.ItemID == "new" })
		if u.Doubtful() != tt.doubtful || got != tt.want {
			t.Errorf("%s: doubtful %t, lowers %t; want %t, %t", name, u.Doubtful(), got, tt.doubtful, tt.want)
		}
	}
}

// Invoices of earlier versions list the items alone.
func TestAnInvoiceOfAnEarlierVersionIsRead(t *testing.T) {
	var in Invoice
	if err := json.Unmarshal([]byte(`{"stripe_id":"in_1","totals":{"unused":{"coupon_id":"half_1","prorated":["item_1"]}}}`), &in); err != nil || in.Totals.Unused.CouponID != "half_1" {
		t.Errorf("got %+v, %v", in.Totals, err)
	}
}
