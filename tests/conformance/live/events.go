package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// mostEvents limits how far back a busy account is read.
const mostEvents = 2000

// events records the kinds of events about the customers of the scenario: as a
// set, because order and number are not promised. Stripe lists events a moment
// after they happen, so the list is read until nothing is new.
func (w *world) events() {
	kinds, before := w.kinds(), []string(nil)
	w.await("the events to be complete", func() bool {
		before, kinds = kinds, w.kinds()
		return slices.Equal(before, kinds)
	})
	w.say("events:\n  %s", strings.Join(kinds, "\n  "))
}

func (w *world) kinds() []string {
	seen, read := map[string]bool{}, 0
	list := w.Events.List(&stripe.EventListParams{ListParams: stripe.ListParams{Limit: stripe.Int64(100)}})
	for list.Next() && read < mostEvents {
		read++
		if e := list.Event(); w.concerns(e.Data.Object) {
			seen[string(e.Type)] = true
		}
	}
	return slices.Sorted(maps.Keys(must(seen, list.Err())))
}

// concerns: the account may have other users, so only objects of a customer of
// this scenario count.
func (w *world) concerns(object map[string]any) bool {
	for _, id := range w.customers {
		if object["customer"] == id || object["object"] == "customer" && object["id"] == id {
			return true
		}
	}
	return false
}
