package billing

import (
	"slices"
	"testing"
	"time"
)

func TestAnInvoiceIsPutAmongTheOthersByItsTime(t *testing.T) {
	t.Parallel()
	day := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	made := func(id, status string, days int) Invoice {
		return Invoice{StripeID: id, Status: status, CreatedAt: day.AddDate(0, 0, days)}
	}
	known := []Invoice{made("new", "paid", 9), made("open", "open", 5), made("old", "paid", 1)}
	for name, c := range map[string]struct {
		in   Invoice
		want []string
	}{
		"the newest":            {made("x", "paid", 10), []string{"x paid", "new paid", "open open", "old paid"}},
		"between":               {made("x", "paid", 3), []string{"new paid", "open open", "x paid", "old paid"}},
		"the oldest":            {made("x", "paid", 0), []string{"new paid", "open open", "old paid", "x paid"}},
		"known as paid":         {made("old", "open", 1), []string{"new paid", "open open", "old paid"}},
		"known as not paid yet": {made("open", "paid", 5), []string{"new paid", "open paid", "old paid"}},
	} {
		var got []string
		for _, i := range WithInvoice(known, c.in) {
			got = append(got, i.StripeID+" "+i.Status)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
