package api

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"windfall/shared/billing"
)

// takes refuses parameters of the URL that a route does not know: one that is
// misspelt would change what is answered in silence. The SDKs send none beside
// those that are listed, a route by another.
func takes(req Request, known ...string) error {
	for _, name := range slices.Sorted(maps.Keys(req.URL.Query())) {
		if !slices.Contains(known, name) {
			return billing.InvalidInputs("%.80s: this call takes no such parameter; it takes %s.", name, orNone(known))
		}
	}
	return nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func queryInt(req Request, name string, absent, low, high int) (int, error) {
	text := queryText(req, name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, billing.InvalidInputs("%s: a whole number from %d to %d.", name, low, high)
	}
	return n, nil
}

// queryFlag reads true or false, also as 1 or 0; absent is false.
func queryFlag(req Request, name string) (bool, error) {
	if !req.URL.Query().Has(name) {
		return false, nil
	}
	switch queryText(req, name) {
	case "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, billing.InvalidInputs("%s: true or false.", name)
}

// queryText reads a parameter; one that is given twice is a list that no call
// takes, as API Gateway writes it.
func queryText(req Request, name string) string {
	return strings.Join(req.URL.Query()[name], ",")
}
