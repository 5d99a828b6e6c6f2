package payments

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// Packs changed in the draft hour begin their period, as a changed plan does:
// whoever ends then pays for the packs that were charged before and after the change,
// more or fewer, and not for the fee, which nobody touched.
func TestEndAfterPacksChangedInTheDraftHour(t *testing.T) {
	t.Parallel()
	for _, packs := range []int64{1, 3, 4} {
		for how, end := range map[string]func(w *World){
			"cancelled":         func(w *World) { w.Cancel("c", "pack", Immediately()) },
			"deleted at Stripe": func(w *World) { w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil) },
		} {
			t.Run(fmt.Sprintf("%d, %s", packs, how), func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("words", "single_use")
				w.Product("pack", "main", Price(20), Prepaid("words", 10, 100, "month"))
				w.CustomerWithEmailAndCard("c")
				w.Attach("c", "pack", Quantity("words", 200))
				w.AdvanceTo(T1.Add(halfHour))
				w.Attach("c", "pack", Quantity("words", 100*int(packs)))
				w.AdvanceTo(T1.Add(halfHour + time.Minute))
				end(w)
				w.AdvanceTo(T1.AddDate(0, 0, 5))
				netInAll(w, "c", 4000+2000-left(2000)+left(1000*packs))
				w.NothingUnbilled("c")
			})
		}
	}
}
