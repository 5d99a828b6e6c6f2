package ledger

import (
	"math/big"
	"testing"

	"windfall/shared/money"
)

func priced(l Line, list int64) Line {
	l.List = big.NewRat(list, 1)
	return l
}

// What a change charged under a discount is worth its list price, of which less was
// paid; a change before it leaves what was paid with the plan, and with no seats.
func TestChargesForChangesAtADiscount(t *testing.T) {
	t.Parallel()
	begun := Invoice{Total: 2000, Paid: 2000, Lines: []Line{line("pro", 2000, first, false)}}
	seats := ours("2", 300, 0, half)
	seats.SubscriptionID, seats.Period.Start = "sub_1", half
	for name, tt := range map[string]struct {
		invoices  []Invoice
		item      string
		all, paid int64
	}{
		"half off an upgrade": {[]Invoice{begun,
			{CreatedAt: half, Total: 2000, Paid: 2000, Lines: []Line{line("pro", -500, half, true), priced(line("big", 2500, half, true), 10000)}}}, "big", 5000, 3000}, // 10.00 of before, and 20.00
		"half off, and a downgrade that gives money back": {[]Invoice{begun,
			{CreatedAt: half, Total: -250, Lines: []Line{line("pro", -500, half, true), priced(line("small", 250, half, true), 1000)}}}, "small", 500, 500},
		"a coupon for the new one alone": {[]Invoice{begun,
			{CreatedAt: half, Total: -900, Lines: []Line{line("pro", -1000, half, true), priced(line("same", 100, half, true), 2000)}}}, "same", 1000, 100},
		"seats beside it have what was paid for them": {[]Invoice{begun,
			{CreatedAt: half, Operation: "2", Total: 300, Paid: 300, Lines: []Line{line("pro", -100, half, true), priced(line("same", 100, half, true), 2000), seats}}}, "seats", 300, 300},
		"at the list price": {[]Invoice{begun,
			{CreatedAt: half, Total: 4000, Paid: 4000, Lines: []Line{line("pro", -1000, half, true), priced(line("big", 5000, half, true), 10000)}}}, "big", 5000, 5000},
		"the rest of an open one is owed": {[]Invoice{begun,
			{CreatedAt: half, Total: 2000, Due: 2000, Lines: []Line{line("pro", -500, half, true), priced(line("big", 2500, half, true), 10000)}}}, "big", 5000, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Of(tt.invoices, "sub_1", []string{tt.item}, nil).Worth(tt.item, half)
			if got.All.Cmp(big.NewRat(tt.all, 1)) != 0 || got.Paid.Cmp(big.NewRat(tt.paid, 1)) != 0 {
				t.Errorf("all %s, paid %s; want %d and %d", got.All.FloatString(2), got.Paid.FloatString(2), tt.all, tt.paid)
			}
		})
	}
}

// Lines that waited for one invoice are booked each where it took effect, at the
// invoice's share of the money.
func TestLinesThatWaitedForOneInvoice(t *testing.T) {
	t.Parallel()
	waited := func(operation string, amount money.Amount, all money.Amount) Line {
		l := ours(operation, amount, 0, half)
		l.SubscriptionID, l.All = "sub_1", all
		return l
	}
	for name, tt := range map[string]struct {
		lines    []Line
		share    int64 // of the invoice that is paid, in percent
		paid     int64
		planPaid int64
	}{
		"taken, freed and taken": {[]Line{waited("1", 600, 0), waited("2", -600, 600), waited("3", 200, 0)}, 100, 200, 2000},
		"taken, and some freed":  {[]Line{waited("1", 600, 0), waited("2", -400, 600)}, 100, 200, 2000},
		"half of it is paid":     {[]Line{waited("1", 600, 0)}, 50, 300, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := Invoice{CreatedAt: half.AddDate(0, 0, 1), Lines: append([]Line{line("pro", 2000, half, false)}, tt.lines...)}
			for _, l := range in.Lines {
				in.Total += l.Amount
			}
			in.Paid = in.Total * money.Amount(tt.share) / 100
			l := Of([]Invoice{in}, "sub_1", []string{"seats", "pro"}, nil)
			seats := l.Worth("seats", half)
			plan := l.Worth("pro", half)
			if seats.Paid.Cmp(big.NewRat(tt.paid, 1)) != 0 || plan.Paid.Cmp(big.NewRat(tt.planPaid, 1)) != 0 {
				t.Errorf("paid: seats %s, plan %s; want %d and %d", seats.Paid.FloatString(2), plan.Paid.FloatString(2), tt.paid, tt.planPaid)
			}
		})
	}
}
