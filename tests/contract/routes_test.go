package contract

import (
	"slices"
	"testing"

	"windfall/shared/api"
	v1 "windfall/shared/api/v1"
	"windfall/shared/app"
)

// Every route of the functions is in the contract, with the keys that may call
// it, and with the Idempotency-Key where it takes one; and no other.
func TestRoutesAreThoseOfTheFunctions(t *testing.T) {
	t.Parallel()
	known := operations(document(t))
	for name, f := range v1.Functions(&app.App{}) {
		function, ok := f.(*api.Function)
		if !ok || name == "unknown_route" {
			continue
		}
		for pattern, route := range function.Table {
			op, there := known[pattern]
			if delete(known, pattern); !there {
				t.Errorf("%s is not in openapi.yaml", pattern)
				continue
			}
			if got, want := keysOf(op), accesses[route.Access]; !slices.Equal(got, want) {
				t.Errorf("%s: keys %v, want %v", pattern, got, want)
			}
			if replays(op) != route.Replays {
				t.Errorf("%s: it takes Idempotency-Key: %t, want %t", pattern, replays(op), route.Replays)
			}
		}
	}
	for pattern := range known {
		t.Errorf("openapi.yaml has %s, which no function serves", pattern)
	}
}

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
