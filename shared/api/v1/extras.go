package v1

import "windfall/shared/api"

// ignored is a field that official clients send and that changes nothing here:
// what they show of an answer, or keep for themselves.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// unset is a field that clients know and this version does not carry out. The
// values that ask for nothing are taken, any other is refused.
type unset struct{}

func (*unset) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null", "false", `""`, "[]", "{}":
		return nil
	}
	return api.Invalid("not available in this version. Leave it out.")
}

// uiExtras is what the hooks for browsers send along with a call.
type uiExtras struct {
	NewTab ignored `json:"open_in_new_tab"`
	Dialog ignored `json:"dialog"`
}
