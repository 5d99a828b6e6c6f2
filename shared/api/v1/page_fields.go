package v1

import (
	"net/url"
	"strings"
	"unicode"

	"windfall/shared/api"
)

// maxURL is the longest accepted URL, in bytes.
const maxURL = 2047

// checkURL refuses a URL that a page can't lead to; "" is allowed.
func checkURL(field, address string) error {
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
