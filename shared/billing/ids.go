package billing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCustomerID is the longest customer id in bytes; it is part of keys.
const maxCustomerID = 255

// CheckCustomerID returns an error for an id that nobody can have. It is the
// rule for calls that name a customer, and wider than that for a new one: a
// customer made under an older rule is still checked, tracked and billed.
func CheckCustomerID(id string) error {
	switch {
	case id == "":
		return Invalid("`customer_id` is required.")
	case len(id) > maxCustomerID:
		return Invalid("A customer id has at most %d bytes; this one has %d.", maxCustomerID, len(id))
	case !utf8.ValidString(id):
		return Invalid("A customer id must be valid UTF-8.")
	}
	return nil
}

// CheckNewCustomerID returns an error for an id that no customer can be given,
// however it comes in: created, made by a first check, track or attach,
// claimed, or renamed.
//
// An id has to come back through a path unchanged and mean one customer only.
// HTTP APIs decode a path twice and cut it at "?", so "a%62" would be "ab" and
// "a?b" would be "a". Spaces at an end and characters that nothing shows make
// two ids look like one. The joiners U+200C and U+200D stay: words and emoji
// are spelled with them. Ids are compared byte by byte and never normalised:
// a letter with an accent in one character and in two are two ids.
//
// Ids of the catalog (features, products, rewards, referral programs) and
// promotion codes follow a narrower rule, see slugProblem and PossibleCode.
func CheckNewCustomerID(id string) error {
	if err := CheckCustomerID(id); err != nil {
		return err
	}
	switch {
	case id == "." || id == "..":
		return Invalid("A customer id can't be %q: it would mean another path.", id)
	case strings.TrimSpace(id) != id:
		return Invalid("A customer id can't begin or end with a space.")
	}
	if at := strings.IndexFunc(id, func(r rune) bool { return notInID(r) != "" }); at >= 0 {
		r, _ := utf8.DecodeRuneInString(id[at:])
		return Invalid("A customer id can't hold %s.", notInID(r))
	}
	return nil
}

// notInID says what is wrong with a character of an id; it is "" for a good one.
func notInID(r rune) string {
	switch {
	case r == '/':
		return "a slash"
	case r == '\\':
		return "a backslash"
	case r == '?':
		return "a question mark: a path ends there"
	case r == '%':
		return "a percent sign: it is decoded in a path"
	case r == utf8.RuneError:
		return "the replacement character U+FFFD, which stands for text that was not valid"
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return "control characters"
	case unseen(r):
		return "characters that nothing shows, such as U+200B or marks of direction"
	}
	return ""
}

// unseen reports whether a character has no look of its own but may change that
// of others. Letters and emoji need the two joiners, and flags need tags.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' && (r < 0xe0020 || r > 0xe007f)
}
