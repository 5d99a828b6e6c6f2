package stripesim

import "strings"

// Patterns are all endpoints, for the test that uses each of them.
func Patterns() []string {
	var out []string
	for _, table := range endpoints() {
		for _, e := range table {
			out = append(out, e.pattern)
		}
	}
	return out
}

// PatternOf is the endpoint that a request reaches.
func PatternOf(method, path string) string {
	for _, p := range Patterns() {
		if matches(p, method+" "+path) {
			return p
		}
	}
	return ""
}

func matches(pattern, request string) bool {
	p, r := strings.Split(pattern, "/"), strings.Split(request, "/")
	if len(p) != len(r) {
		return false
	}
	for i := range p {
		if p[i] != r[i] && !strings.HasPrefix(p[i], "{") {
			return false
		}
	}
	return true
}

// TaxPercents is the table of the percentages.
var TaxPercents = taxPercents
