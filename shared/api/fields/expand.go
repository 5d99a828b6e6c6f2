package fields

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"windfall/shared/api"
)

// Expand names what an answer shall hold more of: a list of names, or one text
// with commas.
type Expand []string

func (e *Expand) UnmarshalJSON(b []byte) error {
	var one string
	var names []*string
	if json.Unmarshal(b, &names) == nil && !slices.Contains(names, nil) {
		return json.Unmarshal(b, (*[]string)(e))
	}
	if json.Unmarshal(b, &one) != nil {
		return api.InvalidInputs("expected a list of names, or one text with commas.")
	}
	*e = Expand{one}
	return nil
}

// instead says what has the answer of an option that is not known here.
var instead = map[string]string{
	"invoice_previews": " What a subscription is billed next is the next_cycle of billing.preview_update, with its plan_id and nothing else.",
}

// Names are those of the body and of the URL, ?expand=a,b or ?expand[]=a. One that
// is not known is refused, and one that shows too much for a publishable key.
func (e Expand) Names(req api.Request, known []string) ([]string, error) {
	var out []string
	query := req.URL.Query()
	for _, text := range slices.Concat(query["expand"], query["expand[]"], e) {
		for _, name := range strings.Split(text, ",") {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			if !slices.Contains(known, name) {
				return nil, &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_expand", Message: "Invalid expand option: " + name + "." + instead[name]}
			}
			if name == "payment_method" && req.Publishable {
				return nil, api.ErrNotPublic // a publishable key is public, so it never sees cards
			}
			out = append(out, name)
		}
	}
	return out, nil
}
