package control

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// form encodes JSON as Stripe's forms do: a[b][0]=c. It refuses values that a
// form would lose or change.
func form(prefix string, v any, out url.Values) error {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if k == "" || strings.ContainsAny(k, "[]") {
				return invalid(fmt.Sprintf("%q: not the name of a parameter. Nest objects and lists as JSON does.", k))
			}
			if prefix != "" {
				k = prefix + "[" + k + "]"
			}
			if err := form(k, e, out); err != nil {
				return err
			}
		}
		return empty(prefix, "object", len(v))
	case []any:
		for i, e := range v {
			if err := form(fmt.Sprintf("%s[%d]", prefix, i), e, out); err != nil {
				return err
			}
		}
		return empty(prefix, "array", len(v))
	case nil:
		out.Set(prefix, "")
	case string:
		out.Set(prefix, v)
	default:
		b, _ := json.Marshal(v) // numbers and booleans always encode
		out.Set(prefix, string(b))
	}
	return nil
}

// empty refuses an empty value, which a form can't hold; the body itself may be.
func empty(prefix, what string, n int) error {
	if n > 0 || prefix == "" {
		return nil
	}
	return invalid(fmt.Sprintf(`%s: an empty %s would be lost. Leave it out, or send "" to clear it.`, prefix, what))
}
