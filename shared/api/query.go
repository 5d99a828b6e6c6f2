package api

import (
	"strconv"

	"windfall/shared/billing"
)

// queryBool reads a parameter of the query that is true or false; it is false
// when it is missing. A word that is neither is refused, not taken for false.
func queryBool(req Request, name string) (bool, error) {
	values, given := req.URL.Query()[name]
	if !given {
		return false, nil
	}
	if len(values) == 1 {
		switch values[0] {
		case "true", "1":
			return true, nil
		case "false", "0", "":
			return false, nil
		}
	}
	return false, billing.InvalidInputs("%s: true or false, once.", name)
}

func queryInt(req Request, name string, absent, low, high int) (int, error) {
	text := req.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, billing.InvalidInputs("%s: a whole number from %d to %d.", name, low, high)
	}
	return n, nil
}
