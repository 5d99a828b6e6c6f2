package v1

import (
	"net/url"
	"strings"
	"unicode"

	"windfall/shared/refusal"
)

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
