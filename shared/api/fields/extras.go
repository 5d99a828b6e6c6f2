package fields

import (
	"encoding/json"
	"maps"

	"windfall/shared/api"
)

// Ignored is a field that official clients send and that has no effect here:
// they use it themselves, or only display it.
type Ignored struct{}

func (*Ignored) UnmarshalJSON([]byte) error { return nil }

// Unset is a field of clients that this version does not support. Values that
// ask for nothing are accepted, any other is refused.
type Unset struct{}

func (*Unset) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null", "false", `""`, "[]", "{}":
		return nil
	}
	return api.Invalid("not available in this version. Leave it out.")
}

// Nothing is Unset for a field with parts: it also takes an object whose parts all
// ask for nothing, such as {"limits": [], "paused": false}.
type Nothing struct{}

func (*Nothing) UnmarshalJSON(b []byte) error {
	var parts map[string]Unset
	if json.Unmarshal(b, &parts) == nil {
		return nil
	}
	return (*Unset)(nil).UnmarshalJSON(b)
}

// ObjectText is an object of the caller's own as it is kept: as text, with its keys in order, so that
// equal ones are equal; "" for an empty one, and nil for nil. A key that is null is none.
func ObjectText(in *map[string]any) (*string, error) {
	if in == nil {
		return nil, nil
	}
	known := maps.Clone(*in)
	maps.DeleteFunc(known, func(_ string, v any) bool { return v == nil })
	if len(known) == 0 {
		return new(string), nil
	}
	b, err := json.Marshal(known)
	text := string(b)
	return &text, err
}

// Currency is the code of a currency. null is none that is said; an empty text would
// be understood as that, too, by a caller who meant one.
type Currency string

func (c *Currency) UnmarshalJSON(b []byte) error {
	switch {
	case json.Unmarshal(b, (*string)(c)) != nil:
		return api.InvalidInputs("expected string or null.")
	case string(b) == `""`:
		return api.InvalidInputs("must not be empty. Leave it out, or pass in the code of a currency: three small letters.")
	}
	return nil
}

// Version is the version of a plan. There is none below 1, and 0 of a caller's means
// another one than the latest, which is what leaving it out means.
type Version int

func (v *Version) UnmarshalJSON(b []byte) error {
	switch err := json.Unmarshal(b, (*int)(v)); {
	case err != nil:
		return api.InvalidInputs("expected a whole number or null.")
	case *v < 1 && string(b) != "null":
		return api.InvalidInputs("a whole number from 1.")
	}
	return nil
}
