package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// Packs that are bought for the year are for all of it: its months bill their use, and
// leave the packs alone.
func TestINT21PacksOfAYearBesideItsMonths(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("year", "main", Every("year", Price(100)), Prepaid("words", 12, 100, "year"), Overage("messages", 1000, 0.01, 1))
	year := T0.AddDate(1, 0, 0)
	w.CustomerWithCard("c")
	w.Attach("c", "year", Quantity("words", 200))
	w.Billed("c", 12400)
	w.Track("c", "words", 150)
	w.Track("c", "messages", 1500)
	w.AdvanceTo(T1)
	w.Billed("c", 12400, 500)
	w.HasBalance("c", "words", true, 50)
	w.HasBalance("c", "messages", true, 1000)
	w.Want("the packs come back with the year", w.Check("c", "words")["next_reset_at"], year.UnixMilli())
	w.Want("the messages with the month", w.Check("c", "messages")["next_reset_at"], T2.UnixMilli())
	w.Track("c", "messages", 1100)
	w.AdvanceTo(T2) // 1 June: 305 of 366 days are left
	w.Billed("c", 12400, 500, 100)
	w.Track("c", "messages", 1200)
	preview := w.Post("/v1/attach/preview", Merge(JSON{"customer_id": "c", "product_id": "year"}, Quantity("words", 400)))
	w.Want("due today", ValueAt(preview, "due_today.total"), 20) // 305 of 366 days of two packs more
	w.Attach("c", "year", Quantity("words", 400))
	w.Billed("c", 12400, 500, 100, 2000)
	w.HasBalance("c", "words", true, 250)
	w.HasBalance("c", "messages", true, -200)
	w.AdvanceTo(T3)
	w.Billed("c", 12400, 500, 100, 2000, 200)
	w.HasBalance("c", "words", true, 250)
	w.AdvanceTo(year.AddDate(0, 0, -1))
	w.Track("c", "messages", 1300)
	w.AdvanceTo(year.Add(2 * time.Hour))
	w.Billed("c", 12400, 500, 100, 2000, 200, 15100) // 100 + 4 × 12 + 3
	w.HasBalance("c", "words", true, 400)
	w.HasBalance("c", "messages", true, 1000)
}

// Use that a switch keeps counts in the month in which it was used. What is beyond the
// allowance is billed with the switch, and not kept.
func TestINT22AYearKeepsWhatWasUsedOfTheMonth(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		used    int
		due     float64
		balance int
	}{
		"within the allowance": {80, 90, 920},  // 100 − 10
		"beyond it":            {130, 93, 900}, // and 30 × 0.10
		"exactly all":          {100, 90, 900},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("messages", "single_use")
			keeps := func(item JSON) JSON { return Merge(item, JSON{"reset_usage_when_enabled": false}) }
			w.Product("month", "main", Price(20), keeps(Overage("messages", 100, 0.1, 1)))
			w.Product("year", "main", Every("year", Price(100)), keeps(Overage("messages", 1000, 0.01, 1)))
			w.CustomerWithCard("c", "month")
			w.Track("c", "messages", tt.used)
			w.Advance("15d")
			preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "year"})
			w.Want("due today", ValueAt(preview, "due_today.total"), tt.due)
			w.Attach("c", "year")
			due := int64(100 * tt.due)
			w.Billed("c", 2000, due)
			w.HasBalance("c", "messages", true, tt.balance)
			from := T0.AddDate(0, 0, 15)
			w.Track("c", "messages", tt.balance+10)
			w.AdvanceTo(from.AddDate(0, 1, 0))
			w.Billed("c", 2000, due, 10)
			w.HasBalance("c", "messages", true, 1000)
		})
	}
}

// Another year of the same months keeps what was used of this one, and the day on which
// it is over.
func TestINT22AnotherYearKeepsTheMonth(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	keeps := func(n int) JSON {
		return Merge(Overage("messages", n, 0.01, 1), JSON{"reset_usage_when_enabled": false})
	}
	w.Product("year", "main", Every("year", Price(100)), keeps(1000))
	w.Product("year2", "main", Every("year", Price(466)), keeps(5000))
	w.CustomerWithCard("c", "year")
	w.AdvanceTo(T2.AddDate(0, 0, -10))
	w.AdvanceTo(T2)
	w.Track("c", "messages", 700)
	w.Advance("10d") // 295 of 366 days are left
	w.Attach("c", "year2")
	w.Billed("c", 10000, 29500) // 295 of 366 days of 366.00 more
	w.HasBalance("c", "messages", true, 4300)
	w.Track("c", "messages", 4400)
	w.Want("the month", w.Check("c", "messages")["next_reset_at"], T3.UnixMilli())
	w.AdvanceTo(T3)
	w.Billed("c", 10000, 29500, 100)
	w.HasBalance("c", "messages", true, 5000)
}
