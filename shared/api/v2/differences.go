package v2

import (
	"encoding/json"

	"windfall/shared/api"
)

// differences are the attributes of one answer that another has otherwise, with their
// values of before. after is nil for what is gone: then it is what named it.
func differences[T any](before T, after *T) map[string]any {
	was := attributes(before)
	if after == nil {
		return map[string]any{"id": was["id"], "name": was["name"]}
	}
	is, out := attributes(*after), map[string]any{}
	for key, value := range was {
		if string(is[key]) != string(value) {
			out[key] = value
		}
	}
	for key := range is {
		if _, there := was[key]; !there {
			out[key] = nil
		}
	}
	return out
}

// attributes are the fields of an answer as JSON.
func attributes(v any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	text, err := api.EncodeJSON(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		panic(err) // an answer is encoded and read
	}
	return out
}
