package v1

import "windfall/shared/api"

// ignored is a field that official clients send and that has no effect here:
// they use it themselves, or only display it.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// unset is a field of clients that this version does not support. Values that
// ask for nothing are accepted, any other is refused.
type unset struct{}

func (*unset) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null", "false", `""`, "[]", "{}":
		return nil
	}
	return api.Invalid("not available in this version. Leave it out.")
}

// uiExtras are the extra fields of the browser hooks.
type uiExtras struct {
	NewTab ignored `json:"open_in_new_tab"`
	Dialog ignored `json:"dialog"`
}
