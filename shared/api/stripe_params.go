package api

import (
	"fmt"
	"net/url"
	"sort"
	"strings"
	"unicode"

	"windfall/shared/billing"
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

// flatten spells nested parameters as Stripe's form does: a[b][0].
func flatten(prefix string, v any, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			name := k
			if prefix != "" {
				name = prefix + "[" + k + "]"
			}
			flatten(name, v[k], out)
		}
	case []any:
		for i, e := range v {
			flatten(fmt.Sprintf("%s[%d]", prefix, i), e, out)
		}
	case nil:
	case string:
		out[prefix] = v
	default:
		b, _ := encode(v) // a number or a boolean of decoded JSON
		out[prefix] = string(b)
	}
}

// maxURL is the longest address that is passed on, in bytes.
const maxURL = 2047

// checkURL refuses an address that no page can lead to; "" is none.
func checkURL(field, address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
	case len(address) > maxURL:
		return billing.InvalidInputs("%s: at most %d bytes, got %d.", field, maxURL, len(address))
	case !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://"):
		return billing.InvalidInputs("%s: must begin with http:// or https://.", field)
	case err != nil || u.Host == "" || strings.ContainsFunc(address, unicode.IsSpace):
		return billing.InvalidInputs("%s: is no address that a page can lead to.", field)
	}
	return nil
}
