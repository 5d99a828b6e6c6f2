package walk

import (
	"flag"
	"fmt"
	"slices"
	"strings"
)

// chosen are the moves that a walk takes beside the kinds of steps.
var chosen = flag.String("walk.moves", "all", "moves beside the plain steps, by name; or all, or none")

// A move is a kind of step that can be left out of a walk by its name.
type move struct {
	name  string
	often int // how often it is in the list from which steps are drawn
	take  func(k *walker, d *deed, v view)
}

// moves are what happens at moments, in states and at sizes that chance seldom
// draws.
//
//	turn      the second of a renewal, and the hour in which it is a draft
//	fate      an open invoice is voided or written off
//	part      a use that is no whole number, from a billionth
//	size      a use of any size, up to 1e15
//	trial     a trial is given, moved or ended at Stripe
//	anchor    a period begins anew at Stripe
//	ending    an end is set at Stripe, in the middle of a period
//	price     another product's price is put on a subscription at Stripe
//	quantity  another number of packs, at Stripe
//	pause     the collection of a subscription is paused, or resumed
//	leave     a customer is deleted at Stripe
//	relink    a customer is linked with another one at Stripe
//	refund    a payment is refunded
//	dispute   a payment is disputed
//	foreign   a price of no product is put on a subscription at Stripe, or off
//	coupon    a coupon is put on a subscription at Stripe, or off
//	credits   a customer is given invoice credits
//	code      something is bought with a promotion code, named or typed on the page
func moves() []move {
	return []move{
		{"turn", 9, (*walker).turn},
		{"fate", 2, (*walker).fate},
		{"part", 2, (*walker).part},
		{"size", 3, (*walker).size},
		{"trial", 1, changed((*walker).moveTrial)},
		{"anchor", 1, changed((*walker).moveAnchor)},
		{"ending", 1, changed((*walker).moveEnd)},
		{"price", 2, changed((*walker).putPrice)},
		{"quantity at Stripe", 1, changed((*walker).setQuantity)},
		{"pause", 1, changed((*walker).pause)},
		{"leave", 1, (*walker).leave},
		{"relink", 1, (*walker).relink},
		{"refund", 1, (*walker).refund},
		{"dispute", 1, (*walker).dispute},
		{"foreign", 1, changed((*walker).foreign)},
		{"coupon", 1, (*walker).coupon},
		{"credits", 2, (*walker).give},
		{"code", 3, (*walker).buyByCode},
	}
}

// drawn lists the kinds of steps to draw from. The plain ones keep their places,
// so that a walk without moves is the same as ever.
func drawn() []string {
	out := slices.Clone(kinds)
	for _, m := range moves() {
		first, _, _ := strings.Cut(m.name, " ")
		if *chosen == "all" || slices.Contains(strings.Split(*chosen, ","), first) {
			for range m.often {
				out = append(out, m.name)
			}
		}
	}
	return out
}

// moved takes a step that is a move, and reports whether it was one.
func (k *walker) moved(d *deed, v view) bool {
	for _, m := range moves() {
		if m.name == d.do {
			m.take(k, d, v)
			return true
		}
	}
	return false
}

// check that a name in the flag is a move's.
func checkChosen() error {
	names := []string{"all", "none"}
	for _, m := range moves() {
		first, _, _ := strings.Cut(m.name, " ")
		names = append(names, first)
	}
	for _, name := range strings.Split(*chosen, ",") {
		if !slices.Contains(names, name) {
			return fmt.Errorf("-walk.moves: %q is none of %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}
