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

// checkSuccessURL checks the page's way back, which may stand in one of two places.
func checkSuccessURL(address string, params map[string]any) error {
	if other, given := params["success_url"]; given && address != "" && other != address {
		return api.InvalidInputs("success_url: checkout_session_params.success_url is another address. Send one of them.")
	}
	return checkURL("success_url", address)
}
