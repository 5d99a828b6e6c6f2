package contract

import (
	"slices"
	"testing"

	"windfall/local/stack"
	"windfall/shared/api"
	"windfall/shared/api/endpoints"
	"windfall/shared/app"
)

// Every route of the functions is in the contract, with the keys that may call
// it, and with the Idempotency-Key where it takes one; and no other. A path of both
// dialects says which operation it is in the second.
func TestRoutesAreThoseOfTheFunctions(t *testing.T) {
	t.Parallel()
	known := operations(document(t))
	seen := map[string]int{}
	for name, f := range endpoints.Functions(&app.App{}) {
		function, ok := f.(*api.Function)
		if !ok || name == "unknown_route" {
			continue
		}
		for _, route := range function.Served() {
			pattern := route.Pattern
			op, there := known[pattern]
			if seen[pattern]++; !there {
				t.Errorf("%s is not in openapi.yaml", pattern)
				continue
			}
			if seen[pattern] == 2 && byPath[pattern] != "" {
				pattern = byPath[pattern]
				op = known[pattern]
				seen[pattern]++
			} else if seen[pattern] == 2 && op["x-second"] != true && !sameInBoth[pattern] {
				t.Errorf("%s is in both dialects, and not in openapi.yaml", pattern)
			}
			if got, want := keysOf(op), accesses[route.Access]; !slices.Equal(got, want) {
				t.Errorf("%s: keys %v, want %v", pattern, got, want)
			}
			if replays(op) != route.Replays {
				t.Errorf("%s: it takes Idempotency-Key: %t, want %t", pattern, replays(op), route.Replays)
			}
		}
	}
	for pattern, op := range known {
		if seen[pattern] == 0 && pattern != "POST "+stack.AdvanceTestClock { // which a local stack serves itself
			t.Errorf("openapi.yaml has %s, which no function serves", pattern)
		}
		if op["x-second"] != nil && seen[pattern] < 2 {
			t.Errorf("openapi.yaml has %s in both dialects, and no function does", pattern)
		}
	}
}

// byPath are routes of the second dialect that openapi.yaml has as a path of their
// own.
var byPath = map[string]string{"POST /v1/customers/{customer_id}": "POST /v1/customers/list"}

// sameInBoth are routes with one JSON in both dialects.
var sameInBoth = map[string]bool{"POST /v1/balances.batch_track": true}

var accesses = map[api.Access][]string{
	api.Secret: {"secretKey"}, api.Public: {"publishableKey", "secretKey"}, api.Pages: {"publishableKey", "secretKey"}, api.Open: nil,
}

func keysOf(op object) (names []string) {
	schemes, _ := op["security"].([]any)
	for _, s := range schemes {
		for name := range s.(object) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func replays(op object) bool {
	given, _ := op["parameters"].([]any)
	return slices.ContainsFunc(given, func(p any) bool { return p.(object)["$ref"] == "#/components/parameters/idempotency_key" })
}
