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
