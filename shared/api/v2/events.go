package v2

import (
	"cmp"
	"context"
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
)

// Events serves events.list and events.aggregate, and the two REST paths of the command
// line, which ignore extras as in the first dialect. aggregate makes a handler of sums,
// whose JSON is the same in both dialects.
func Events(a *app.App, aggregate func(a *app.App, strict bool) func(context.Context, api.Request) (any, error)) api.Dialect {
	return dialect(
		reads("POST /v1/events.list", "POST /v1/events/list", listEvents(a, api.Decode[eventsRequest])),
		reads("POST /v1/events.aggregate", "POST /v1/events/aggregate", aggregate(a, true)),
		reads("POST /v1/events/list", "", listEvents(a, api.DecodeLenient[eventsRequest])),
		reads("POST /v1/events/aggregate", "", aggregate(a, false)))
}

// The sizes of a page. With cursors it may be shorter than its limit.
const (
	mostEvents  = 1000
	mostSkipped = 10_000
)

type eventsRequest struct {
	Cursor     string           `json:"start_cursor"`
	Offset     *int             `json:"offset"`
	Limit      *int             `json:"limit"`
	CustomerID string           `json:"customer_id"`
	EntityID   string           `json:"entity_id"`
	FeatureID  fields.OneOrMore `json:"feature_id"`
	Range      *fields.Span     `json:"custom_range"`
}

// An eventJSON is a use of a feature.
type eventJSON struct {
	ID         string          `json:"id"`
	Timestamp  int64           `json:"timestamp"`
	FeatureID  string          `json:"feature_id"`
	CustomerID string          `json:"customer_id"`
	EntityID   *string         `json:"entity_id"` // null where the call named none
	EventName  api.OrNull      `json:"event_name"`
	Value      api.Number      `json:"value"`
	Properties json.RawMessage `json:"properties"`
	Deductions *struct{}       `json:"deductions"` // always null: which balance paid is not kept
}

func listEvents(a *app.App, decode func(api.Request) (eventsRequest, error)) handler {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := decode(req)
		if err != nil {
			return nil, err
		}
		return eventsPage(ctx, a, req, in)
	}
}

func eventsPage(ctx context.Context, a *app.App, req api.Request, in eventsRequest) (any, error) {
	cmd, skipped, err := in.command(req.Version)
	if err != nil {
		return nil, err
	}
	found, next, err := a.UsageEvents(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	found = found[min(skipped, len(found)):]
	var entries fields.Entries
	for _, e := range found {
		if _, err := entries.Add(eventOf(e)); err != nil {
			return nil, err
		}
	}
	if req.Version.AtLeast(withCursors) {
		return cursorPage{entries, api.OrNull(next)}, nil
	}
	out := offsetPage{List: entries, More: next != "", Limit: cmd.Limit - skipped, Offset: skipped}
	if total := skipped + len(found); !out.More {
		out.Total = &total
	}
	return out, nil
}

func (in eventsRequest) command(v api.Version) (cmd app.UsageCommand, skipped int, err error) {
	cmd = app.UsageCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Features: in.FeatureID, Cursor: in.Cursor}
	if cmd.From, cmd.To, err = in.Range.Times(); err != nil {
		return cmd, 0, err
	}
	if in.CustomerID == "" {
		return cmd, 0, api.InvalidInputs("customer_id: required: events are listed customer by customer.")
	}
	page := paged{in.Cursor, in.Offset, in.Limit}
	limit, skipped, err := page.of(v, pageSizes{usual: 50, most: 5000, usualOffset: 100, mostOffset: mostEvents, skip: mostSkipped})
	cmd.Limit = skipped + min(limit, mostEvents)
	return cmd, skipped, err
}

func eventOf(u entitlement.UsageEvent) eventJSON {
	return eventJSON{ID: u.ID, Timestamp: u.At.UnixMilli(), FeatureID: u.FeatureID, CustomerID: u.CustomerID, EntityID: fields.EntityID(u.EntityID), EventName: api.OrNull(u.Name),
		Value: api.NumberOf(u.Value), Properties: json.RawMessage(cmp.Or(u.Properties, "{}"))}
}
