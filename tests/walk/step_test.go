package walk

import (
	"fmt"

	"pgregory.net/rapid"
)

// A step is one thing that happens. Its numbers are reduced to what makes
// sense when it is taken, so that a walk stays one when steps are left out.
type step struct {
	who   int
	do    string
	what  int // which product, span, card or amount
	much  int // quantity, or how the thing is done
	fault fault
}

// GoString is how a step is printed when a walk fails.
func (s step) GoString() string {
	return fmt.Sprintf("{%s: %s %d %d%s}", people[s.who], s.do, s.what, s.much, s.fault)
}

// people are the customers of a walk. Ada and Bea share a device.
var people = []string{"ada", "bea", "cyd"}

// kinds of steps; what stands here often happens often. Nothing comes first: to
// it a step of a failing walk is reduced that the failure does not need.
var kinds = []string{
	"nothing",
	"attach", "attach", "attach", "attach", "attach", "attach", "attach", "attach", "attach",
	"again", "again", "bundle", "quantity", "quantity", "cancel", "cancel", "end", "end with credit",
	"track", "track", "track", "track", "check",
	"card", "card", "no card", "pay page", "pay page", "expire page",
	"clock", "clock", "clock", "clock", "clock", "pay open", "redeliver", "repeat", "portal",
}

// steps draws a walk. Most steps meet no fault.
func steps(least, most int) *rapid.Generator[[]step] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		s := step{do: rapid.SampledFrom(kinds).Draw(t, "do"), who: rapid.IntRange(0, len(people)-1).Draw(t, "who"),
			what: rapid.IntRange(0, 59).Draw(t, "what"), much: rapid.IntRange(0, 9).Draw(t, "much")}
		if rapid.IntRange(0, 4).Draw(t, "faulty") == 4 {
			s.fault = fault{rapid.SampledFrom(faultKinds).Draw(t, "fault"), rapid.IntRange(1, 14).Draw(t, "at")}
		}
		return s
	}), least, most)
}

// spans are how far the clock is moved.
var spans = []string{"1h", "30m", "5h", "1d", "3d", "7d", "10d", "15d", "20d", "1 month", "1 month", "2 months"}

var cards = []string{"pm_card_visa", "pm_card_visa", "pm_card_chargeCustomerFail"}
