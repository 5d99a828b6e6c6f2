package v1

import (
	"cmp"
	"context"
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
)

// Events serves usage events: lists of them, and sums.
func Events(a *app.App) api.Dialect {
	e := eventLists{a, false}
	return dialect(
		api.Route{Pattern: "POST /v1/events/list", Access: api.Secret, Handle: e.list, Replays: false},
		api.Route{Pattern: "POST /v1/events/aggregate", Access: api.Secret, Handle: e.aggregate, Replays: false},
		api.Route{Pattern: "POST /v1/query", Access: api.Secret, Handle: e.query, Replays: false})
}

type eventLists struct {
	app    *app.App
	strict bool // fields that it does not know are refused
}

type listRequest struct {
	CustomerID string           `json:"customer_id"`
	EntityID   string           `json:"entity_id"`
	FeatureID  fields.OneOrMore `json:"feature_id"`
	Range      *fields.Span     `json:"custom_range"`
	Cursor     string           `json:"cursor"`
	CursorOld  string           `json:"start_cursor"`
	Offset     int              `json:"offset"`
	Limit      *int             `json:"limit"`
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
		return 0, fields.ErrNoCustomer
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
	EntityID   *string         `json:"entity_id"` // null where the call named none
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
	from, to, err := in.Range.Times()
	if err != nil {
		return nil, err
	}
	found, next, err := e.app.UsageEvents(ctx, req.Caller, app.UsageCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Features: in.FeatureID,
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
		EntityID: fields.EntityID(u.EntityID), EventName: api.OrNull(u.Name), Value: api.NumberOf(u.Value), Properties: properties}
}
