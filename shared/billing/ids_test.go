package billing

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
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
		{"three dots", "...", true, true},
		{"255 bytes", strings.Repeat("a", 255), true, true},
		{"256 bytes", strings.Repeat("a", 256), false, false},
		{"255 characters of more bytes", strings.Repeat("ä", 255), false, false},
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
		{"a soft hyphen", "a\u00adb", false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code := map[bool]string{false: "invalid_request", true: ""}
			wantCode(t, CheckNewCustomerID(tt.id), code[tt.new])
			wantCode(t, CheckCustomerID(tt.id), code[tt.known])
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
