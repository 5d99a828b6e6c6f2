package v1

import (
	"encoding/json"
	"strconv"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
)

type (
	ignored = fields.Ignored
	unset   = fields.Unset
)

// uiExtras are the extra fields of the browser hooks.
type uiExtras struct {
	NewTab ignored `json:"open_in_new_tab"`
	Dialog ignored `json:"dialog"`
}

// A limitField is a whole number above 0; null is no limit, and absent says
// nothing.
type limitField struct {
	given bool
	most  int
}

func (l *limitField) UnmarshalJSON(b []byte) error {
	l.given = true
	if string(b) == "null" {
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 1 {
		return api.InvalidInputs("expected a whole number from 1 to 2147483647, or null for no limit.")
	}
	l.most = int(n)
	return nil
}

// oneLimit is the limit that several spellings of one field give; nil if none is
// given.
func oneLimit(names string, spellings ...limitField) (*int, error) {
	var found *int
	for _, l := range spellings {
		switch {
		case !l.given:
		case found != nil && *found != l.most:
			return nil, api.InvalidInputs("%s: several spellings of one field have different values. Send one of them.", names)
		default:
			found = &l.most
		}
	}
	return found, nil
}

// A momentField is a time: milliseconds since 1970, seconds below 10^11, or RFC
// 3339; null is none, and absent says nothing.
type momentField struct {
	given bool
	at    time.Time
}

// secondsBelow separates seconds from milliseconds: as seconds it is the year 5138,
// as milliseconds March 1973.
const secondsBelow = 100_000_000_000

func (m *momentField) UnmarshalJSON(b []byte) error {
	m.given = true
	if string(b) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(b, &text) == nil {
		at, err := time.Parse(time.RFC3339, text)
		if m.at = at.UTC(); err == nil && at.Year() < 10000 && at.Unix() > 0 {
			return nil
		}
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n <= 0 || n > 253_402_300_799_999 {
		return api.InvalidInputs("expected a time in milliseconds since 1970, or like \"2027-04-01T00:00:00Z\", or null for none.")
	}
	if n < secondsBelow {
		n *= 1000
	}
	m.at = time.UnixMilli(n).UTC()
	return nil
}

// oneMoment is the time that several spellings of one field give; nil if none is
// given.
func oneMoment(names string, spellings ...momentField) (*time.Time, error) {
	var found *time.Time
	for _, m := range spellings {
		switch {
		case !m.given:
		case found != nil && !found.Equal(m.at):
			return nil, api.InvalidInputs("%s: several spellings of one field have different values. Send one of them.", names)
		default:
			found = &m.at
		}
	}
	return found, nil
}
