package architecture

import (
	"slices"
	"strings"
	"testing"
)

// The simulator is one flat package of billing, above packages without billing.
// The flat package imports the others; they never import it, nor each other
// except as listed here.
func TestTheSimulatorsPackagesPointOneWay(t *testing.T) {
	t.Parallel()
	const sim = "windfall/local/stripesim"
	allowed := map[string][]string{
		"":          {"calc", "delivery", "display", "form", "hosted", "object", "pages", "recorder", "store"},
		"/calc":     {},                                                             // arithmetic on numbers
		"/form":     {},                                                             // parameters before they mean anything
		"/object":   {},                                                             // the shapes of Stripe's API
		"/pages":    {},                                                             // templates, shared with the local front page
		"/display":  {"calc", "object"},                                             // the places of a currency, and decimals
		"/recorder": {"object"},                                                     // events as they are sent
		"/delivery": {"object"},                                                     // events and endpoints; the account is an Outbox
		"/hosted":   {"display", "form", "object", "pages"},                         // what pages show and read; the account is an Account
		"/store":    {"object", "windfall/local/journal", "windfall/local/squeeze"}, // rows, packed, and the file they are kept in
	}
	for _, p := range list(t, "./local/stripesim/...") {
		names, listed := allowed[strings.TrimPrefix(p.ImportPath, sim)]
		if !listed {
			t.Errorf("%s is not listed here", p.ImportPath)
		}
		if p.ImportPath == sim {
			names = append(names, "windfall/local/journal") // its options
		}
		for _, name := range ours(p.Imports) {
			if !slices.Contains(names, strings.TrimPrefix(name, sim+"/")) {
				t.Errorf("%s must not import %s", p.ImportPath, name)
			}
		}
	}
}
