package fields

import "windfall/shared/api"

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
