package billing

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
	"windfall/shared/refusal"
)

// A Customer is a person or company that the application bills.
type Customer struct {
	ID          string // the application's own id; "" until one is claimed
	InternalID  string // ours, never changes: "cus_…"
	Name        string
	Email       string
	Fingerprint string // a device; guards trials and referrals
	Metadata    map[string]any
	StripeID    string // "" until the first billing call
	Receipts    bool   // send_email_receipts
	CreatedAt   time.Time
	TrialsUsed  map[string]time.Time // product id -> when the trial began

	Version          int64  // counts the saves; guards every change
	PendingOperation string // id of the money command in flight, or ""
}

// Key is what the customer's rows are filed under: the application's id, or
// ours while there is none.
func (c Customer) Key() string {
	if c.ID != "" {
		return c.ID
	}
	return c.InternalID
}

// CustomerData is what an application says about a customer beside its id.
type CustomerData struct {
	Name        string
	Email       string
	Fingerprint string
	Metadata    map[string]any
}

// FillBlanks takes over what is still unknown and reports whether anything
// changed. What is known stays: a call that only means to check or track must
// not overwrite a customer.
func (c *Customer) FillBlanks(d CustomerData) bool {
	changed := false
	for _, f := range []struct {
		field *string
		value string
	}{{&c.Name, d.Name}, {&c.Email, d.Email}, {&c.Fingerprint, d.Fingerprint}} {
		if *f.field == "" && f.value != "" {
			*f.field, changed = f.value, true
		}
	}
	if len(c.Metadata) == 0 && len(d.Metadata) > 0 {
		c.Metadata, changed = d.Metadata, true
	}
	return changed
}

// EmailKey is the form under which an e-mail address is looked up.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Given reports whether anything is said at all.
func (d CustomerData) Given() bool {
	return d.Name != "" || d.Email != "" || d.Fingerprint != "" || len(d.Metadata) > 0
}

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
