package api

import (
	"encoding/json"

	"windfall/shared/billing"
)

// texts keeps metadata as Stripe takes it: text values.
func texts(m map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if s, ok := v.(string); ok {
			out[k] = s
		} else if b, err := json.Marshal(v); err == nil {
			out[k] = string(b)
		}
	}
	return out
}

func httpURL(s string) bool { return s == "" || billing.IsWebAddress(s) }
