package api

import (
	"context"
	"encoding/json"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// Track serves POST /v1/track, which records the use of a feature, and two
// calls that set what is used or left.
func Track(a *app.App) *Function {
	handle := func(ctx context.Context, req Request) (any, error) { return track(ctx, a, req) }
	return function(a,
		route{"POST /v1/track", secret, handle, true},
		route{"POST /v1/events", secret, handle, true}, // its name in older SDKs
		route{"POST /v1/usage", secret, func(ctx context.Context, req Request) (any, error) { return setUsage(ctx, a, req) }, true},
		route{"POST /v1/customers/{customer_id}/balances", secret, func(ctx context.Context, req Request) (any, error) { return setBalances(ctx, a, req) }, true})
}

type trackRequest struct {
	CustomerID   string         `json:"customer_id"`
	CustomerData *customerData  `json:"customer_data"`
	FeatureID    string         `json:"feature_id"`
	EventName    string         `json:"event_name"`
	EntityID     string         `json:"entity_id"`
	Value        *number        `json:"value"`
	Properties   map[string]any `json:"properties"`
	RequestKey   string         `json:"idempotency_key"`
	Timestamp    *int64         `json:"timestamp"`        // ms
	Overage      string         `json:"overage_behavior"` // cap, or reject what can't be taken whole
}

type trackResponse struct {
	ID         string  `json:"id"`
	Code       string  `json:"code"`
	CustomerID string  `json:"customer_id"`
	EntityID   *string `json:"entity_id"`
	FeatureID  orNull  `json:"feature_id"`
	EventName  orNull  `json:"event_name"`
}

func track(ctx context.Context, a *app.App, req Request) (any, error) {
	in, err := decodeLenient[trackRequest](req)
	if err != nil {
		return nil, err
	}
	if err := in.check(req.Now); err != nil {
		return nil, err
	}
	value := billing.One
	if in.Value != nil {
		value = in.Value.Decimal
	}
	id, err := a.Track(ctx, req.Caller, app.TrackCommand{CustomerID: in.CustomerID, Data: in.CustomerData.data(),
		FeatureID: in.FeatureID, EventName: in.EventName, Value: value,
		Whole: in.Overage == "reject", RequestKey: in.RequestKey, At: in.at(), Properties: in.properties()})
	if err != nil {
		return nil, err
	}
	out := trackResponse{ID: id, Code: "event_received", CustomerID: in.CustomerID, FeatureID: orNull(in.FeatureID)}
	if in.FeatureID == "" {
		out.EventName = orNull(in.EventName)
	}
	return out, nil
}

// at is when it happened, zero when the caller does not say.
func (in trackRequest) at() time.Time {
	if in.Timestamp == nil {
		return time.Time{}
	}
	return time.UnixMilli(*in.Timestamp).UTC()
}

// properties is the JSON of what the caller says about the use, compact.
func (in trackRequest) properties() string {
	if len(in.Properties) == 0 {
		return ""
	}
	text, _ := json.Marshal(in.Properties) // read from JSON a moment ago: it can't fail
	return string(text)
}

func (in trackRequest) check(now time.Time) error {
	switch {
	case in.CustomerID == "":
		return billing.InvalidInputs("customer_id: required.")
	case in.FeatureID == "" && in.EventName == "":
		return billing.InvalidInputs("feature_id: required, or event_name.")
	case in.EntityID != "":
		return errEntityBalance
	case in.Overage != "" && in.Overage != "cap" && in.Overage != "reject":
		return billing.InvalidInputs("overage_behavior: cap or reject.")
	case len(in.RequestKey) > 255:
		return billing.InvalidInputs("idempotency_key: at most 255 characters.")
	case in.Timestamp != nil && (*in.Timestamp < now.AddDate(-2, 0, 0).UnixMilli() || *in.Timestamp > now.AddDate(0, 1, 0).UnixMilli()):
		return billing.InvalidInputs("timestamp: at most two years back and one month ahead, in milliseconds.")
	}
	return nil
}
