package usage

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

func TestCHK20SeatsBillImmediately(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.Advance("14d")
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 10000) // 2 beyond the included one, the whole price
	w.HasBalance("c", "seats", true, -2)
	w.Track("c", "seats", -3)
	w.Billed("c", 2000, 10000)
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 10000) // paid until the period ends
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 10000, 5000)
	w.Track("c", "seats", -2)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 10000, 5000, 2000+5000) // 1 is in use beyond the included one
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 10000, 5000, 7000, 5000)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 10000, 5000, 7000, 5000, 2000+10000)
	w.NothingUnbilled("c")
}

// The standard catalogue's seats: $12, each for the share of the period that
// is left, and credited the same way on the next invoice.
func TestCHK20SeatsProrated(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_seats")
	w.Track("c", "seats", 1) // included
	w.Billed("c", 2000)
	w.AdvanceTo(T0.AddDate(0, 0, 15)) // half of April
	w.Track("c", "seats", 2)
	w.Billed("c", 2000, 1200)
	w.AdvanceTo(T0.AddDate(0, 0, 20)) // a third is left
	w.Track("c", "seats", -1)
	w.Billed("c", 2000, 1200)
	w.Track("c", "seats", 2)
	w.Billed("c", 2000, 1200, 800)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 1200, 800, 2000+3*1200-400) // 3 seats of May, and the credit
	w.HasBalance("c", "seats", true, -3)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 1200, 800, 5200, 2000+3*1200)
	w.NothingUnbilled("c")
}

// One of the two rules has its default, or waits for the next cycle. Half of
// the period is left; 3 seats are taken and 1 is freed.
func TestCHK20SeatsByEachRule(t *testing.T) {
	t.Parallel()
	for rules, want := range map[[2]string][]int64{
		{"", ""}:                                 {2000, 2000, 2000 + 1000 - 500},
		{"", "none"}:                             {2000, 2000, 2000 + 1000},
		{"prorate_immediately", "none"}:          {2000, 1000, 2000 + 1000},
		{"prorate_immediately", ""}:              {2000, 1000, 2000 + 1000 - 500},
		{"prorate_next_cycle", "none"}:           {2000, 2000 + 1000 + 1000},
		{"bill_next_cycle", "prorate"}:           {2000, 2000 + 1000 + 2000 - 500},
		{"prorate_immediately", "no_prorations"}: {2000, 1000, 2000 + 1000},
	} {
		t.Run(fmt.Sprint(rules), func(t *testing.T) {
			t.Parallel()
			w := CustomerWithSeats(t, 10, rules[0], rules[1])
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			w.Track("c", "seats", 3)
			w.Track("c", "seats", -1)
			w.AdvanceTo(t1.Add(2 * time.Hour))
			w.Billed("c", want...)
			w.NothingUnbilled("c")
		})
	}
}
