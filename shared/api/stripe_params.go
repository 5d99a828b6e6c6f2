package api

import (
	"net/url"
	"strings"
	"unicode"

	"windfall/shared/refusal"
)

// texts keeps metadata as Stripe takes it: text values.
func texts(m map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if s, ok := v.(string); ok {
			out[k] = s
		} else if b, err := encode(v); err == nil {
			out[k] = string(b)
		}
	}
	return out
}

// maxURL is the longest address that is passed on, in bytes.
const maxURL = 2047

// checkURL refuses an address that no page can lead to; "" is none.
func checkURL(field, address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
	case len(address) > maxURL:
		return refusal.InvalidInputs("%s: at most %d bytes, got %d.", field, maxURL, len(address))
	case !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://"):
		return refusal.InvalidInputs("%s: must begin with http:// or https://.", field)
	case err != nil || u.Host == "" || strings.ContainsFunc(address, unicode.IsSpace):
		return refusal.InvalidInputs("%s: is no address that a page can lead to.", field)
	}
	return nil
}
