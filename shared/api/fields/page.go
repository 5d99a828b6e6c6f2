package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"windfall/shared/api"
)

// maxURL is the longest accepted URL, in bytes.
const maxURL = 2047

// CheckURL refuses a URL that a page can't lead to; "" is allowed.
func CheckURL(field, address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
	case len(address) > maxURL:
		return api.InvalidInputs("%s: at most %d bytes, got %d.", field, maxURL, len(address))
	case !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://"):
		return api.InvalidInputs("%s: must begin with http:// or https://.", field)
	case err != nil || u.Host == "" || strings.ContainsFunc(address, unicode.IsSpace):
		return api.InvalidInputs("%s: is no address that a page can lead to.", field)
	}
	return nil
}

// CheckSuccessURL checks the page's way back, which may stand in one of two places.
func CheckSuccessURL(address string, params map[string]any) error {
	if other, given := params["success_url"]; given && address != "" && other != address {
		return api.InvalidInputs("success_url: checkout_session_params.success_url is another address. Send one of them.")
	}
	return CheckURL("success_url", address)
}

// maxEntries limits the bytes of the entries on one page. Lambda answers at
// most 6 MB.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEntries = 4 << 20

// Entries is a page of a list while it is filled.
type Entries struct {
	list []json.RawMessage
	size int
}

// Len is the number of entries.
func (e *Entries) Len() int { return len(e.list) }

// Add appends an entry unless the page is full; the first one always fits.
func (e *Entries) Add(v any) (fits bool, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return false, fmt.Errorf("encode an entry: %w", err)
	}
	// A function's answer is JSON within JSON: all that JSON escapes in a text are these two, once it is JSON.
	quoted := len(text) + bytes.Count(text, []byte{'"'}) + bytes.Count(text, []byte{'\\'})
	if len(e.list) > 0 && e.size+quoted > maxEntries {
		return false, nil
	}
	e.list, e.size = append(e.list, text), e.size+quoted
	return true, nil
}

// MarshalJSON implements json.Marshaler: the list is never null.
func (e Entries) MarshalJSON() ([]byte, error) {
	if e.list == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(e.list)
}
