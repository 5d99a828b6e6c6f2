package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// changesByQuery lists the only changing calls that take URL parameters.
var changesByQuery = map[string]bool{"POST /v1/customers": true, "DELETE /v1/customers/{customer_id}": true,
	"DELETE /v1/products/{product_id}":                true,
	"POST /v1/rewards/{reward_id}/promo_codes/{code}": true, "DELETE /v1/rewards/{reward_id}/promo_codes/{code}": true}

// ignoresExtras lists calls to which SDKs add fields of their own; see
// DecodeLenient.
var ignoresExtras = map[string]bool{
	"POST /v1/check": true, "POST /v1/entitled": true, "POST /v1/track": true, "POST /v1/events": true,
	"POST /v1/events/list": true, "POST /v1/events/aggregate": true, "POST /v1/query": true,
	"POST /v1/balances.check": true, "POST /v1/balances.track": true,
}

// checkQuery refuses a query with a part that can't be read, as url.ParseQuery
// would drop that part, and any parameter of a changing call that takes none.
func checkQuery(r *http.Request, rt *Route) error {
	if r.URL.RawQuery == "" || rt.Access == Open {
		return nil
	}
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return InvalidInputs("The parameters of the URL can't be read. Percent-encode all but letters, digits and -._~ in them, and separate them by &.")
	}
	if r.Method == http.MethodGet || changesByQuery[rt.Pattern] {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if rt.Expands && (name == "expand" || name == "expand[]") {
			continue
		}
		return InvalidInputs("%.80q: this call takes no parameters in the URL. Put them into the body.", name)
	}
	return nil
}

// mayBeEmpty are parameters that mean when empty what they mean when left out: the
// first page, any text. An empty filter would be none, and list everything.
var mayBeEmpty = []string{"expand", "expand[]", "cursor", "search"}

// TakesQuery refuses URL parameters that a route does not know, and empty ones: a
// misspelt one would change the answer without a word. The SDKs send only the listed ones.
func TakesQuery(req Request, known ...string) error {
	for _, name := range slices.Sorted(maps.Keys(req.URL.Query())) {
		if !slices.Contains(known, name) {
			return InvalidInputs("%.80s: this call takes no such parameter; it takes %s.", name, orNone(known))
		}
		if name != "expand" && name != "expand[]" && len(req.URL.Query()[name]) > 1 {
			return InvalidInputs("%s: given twice. Send each parameter once.", name)
		}
		if req.URL.Query().Get(name) == "" && !slices.Contains(mayBeEmpty, name) {
			return InvalidInputs("%s: is empty. Send a value, or leave it out.", name)
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

// QueryInt reads a whole number.
func QueryInt(req Request, name string, absent, low, high int) (int, error) {
	if !req.URL.Query().Has(name) {
		return absent, nil
	}
	n, err := strconv.Atoi(QueryText(req, name))
	if err != nil || n < low || n > high {
		return 0, InvalidInputs("%s: a whole number from %d to %d.", name, low, high)
	}
	return n, nil
}

// QueryFlag reads true or false, also as 1 or 0; absent is false.
func QueryFlag(req Request, name string) (bool, error) {
	if !req.URL.Query().Has(name) {
		return false, nil
	}
	switch QueryText(req, name) {
	case "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, InvalidInputs("%s: true or false.", name)
}

// QueryText reads a parameter. Values given twice are joined by a comma, as API
// Gateway does.
func QueryText(req Request, name string) string {
	return strings.Join(req.URL.Query()[name], ",")
}
