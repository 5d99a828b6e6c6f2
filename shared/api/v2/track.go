package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Track serves balances.track, which records the use of a feature. batch is the
// handler of its batch, whose JSON is the same in both dialects.
func Track(a *app.App, batch func(context.Context, api.Request) (any, error)) api.Dialect {
	handle := func(ctx context.Context, req api.Request) (any, error) { return track(ctx, a, req) }
	batched := changes("POST /v1/balances.batch_track", "", batch)
	batched.Success = 202 // the SDK takes no other
	return dialect(changes("POST /v1/balances.track", "POST /v1/track", handle), changes("POST /v1/track", "", handle), batched)
}

type trackRequest struct {
	CustomerID string               `json:"customer_id"`
	Data       *fields.CustomerData `json:"customer_data"`
	FeatureID  string               `json:"feature_id"`
	EventName  string               `json:"event_name"`
	EntityID   string               `json:"entity_id"`
	EntityData *fields.EntityData   `json:"entity_data"`
	Value      *api.Number          `json:"value"`
	Properties fields.Properties    `json:"properties"`
	RequestKey string               `json:"idempotency_key"`
	Timestamp  *fields.Moment       `json:"timestamp"`
	Overage    string               `json:"overage_behavior"` // cap, or reject a use that does not fit whole
	Lock       *lockJSON            `json:"lock"`
	Async      *bool                `json:"async"` // the answer is the same
}

type trackResponse struct {
	CustomerID string                  `json:"customer_id"`
	EntityID   *string                 `json:"entity_id,omitempty"`
	EventName  string                  `json:"event_name,omitempty"`
	Value      api.Number              `json:"value"`
	Balance    *balanceJSON            `json:"balance"`            // after it; null where there is none, several, or it is not known without another request
	Balances   map[string]*balanceJSON `json:"balances,omitempty"` // where several features count an event
	Counted    []countedJSON           `json:"counted"`            // what became of the value, by feature
}

// countedJSON is the part of a use that a balance took, and the part that none had.
type countedJSON struct {
	FeatureID string     `json:"feature_id"`
	Recorded  api.Number `json:"recorded"`
	Dropped   api.Number `json:"dropped"`
	PaidBy    string     `json:"balance_feature_id"` // the balance that paid
}

func track(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.DecodeLenient[trackRequest](req)
	if err != nil {
		return nil, err
	}
	cmd, err := in.command(req)
	if err != nil {
		return nil, err
	}
	done, err := a.Track(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	out := trackResponse{CustomerID: in.CustomerID, EntityID: fields.EntityID(in.EntityID), EventName: in.EventName, Value: api.NumberOf(cmd.Value), Counted: []countedJSON{}}
	for _, c := range done.Counted {
		out.Counted = append(out.Counted, countedJSON{c.FeatureID, api.NumberOf(c.Recorded), api.NumberOf(c.Dropped), c.PaidBy})
		after, err := balanceAfter(ctx, a, req, c)
		if err != nil {
			return nil, err
		}
		if len(done.Counted) == 1 {
			out.Balance = after
			break
		}
		if out.Balances == nil {
			out.Balances = map[string]*balanceJSON{}
		}
		out.Balances[c.FeatureID] = after
	}
	return out, nil
}

// balanceAfter is the balance after a use, nil if the customer has none or it is not
// known.
func balanceAfter(ctx context.Context, a *app.App, req api.Request, c entitlement.Counted) (*balanceJSON, error) {
	if c.Balance == nil || !c.Balance.Has(req.Now) {
		return nil, nil
	}
	return oneBalance(ctx, a, req, *c.Balance)
}

func (in trackRequest) command(req api.Request) (cmd app.TrackCommand, err error) {
	switch {
	case in.CustomerID == "":
		err = fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		err = fields.ErrNoEntity
	case in.FeatureID == "" && in.EventName == "":
		err = api.InvalidInputs("feature_id: required, or event_name.")
	case in.FeatureID != "" && in.EventName != "":
		err = api.InvalidInputs("feature_id and event_name: send one of them.")
	case in.Overage != "" && in.Overage != "cap" && in.Overage != "reject":
		err = api.InvalidInputs("overage_behavior: cap or reject. What no balance has is never owed: give the plan's item a usage-based price for that.")
	case len(in.RequestKey) > 255:
		err = api.InvalidInputs("idempotency_key: at most 255 bytes, got %d.", len(in.RequestKey))
	default:
		err = in.Timestamp.Check(req.Now)
	}
	if err != nil {
		return cmd, err
	}
	lock, err := in.Lock.terms(req)
	if err == nil && lock != nil && in.RequestKey != "" {
		err = api.InvalidInputs("idempotency_key: a lock counts once by its lock_id. Leave the key out.")
	}
	if err != nil {
		return cmd, err
	}
	value := money.One
	if in.Value != nil {
		value = in.Value.Decimal
	}
	return app.TrackCommand{CustomerID: in.CustomerID, Data: in.Data.Data(), EntityID: in.EntityID, EntityData: in.EntityData.Data(), FeatureID: in.FeatureID, EventName: in.EventName, Value: value,
		Whole: in.Overage == "reject", RequestKey: in.RequestKey, At: in.Timestamp.Time(), Properties: in.Properties.Text(), Lock: lock}, nil
}
