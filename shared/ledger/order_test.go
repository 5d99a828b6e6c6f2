package ledger

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

func ours(operation string, amount, off money.Amount, from time.Time) Line {
	return Line{ItemID: "seats", Amount: amount, Off: off, Period: money.Period{Start: from, End: end}, Ours: true, Operation: operation}
}

// Half of the price was paid for some seats, and the whole for others, taken and freed
// within a second. Stripe may list that in any order, and may make the invoices late.
func TestSeatsAreBookedInTheOrderOfTheirCommands(t *testing.T) {
	t.Parallel()
	invoice := func(made time.Time, lines ...Line) Invoice {
		in := Invoice{CreatedAt: made, Lines: lines}
		for _, l := range lines {
			in.Total += l.Amount - l.Off
		}
		in.Paid = max(0, in.Total)
		return in
	}
	rapid.Check(t, func(t *rapid.T) {
		late := func(what string) time.Time {
			return half.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, what)) * time.Second)
		}
		waits := func(l Line) WaitingItem { l.SubscriptionID, l.All = "sub_1", 1200; return WaitingItem{Line: l} }
		invoices := rapid.Permutation([]Invoice{
			invoice(first, ours("1", 2400, 1200, first)),
			invoice(late("taken"), ours("3", 600, 0, half)),
		}).Draw(t, "invoices")
		waiting := rapid.Permutation([]WaitingItem{
			waits(ours("2", -600, -300, half)), // half of them freed: half of the 12.00 and of the time
			waits(ours("4", -600, -450, half)),
		}).Draw(t, "waiting")
		all := Billed{Invoices: invoices, Waiting: waiting}
		for operation, want := range map[string]int64{"2": 150, "5": 450} {
			got := Of(all.Before("seats", half.Add(time.Millisecond), operation).For("sub_1"), "sub_1", []string{"seats"}, nil).Worth("seats", half)
			if got.Paid.Cmp(big.NewRat(want, 1)) != 0 {
				t.Errorf("operation %s knows of %s paid, want %d", operation, got.Paid.FloatString(2), want)
			}
		}
	})
}

// What a date begins is charged before the commands of its second, though its id comes
// after theirs: a change of that second has exchanged it.
func TestADateComesBeforeTheCommandsOfItsSecond(t *testing.T) {
	t.Parallel()
	renewed := ours("alone_sub_1", 2400, 0, half)
	renewed.Dated = true
	credit, charge := ours("01M", -2400, 0, half), ours("01M", 600, 0, half)
	credit.All, charge.ItemID = 2400, "others"
	invoices := []Invoice{
		{CreatedAt: half, Lines: []Line{credit, charge}, Total: -1800},
		{CreatedAt: half, Lines: []Line{renewed}, Total: 2400, Paid: 2400},
	}
	got := Of(invoices, "sub_1", []string{"seats", "others"}, nil)
	for item, want := range map[string]int64{"seats": 0, "others": 600} {
		if value := got.Worth(item, half); value.Paid.Cmp(big.NewRat(want, 1)) != 0 {
			t.Errorf("%s: %s paid, want %d", item, value.Paid.FloatString(2), want)
		}
	}
}
