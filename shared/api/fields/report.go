package fields

import (
	"encoding/json"
	"time"

	"windfall/shared/api"
)

// OneOrMore is a text or a list of texts.
type OneOrMore []string

func (o *OneOrMore) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = nil
		if one != "" {
			*o = OneOrMore{one}
		}
		return nil
	}
	var more []string
	if json.Unmarshal(b, &more) != nil || len(more) > maxFeatures {
		return api.InvalidInputs("expected string or array of at most %d strings.", maxFeatures)
	}
	*o = more
	return nil
}

// maxFeatures is the most features that a report may name.
const maxFeatures = 100

// A Span is a range of time in milliseconds; absent ends are open.
type Span struct {
	Start *int64 `json:"start"`
	End   *int64 `json:"end"`
}

// Times returns the range. Milliseconds that are not a date are refused.
func (s *Span) Times() (from, to time.Time, err error) {
	if s == nil {
		return from, to, nil
	}
	if from, err = moment("custom_range.start", s.Start); err != nil {
		return from, to, err
	}
	if to, err = moment("custom_range.end", s.End); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, api.InvalidInputs("custom_range: must end after it begins.")
	}
	return from, to, nil
}

// lastMoment is the end of the year 9999 in milliseconds: the table's keys have
// room for no more digits.
const lastMoment = 253_402_300_799_999

// moment converts milliseconds since 1970; nil and 0 are the zero time.
func moment(field string, ms *int64) (time.Time, error) {
	switch {
	case ms == nil || *ms == 0:
		return time.Time{}, nil
	case *ms < 0 || *ms > lastMoment:
		return time.Time{}, api.InvalidInputs("%s: milliseconds since 1970, up to the year 9999.", field)
	}
	return time.UnixMilli(*ms).UTC(), nil
}
