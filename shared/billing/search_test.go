package billing

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSearchText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ada Lovelace":           "ada lovelace",
		"  ÉLODIE ":              "élodie",
		"ΣΊΣΥΦΟΣ":                "σίσυφοσ",
		"Σίσυφος":                "σίσυφοσ",
		"\u212aelvin":            "kelvin", // the sign of kelvin
		" \t ":                   "",
		strings.Repeat("é", 200): strings.Repeat("é", 128),
	} {
		if got := SearchText(in); got != want {
			t.Errorf("SearchText(%q) = %q, want %q", in, got, want)
		}
	}
}

// What is typed finds the text that it begins, however long that is and in
// whatever case.
func TestSearchTextKeepsPrefixes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.TrimSpace(rapid.StringN(0, 60, maxSearchText).Draw(t, "typed"))
		rest := rapid.String().Draw(t, "rest")
		whole := strings.ToUpper(typed) + rest
		if len(strings.Map(func(r rune) rune { return r }, strings.ToUpper(typed))) > maxSearchText {
			return
		}
		if got := SearchText(whole); !strings.HasPrefix(got, SearchText(typed)) || len(got) > maxSearchText || !utf8.ValidString(got) {
			t.Fatalf("%q is filed as %q, and searched for as %q", whole, got, SearchText(typed))
		}
	})
}

func TestCheckSearch(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a\x00", "\xff", "a\nb", strings.Repeat("a", maxSearchText+1)} {
		if _, err := CheckSearch(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if got, err := CheckSearch(" Ada "); err != nil || got != "ada" {
		t.Errorf("got %q, %v", got, err)
	}
}
