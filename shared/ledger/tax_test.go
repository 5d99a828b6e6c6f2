package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

func TestBeforeTax(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   Invoice
		tax  money.Amount
		want Invoice
	}{
		"no tax":                        {Invoice{Total: 2000, Paid: 2000}, 0, Invoice{Total: 2000, Paid: 2000}},
		"paid":                          {Invoice{Total: 2380, Paid: 2380}, 380, Invoice{Total: 2000, Paid: 2000}},
		"half of it given back":         {Invoice{Total: 2380, Paid: 1190}, 380, Invoice{Total: 2000, Paid: 1000}},
		"due":                           {Invoice{Total: 2380, Due: 2380}, 380, Invoice{Total: 2000, Due: 2000}},
		"a credit":                      {Invoice{Total: -1190}, -190, Invoice{Total: -1000}},
		"only the tax is left to pay":   {Invoice{Total: 190, Paid: 190}, 190, Invoice{}},
		"more was credited than billed": {Invoice{Total: 90, Paid: 90}, 190, Invoice{Total: -100}},
	} {
		if got := tt.in.BeforeTax(tt.tax); got.Total != tt.want.Total || got.Paid != tt.want.Paid || got.Due != tt.want.Due {
			t.Errorf("%s: got %+v, want %+v", name, got, tt.want)
		}
	}
}

// What is paid is never more than what was billed before tax, and all of it is paid where
// all of it is with tax.
func TestBeforeTaxKeepsWhatIsPaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		net := money.Amount(rapid.Int64Range(1, 100_000_000).Draw(t, "net"))
		tax := net * money.Amount(rapid.Int64Range(0, 27).Draw(t, "percent")) / 100
		paid := money.Amount(rapid.Int64Range(0, int64(net+tax)).Draw(t, "paid"))
		in := Invoice{Total: net + tax, Paid: paid, Due: net + tax - paid}.BeforeTax(tax)
		if in.Total != net || in.Paid > net || in.Paid > paid || in.Paid+in.Due > net || in.Paid+in.Due < net-1 || (paid == net+tax) != (in.Paid == net && in.Due == 0) && paid > 0 {
			t.Fatalf("%d + %d, %d paid: %+v", net, tax, paid, in)
		}
	})
}
