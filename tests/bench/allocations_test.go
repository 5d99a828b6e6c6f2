//go:build !race

package bench

import "testing"

// most is how many allocations of our own a call may make: own less sdk.
const most = 120

func TestOwnAllocationsKeepToTheirBudget(t *testing.T) {
	for name := range bodies {
		of := sidesOf(t, name)
		own, sdk := testing.AllocsPerRun(200, of.own), testing.AllocsPerRun(200, of.sdk)
		t.Logf("%s: %.0f allocations, %.0f of them of the AWS SDK and %.0f of our own", name, own, sdk, own-sdk)
		if own-sdk > most {
			t.Errorf("%s makes %.0f allocations of our own, the most is %d", name, own-sdk, most)
		}
	}
}
