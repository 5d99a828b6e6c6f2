package api

import "net/http"

// A Dialect is what a function serves in one spelling of the API: routes with
// their JSON, and words for errors.
type Dialect struct {
	Second bool // of the versions from 2.0 on
	Words  Words
	Routes []Route
}

// A spelled is a path and method with its route in each dialect, nil where the
// dialect has none.
type spelled struct {
	pattern       string
	first, second *Route
}

// choose returns the route of a request and its version. With an error, the
// route is another one of the same path, whose key and words apply to the refusal.
func (s *spelled) choose(r *http.Request) (*Route, Version, error) {
	chosen, other := s.first, s.second
	if chosen == nil {
		chosen, other = other, chosen
	}
	if chosen.Access == Open { // what calls it knows of no versions
		return chosen, latestFirst, nil
	}
	v, err := versionOf(r, s.pattern)
	if err != nil {
		return chosen, v, err
	}
	if v.Second() == chosen.second {
		return chosen, v, nil
	}
	if other == nil {
		return chosen, v, s.missing(chosen, v)
	}
	return other, v, nil
}

// missing refuses a version in which a path has no answer.
func (s *spelled) missing(has *Route, asked Version) error {
	others := "leave the header x-api-version out, or send 1.2"
	if has.second {
		others = "send x-api-version 2.5.0"
	}
	if has.Elsewhere != "" {
		return ErrVersion("%s is not part of version %s of this API: call %s, or %s.", s.pattern, asked, has.Elsewhere, others)
	}
	return ErrVersion("%s is not part of version %s of this API: %s.", s.pattern, asked, others)
}
