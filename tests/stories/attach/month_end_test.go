package attach

import (
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// A change in a period that began on the last day of February keeps the 31st: the next
// product's allowance comes back with its bill.
func TestUPG15TheResetOfAMonthsEndDoesNotDrift(t *testing.T) {
	t.Parallel()
	w := With(t, stack.Options{Clock: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)})
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.AdvanceTo(time.Date(2027, 3, 5, 0, 0, 0, 0, time.UTC))
	w.Attach("c", "premium")
	for _, day := range []time.Time{time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), time.Date(2027, 4, 30, 0, 0, 0, 0, time.UTC), time.Date(2027, 5, 31, 0, 0, 0, 0, time.UTC)} {
		w.Want("reset", w.Check("c", "messages")["next_reset_at"], day.UnixMilli())
		w.Want("the period", ValueAt(w.CustomerProduct("c", "premium"), "current_period_end"), day.UnixMilli())
		w.AdvanceTo(day)
	}
}

// What waited for the last day of February begins with it, and goes on with the 31st.
func TestDWN01TheResetOfAMonthsEndDoesNotDrift(t *testing.T) {
	t.Parallel()
	w := With(t, stack.Options{Clock: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)})
	w.StandardCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro_use")
	day := func(month time.Month, d int) time.Time { return time.Date(2027, month, d, 0, 0, 0, 0, time.UTC) }
	want := []int64{5000, 2000}
	w.AdvanceTo(day(2, 28).Add(2 * time.Hour))
	for _, turn := range []time.Time{day(3, 31), day(4, 30), day(5, 31)} {
		w.HasProducts("c", "pro_use active")
		w.Want("reset, and the period's end", []any{w.Check("c", "messages")["next_reset_at"], ValueAt(w.CustomerProduct("c", "pro_use"), "current_period_end")}, []any{turn.UnixMilli(), turn.UnixMilli()})
		w.Track("c", "messages", 110)
		w.AdvanceTo(turn.Add(2 * time.Hour))
		want = append(want, 2100)
		w.Billed("c", want...)
	}
}
