package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// Free periods begin with or without an address; what is paid afterwards has a tax where
// Stripe knew one.
func TestFreePeriodsWithATax(t *testing.T) {
	for address, want := range map[string][]int64{"DE": {0, 2380}, "": {0, 2000}} {
		t.Run("in "+address, func(t *testing.T) {
			w := worldOfFreeMonths(t, "c1", "r1")
			w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
			if address != "" {
				w.Call("PATCH", "/v1/customers/c1", JSON{"address": JSON{"country": address}})
			}
			text := freeMonths(w, "pro", 1)
			w.PutGoodCard("c1")
			redeem(w, text, "r1")
			w.HasProducts("c1", "pro active")
			w.AdvancePastRenewal(T1)
			w.Billed("c1", want...)
		})
	}
}
