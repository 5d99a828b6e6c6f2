package ledger

import (
	"math/big"
	"testing"
	"time"

	"windfall/shared/money"
)

var (
	first = time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
	half  = first.AddDate(0, 0, 15)
	end   = first.AddDate(0, 0, 30)
)

func line(item string, amount money.Amount, from time.Time, proration bool) Line {
	return Line{SubscriptionID: "sub_1", ItemID: item, Amount: amount, Period: money.Period{Start: from, End: end}, Proration: proration}
}

// What an item's time left is worth half way through its period, in cents, and
// how much of it is paid and coming.
func TestWorthOfTheTimeLeft(t *testing.T) {
	t.Parallel()
	paid := func(total money.Amount, lines ...Line) Invoice {
		return Invoice{Total: total, Paid: max(0, total), Lines: lines}
	}
	draft := Invoice{Total: 2000, Due: 2000, Draft: true, Collected: true, Lines: []Line{line("pro", 2000, first, false)}}
	again := line("pro", 3000, half, false)
	again.Period.End = end.AddDate(0, 0, 15)
	for name, tt := range map[string]struct {
		billed            Billed
		item              string
		all, paid, coming int64
	}{
		"paid":                               {Billed{Invoices: []Invoice{paid(2000, line("pro", 2000, first, false))}}, "pro", 1000, 1000, 0},
		"a draft":                            {Billed{Invoices: []Invoice{draft}}, "pro", 1000, 0, 1000},
		"open":                               {Billed{Invoices: []Invoice{{Total: 2000, Due: 2000, Lines: draft.Lines}}}, "pro", 1000, 0, 0},
		"exchanged over a draft, and issued": {Billed{Invoices: []Invoice{draft, paid(4000, line("pro", -2000, first, true), line("big", 6000, first, true))}}, "big", 3000, 3000, 0},
		"exchanged, waiting for the next": {Billed{Invoices: []Invoice{paid(2000, line("pro", 2000, first, false))},
			Waiting: []WaitingItem{{Line: line("pro", -1000, half, true)}, {Line: line("big", 3000, half, true)}}}, "big", 3000, 3000, 0},
		"a period begun anew without a credit": {Billed{Invoices: []Invoice{paid(2000, line("pro", 2000, first, false)), paid(3000, again)}}, "pro", 3000, 3000, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Of(tt.billed.For("sub_1"), "sub_1", []string{tt.item}, nil).Worth(tt.item, half)
			for what, pair := range map[string][2]*big.Rat{"all": {got.All, big.NewRat(tt.all, 1)}, "paid": {got.Paid, big.NewRat(tt.paid, 1)}, "coming": {got.Coming, big.NewRat(tt.coming, 1)}} {
				if pair[0].Cmp(pair[1]) != 0 {
					t.Errorf("%s: got %s, want %s", what, pair[0].FloatString(2), pair[1].FloatString(2))
				}
			}
			if !got.Itself {
				t.Error("the item was billed by itself")
			}
		})
	}
}
