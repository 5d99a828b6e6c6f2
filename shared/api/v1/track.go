package v1

import (
	"context"
	"net/http"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Track serves POST /v1/track, which records the use of a feature, its batch, and two
// calls that set the usage or the balance.
func Track(a *app.App) api.Dialect {
	handle := func(ctx context.Context, req api.Request) (any, error) { return track(ctx, a, req) }
	return dialect(
		api.Route{Pattern: "POST /v1/track", Access: api.Secret, Handle: handle, Replays: true},
		api.Route{Pattern: "POST /v1/events", Access: api.Secret, Handle: handle, Replays: true}, // its name in older SDKs
		api.Route{Pattern: "POST /v1/balances.batch_track", Access: api.Secret, Handle: BatchTrack(a),
			Replays: true, Success: http.StatusAccepted},
		api.Route{Pattern: "POST /v1/usage", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) { return setUsage(ctx, a, req) }, Replays: true},
		api.Route{Pattern: "POST /v1/customers/{customer_id}/balances", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) { return setBalances(ctx, a, req) }, Replays: true})
}

type trackRequest struct {
	CustomerID   string             `json:"customer_id"`
	CustomerData *customerData      `json:"customer_data"`
	FeatureID    string             `json:"feature_id"`
	EventName    string             `json:"event_name"`
	EntityID     string             `json:"entity_id"`
	EntityData   *fields.EntityData `json:"entity_data"`
	Value        *api.Number        `json:"value"`
	Properties   fields.Properties  `json:"properties"`
	Lock         unset              `json:"lock" instead:"locks are of the second dialect: POST /v1/balances.track, without the header x-api-version or with 2.4.0."` // the second dialect has it
	RequestKey   string             `json:"idempotency_key"`
	Timestamp    *fields.Moment     `json:"timestamp"`        // ms
	Overage      string             `json:"overage_behavior"` // cap, or reject a use that does not fit whole
}

type trackResponse struct {
	ID         string  `json:"id"`
	Code       string  `json:"code"`
	CustomerID string  `json:"customer_id"`
	EntityID   *string `json:"entity_id"`
	FeatureID  *string `json:"feature_id"`
	EventName  *string `json:"event_name"` // only one of the two is told
	countedJSON
	Features []featureCounted `json:"features,omitempty"` // where several features count an event
}

// countedJSON is the outcome of a use. With several features it is that of the
// feature that dropped most, without a balance.
type countedJSON struct {
	Recorded api.Number  `json:"recorded"` // with dropped it adds up to the value
	Dropped  api.Number  `json:"dropped"`
	Balance  *api.Number `json:"balance"`                      // after it; null is unlimited, or not known
	PaidBy   string      `json:"balance_feature_id,omitempty"` // the balance that paid, if it is not the feature's own
}

type featureCounted struct {
	FeatureID string `json:"feature_id"`
	countedJSON
}

func countedOf(c entitlement.Counted) countedJSON {
	out := countedJSON{Recorded: api.NumberOf(c.Recorded), Dropped: api.NumberOf(c.Dropped), Balance: api.Optional(c.Left)}
	if c.PaidBy != c.FeatureID {
		out.PaidBy = c.PaidBy
	}
	return out
}

// count fills in the outcome of a use, from each feature that counts it.
func (out *trackResponse) count(all []entitlement.Counted) {
	out.countedJSON = countedOf(all[0])
	if len(all) == 1 {
		return
	}
	for _, c := range all {
		out.Features = append(out.Features, featureCounted{c.FeatureID, countedOf(c)})
		if c.Dropped.Abs().GreaterThan(out.Dropped.Abs()) {
			out.Recorded, out.Dropped = api.NumberOf(c.Recorded), api.NumberOf(c.Dropped)
		}
	}
	out.Balance, out.PaidBy = nil, ""
}

func track(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.DecodeLenient[trackRequest](req)
	if err != nil {
		return nil, err
	}
	if err := in.check(req.Now); err != nil {
		return nil, err
	}
	done, err := a.Track(ctx, req.Caller, in.command())
	if err != nil {
		return nil, err
	}
	out := trackResponse{ID: done.ID, Code: "event_received", CustomerID: in.CustomerID, EntityID: fields.EntityID(in.EntityID)}
	if in.FeatureID == "" {
		name := in.EventName
		out.EventName = &name
	} else {
		out.FeatureID = &done.Counted[0].FeatureID // in itself need not outlive the call
	}
	out.count(done.Counted)
	return out, nil
}

func (in trackRequest) command() app.TrackCommand {
	value := money.One
	if in.Value != nil {
		value = in.Value.Decimal
	}
	return app.TrackCommand{CustomerID: in.CustomerID, Data: in.CustomerData.Data(), EntityID: in.EntityID, EntityData: in.EntityData.Data(), FeatureID: in.FeatureID, EventName: in.EventName, Value: value,
		Whole: in.Overage == "reject", RequestKey: in.RequestKey, At: in.Timestamp.Time(), Properties: in.Properties.Text()}
}

func (in trackRequest) check(now time.Time) error {
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		return fields.ErrNoEntity
	case in.FeatureID == "" && in.EventName == "":
		return api.InvalidInputs("feature_id: required, or event_name.")
	case in.Overage != "" && in.Overage != "cap" && in.Overage != "reject":
		return api.InvalidInputs("overage_behavior: cap or reject.")
	case len(in.RequestKey) > 255:
		return api.InvalidInputs("idempotency_key: at most 255 bytes, got %d.", len(in.RequestKey))
	}
	return in.Timestamp.Check(now)
}
