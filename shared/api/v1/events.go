package v1

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/entitlement"
)

// Events serves usage events: lists of them, and sums.
func Events(a *app.App) api.Dialect {
	e := eventLists{a}
	return dialect(
		api.Route{Pattern: "POST /v1/events/list", Access: api.Secret, Handle: e.list, Replays: false},
		api.Route{Pattern: "POST /v1/events/aggregate", Access: api.Secret, Handle: e.aggregate, Replays: false},
		api.Route{Pattern: "POST /v1/query", Access: api.Secret, Handle: e.query, Replays: false})
}

type eventLists struct{ app *app.App }

// oneOrMore is a text or a list of texts.
type oneOrMore []string

func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = nil
		if one != "" {
			*o = oneOrMore{one}
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

// span is a range of time in milliseconds; absent ends are open.
type span struct {
	Start *int64 `json:"start"`
	End   *int64 `json:"end"`
}

// times returns the range. Milliseconds that are not a date are refused.
func (s *span) times() (from, to time.Time, err error) {
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

type listRequest struct {
	CustomerID string    `json:"customer_id"`
	FeatureID  oneOrMore `json:"feature_id"`
	Range      *span     `json:"custom_range"`
	Cursor     string    `json:"cursor"`
	CursorOld  string    `json:"start_cursor"`
	Offset     int       `json:"offset"`
	Limit      *int      `json:"limit"`
}

// The sizes of a page.
const (
	usualEvents = 100
	maxEvents   = 1000
	maxOffset   = 10_000
)

func (in listRequest) limit() (int, error) {
	limit := usualEvents
	if in.Limit != nil {
		limit = *in.Limit
	}
	switch {
	case in.CustomerID == "":
		return 0, api.InvalidInputs("customer_id: required.")
	case limit < 1 || limit > maxEvents:
		return 0, api.InvalidInputs("limit: 1 to %d.", maxEvents)
	case in.Cursor != "" && in.CursorOld != "" && in.Cursor != in.CursorOld:
		return 0, api.InvalidInputs("cursor: start_cursor is another one. Send one of them.")
	case in.Offset < 0 || in.Offset > maxOffset:
		return 0, api.InvalidInputs("offset: 0 to %d; use next_cursor to go further.", maxOffset)
	}
	return limit, nil
}

type eventJSON struct {
	ID         string          `json:"id"`
	Timestamp  int64           `json:"timestamp"`
	FeatureID  string          `json:"feature_id"`
	CustomerID string          `json:"customer_id"`
	EventName  api.OrNull      `json:"event_name"`
	Value      api.Number      `json:"value"`
	Properties json.RawMessage `json:"properties"`
}

type eventsJSON struct {
	List       []eventJSON `json:"list"`
	HasMore    bool        `json:"has_more"`
	Total      int         `json:"total"` // on this page
	Offset     int         `json:"offset"`
	Limit      int         `json:"limit"`
	NextCursor api.OrNull  `json:"next_cursor"`
}

func (e eventLists) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.DecodeLenient[listRequest](req)
	if err != nil {
		return nil, err
	}
	limit, err := in.limit()
	if err != nil {
		return nil, err
	}
	from, to, err := in.Range.times()
	if err != nil {
		return nil, err
	}
	found, next, err := e.app.UsageEvents(ctx, req.Caller, app.UsageCommand{CustomerID: in.CustomerID, Features: in.FeatureID,
		From: from, To: to, Cursor: cmp.Or(in.Cursor, in.CursorOld), Limit: in.Offset + limit})
	if err != nil {
		return nil, err
	}
	found = found[min(in.Offset, len(found)):]
	out := eventsJSON{List: []eventJSON{}, HasMore: next != "", Total: len(found), Offset: in.Offset, Limit: limit, NextCursor: api.OrNull(next)}
	for _, u := range found {
		out.List = append(out.List, eventOf(u))
	}
	return out, nil
}

func eventOf(u entitlement.UsageEvent) eventJSON {
	properties := json.RawMessage("{}")
	if u.Properties != "" {
		properties = json.RawMessage(u.Properties)
	}
	return eventJSON{ID: u.ID, Timestamp: u.At.UnixMilli(), FeatureID: u.FeatureID, CustomerID: u.CustomerID,
		EventName: api.OrNull(u.Name), Value: api.NumberOf(u.Value), Properties: properties}
}
