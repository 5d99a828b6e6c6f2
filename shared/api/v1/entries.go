package v1

import (
	"encoding/json"
	"fmt"
)

// maxEntries limits the bytes of the entries on one page. Lambda answers at
// most 6 MB.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEntries = 4 << 20

// entries is a page of a list while it is filled.
type entries struct {
	list []json.RawMessage
	size int
}

// add appends an entry unless the page is full; the first one always fits.
func (e *entries) add(v any) (fits bool, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return false, fmt.Errorf("encode an entry: %w", err)
	}
	// A function's answer is JSON within JSON.
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return false, fmt.Errorf("encode an entry: %w", err)
	}
	if len(e.list) > 0 && e.size+len(quoted) > maxEntries {
		return false, nil
	}
	e.list, e.size = append(e.list, text), e.size+len(quoted)
	return true, nil
}

// MarshalJSON implements json.Marshaler: the list is never null.
func (e entries) MarshalJSON() ([]byte, error) {
	if e.list == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(e.list)
}
