package catalog

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIDFromAName(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{"pro": true, "pro_2": true, "reward": true}
	for name, want := range map[string]string{
		"Summer Sale, 20 %":         "summer_sale_20",
		"Pro":                       "pro_3",
		"  Pro -- Year ":            "pro_year",
		"夏":                         "reward_2",
		"<b>":                       "b",
		"Redeem":                    "redeem_2", // a word of the API's paths
		strings.Repeat("a", 200):    strings.Repeat("a", longestMade),
		strings.Repeat("aaaa ", 80): strings.TrimRight(strings.Repeat("aaaa_", 12), "_"),
	} {
		if got := IDFrom(name, "reward", func(id string) bool { return taken[id] }); got != want {
			t.Errorf("%q makes %q, want %q", name, got, want)
		}
	}
}

// Whatever the name is, an id is made that the catalog takes and nobody has.
func TestEveryNameMakesAnID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		taken := map[string]bool{}
		for range 3 {
			id := IDFrom(rapid.String().Draw(t, "name"), "reward", func(id string) bool { return taken[id] })
			if problem := SlugProblem(id); problem != nil || taken[id] || IsReserved(id) {
				t.Fatalf("made %q: %v", id, problem)
			}
			taken[id] = true
		}
	})
}
