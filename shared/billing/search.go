package billing

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"windfall/shared/refusal"
)

// maxSearchText is the number of bytes of a text that a search covers. A customer's
// id has at most 255; the rest of a longer name or address is not found.
const maxSearchText = 256

// SearchText is the form under which a text is found from its beginning, in
// any case. It keeps prefixes: where a text begins with another, so do their
// forms.
func SearchText(s string) string {
	s = strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, strings.TrimSpace(s))
	if len(s) <= maxSearchText {
		return s
	}
	end := maxSearchText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// CheckSearch reads the beginning of an id, an e-mail address or a name. ""
// searches for nothing.
func CheckSearch(s string) (string, error) {
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", refusal.Invalid(ReasonSearchForm)
	case len(s) > maxSearchText:
		return "", refusal.Invalid(ReasonSearchTooLong, maxSearchText, len(s))
	}
	return SearchText(s), nil
}
