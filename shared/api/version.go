package api

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
)

// A Version is a version of the API, as the header x-api-version names it. Those
// before 2 are written in the first dialect, the others in the second.
type Version struct{ Major, Minor int }

// AtLeast reports whether a version is another or a later one.
func (v Version) AtLeast(other Version) bool {
	return cmp.Or(cmp.Compare(v.Major, other.Major), cmp.Compare(v.Minor, other.Minor)) >= 0
}

// Second reports whether a version is written in the second dialect.
func (v Version) Second() bool { return v.Major >= 2 }

func (v Version) String() string { return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }

// The versions of requests that name none: REST paths are those of the first
// dialect, RPC paths those of the second.
var (
	latestFirst  = Version{1, 2}
	latestSecond = Version{2, 5}
)

// versions has the names of every version but the patch level, which is 0
// everywhere: its number, and the day on which it began.
var versions = map[string]Version{
	"0.1": {0, 1}, "2025-02-01": {0, 1},
	"0.2": {0, 2}, "2025-04-01": {0, 2}, "1": {0, 2}, "1.0": {0, 2},
	"1.1": {1, 1}, "2025-04-17": {1, 1},
	"1.2": {1, 2}, "2025-05-05": {1, 2},
	"1.4": {1, 4}, "beta": {1, 4},
	"2": {2, 0}, "2.0": {2, 0}, "2026-03-16": {2, 0},
	"2.1": {2, 1}, "2026-03-17": {2, 1},
	"2.2": {2, 2}, "2026-03-18": {2, 2},
	"2.3": {2, 3}, "2026-05-13": {2, 3},
	"2.4": {2, 4},
	"2.5": {2, 5},
}

// readVersion reads the header x-api-version: a number of one to three parts, a
// day that ".clover" may follow, or "beta".
func readVersion(text string) (Version, error) {
	name := strings.ToLower(strings.TrimSpace(text))
	if day, clover := strings.CutSuffix(name, ".clover"); clover && strings.Count(day, "-") == 2 {
		name = day
	}
	if strings.Count(name, ".") == 2 {
		name = strings.TrimSuffix(name, ".0")
	}
	v, known := versions[name]
	if !known {
		return v, ErrVersion("x-api-version: %.40q is not a valid API version. Send 1.2 for the first dialect, or 2.0, 2.1, 2.2, 2.3, 2.4 or 2.5.0 for the second.", text)
	}
	return v, nil
}

// ErrVersion refuses a version of the API.
func ErrVersion(format string, args ...any) *Refusal {
	r := InvalidInputs(format, args...)
	r.Code = "invalid_api_version"
	return r
}

// isRPC reports whether a pattern is a path of the second dialect: POST
// /v1/GROUP.VERB.
func isRPC(pattern string) bool {
	name, post := strings.CutPrefix(pattern, http.MethodPost+" /v1/")
	return post && strings.Contains(name, ".") && !strings.Contains(name, "/")
}

// versionOf is the version of a request: that of its header, or else that of its
// path.
func versionOf(r *http.Request, pattern string) (Version, error) {
	if text := strings.Join(r.Header.Values("X-Api-Version"), ","); text != "" { // the adapter splits values at commas
		return readVersion(text)
	}
	if isRPC(pattern) {
		return latestSecond, nil
	}
	return latestFirst, nil
}
