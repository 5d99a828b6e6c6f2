package billing

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"windfall/shared/refusal"
)

func TestCheckNewCustomerID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, id string
		new      bool // may be made …
		known    bool // … or asked for
	}{
		{"one character", "c", true, true},
		{"an e-mail address", "jo+test@x.io", true, true},
		{"hashes and spaces", "a#b c", true, true},
		{"another script", "客户-1", true, true},
		{"an emoji of several", "👩\u200d👧", true, true},
		{"an emoji form and a keycap", "❤\ufe0f 1\ufe0f\u20e3", true, true},
		{"the flag of Wales", "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", true, true},
		{"a heart on fire", "❤\ufe0f\u200d🔥", true, true},
		{"a word that a joiner spells", "क्\u200dष می\u200cخواهم", true, true},
		{"three dots", "...", true, true},
		{"255 bytes", strings.Repeat("a", 255), true, true},
		{"256 bytes", strings.Repeat("a", 256), false, false},
		{"255 characters of more bytes", strings.Repeat("ä", 255), false, false},
		{"the form of an internal id", "cus_01KAZ0000000000000000000AB", false, true},
		{"an id of Stripe's", "cus_NffrFeUfNV2Hib", true, true},
		{"nothing", "", false, false},
		{"bytes that are no text", "a\xffb", false, false},
		{"half a surrogate pair in UTF-8", "a\xed\xa0\x80b", false, false},
		{"a slash", "a/b", false, true},
		{"a backslash", `a\b`, false, true},
		{"a question mark", "a?b", false, true},
		{"a percent sign", "100%", false, true},
		{"a dot", ".", false, true},
		{"two dots", "..", false, true},
		{"a line break", "a\nb", false, true},
		{"a zero byte", "a\x00b", false, true},
		{"a control character of Latin-1", "a\u0085b", false, true},
		{"a line separator", "a\u2028b", false, true},
		{"the replacement character", "a\ufffdb", false, true},
		{"a space before", " a", false, true},
		{"a no-break space behind", "a\u00a0", false, true},
		{"from right to left", "a\u202eb", false, true},
		{"a space of no width", "a\u200bb", false, true},
		{"a byte order mark", "\ufeffa", false, true},
		{"a joiner alone", "\u200d", false, true},
		{"a joiner at the end", "客\u200d", false, true},
		{"a joiner between Latin letters", "a\u200db", false, true},
		{"two joiners", "客\u200d\u200d户", false, true},
		{"a filler of Hangul", "\u3164", false, true},
		{"a choseong filler", "a\u115f", false, true},
		{"a half-width filler", "a\uffa0", false, true},
		{"a braille pattern of no dots", "\u2800", false, true},
		{"an emoji form of a letter", "a\ufe0f", false, true},
		{"a form of text", "❤\ufe0e", false, true},
		{"a rare form", "葛\U000e0100", false, true},
		{"a grapheme joiner", "a\u034fb", false, true},
		{"a tag", "a\U000e0041", false, true},
		{"a tag behind the end of a flag", "\U0001f3f4\U000e007f\U000e0041", false, true},
		{"an inherent vowel", "ក\u17b4", false, true},
		{"a noncharacter", "a\ufffe", false, true},
		{"a private character", "a\ue000", false, true},
		{"a character that is not assigned", "a\u0378", false, true},
		{"a soft hyphen", "a\u00adb", false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for what, check := range map[string]struct {
				err error
				ok  bool
			}{"a new customer": {CheckNewCustomerID(tt.id), tt.new}, "a known one": {CheckCustomerID(tt.id), tt.known}} {
				var refused *refusal.Error
				if errors.As(check.err, &refused) == check.ok || refused != nil && refused.Kind != refusal.KindInvalid {
					t.Errorf("%s: %v", what, check.err)
				}
			}
		})
	}
}

// Decoding an id in a path once more than needed, or cutting the path at "?",
// never makes another id of it.
func TestANewCustomerIDSurvivesAnyPath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringN(1, 40, 255).Draw(t, "id")
		if CheckNewCustomerID(id) != nil {
			return
		}
		once, err := url.PathUnescape(id)
		cut, _, _ := strings.Cut(id, "?")
		if err != nil || once != id || cut != id || !utf8.ValidString(id) || strings.ContainsAny(id, `/\`) {
			t.Fatalf("%q may be made and does not survive: %q, %q, %v", id, once, cut, err)
		}
	})
}
