package walk

import (
	"fmt"
	"math/rand/v2"

	"pgregory.net/rapid"
)

// A step is one action. Its numbers are reduced to valid ones when it is taken,
// so that a walk stays valid when steps are left out.
type step struct {
	who   int
	do    string
	what  int // which product, span, card or amount
	much  int // quantity, or the manner of the action
	fault fault
}

// GoString is the text of a step in a failed walk.
func (s step) GoString() string {
	return fmt.Sprintf("{%s: %s %d %d%s}", people[s.who], s.do, s.what, s.much, s.fault)
}

// people are the customers of a walk. Ada and Bea share a device.
var people = []string{"ada", "bea", "cyd"}

// kinds of steps; a kind that is repeated here is more frequent.
var kinds = []string{
	"attach", "attach", "attach", "attach", "attach", "attach", "attach", "attach", "attach",
	"again", "again", "overdraw", "overdraw", "overdraw", "overdraw", "bundle", "quantity", "quantity", "cancel", "cancel", "end", "end with credit",
	"track", "track", "track", "track", "check",
	"card", "card", "no card", "pay page", "pay page", "expire page",
	"clock", "clock", "clock", "clock", "clock", "pay open", "redeliver", "repeat", "portal",
}

// steps draws a walk of about n steps: two numbers choose the walk, and a coin
// for each step whether it is taken. A walk takes long, so the part to be
// shortened is small: the coins of steps that a failure does not need.
func steps(n int) *rapid.Generator[[]step] {
	among := drawn()
	return rapid.Custom(func(t *rapid.T) []step {
		name, walk := rapid.IntRange(0, 1<<16).Draw(t, "name"), []step{}
		last := step{}
		for i := range 2 * n {
			s := stirred(rand.New(rand.NewPCG(*walkSeed, uint64(name<<16+i))), among)
			if last.do == "turn" { // the one whose renewal it is acts then
				s.who = last.who
			}
			if last = s; rapid.Bool().Draw(t, "taken") {
				walk = append(walk, s)
			}
		}
		return walk
	})
}

// stirred draws a step. One in five meets a fault.
func stirred(r *rand.Rand, among []string) step {
	s := step{do: among[r.IntN(len(among))], who: r.IntN(len(people)), what: r.IntN(60), much: r.IntN(10)}
	if f := (fault{faultKinds[r.IntN(len(faultKinds))], 1 + r.IntN(14)}); r.IntN(5) == 0 {
		s.fault = f
	}
	return s
}

// spans are the moves of the clock.
var spans = []string{"1h", "30m", "5h", "1d", "3d", "7d", "10d", "15d", "20d", "1 month", "1 month", "2 months"}

var cards = []string{"pm_card_visa", "pm_card_visa", "pm_card_chargeCustomerFail"}
