package catalog

import "strings"

// MaxCode is the longest code that is looked up. Our choice: more than anybody
// types.
const MaxCode = 64

// NormalCode is the one spelling of a code: codes are accepted in any case and
// stored in upper case. Only ASCII letters change, so that no two letters of
// other alphabets become one code.
func NormalCode(code string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, strings.TrimSpace(code))
}

// PossibleCode reports whether any code could be spelled like this: 1 to 64
// letters, digits, _ and -.
func PossibleCode(code string) bool {
	return code != "" && len(code) <= MaxCode && !strings.ContainsFunc(code, func(r rune) bool { return !IsSlugRune(r) })
}
