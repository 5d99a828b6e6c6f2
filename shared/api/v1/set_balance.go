package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

type usageRequest struct {
	CustomerID string      `json:"customer_id"`
	FeatureID  string      `json:"feature_id"`
	EntityID   string      `json:"entity_id"`
	Value      *api.Number `json:"value"`

	CustomerData *customerData `json:"customer_data"`
	EntityData   unset         `json:"entity_data"`
}

type successResponse struct {
	Success bool `json:"success"`
}

// usageResponse has the amounts where not all of the usage could be set, in the
// words of track.
type usageResponse struct {
	successResponse
	Code       string `json:"code"`
	CustomerID string `json:"customer_id"`
	FeatureID  string `json:"feature_id"`

	Recorded *api.Number `json:"recorded,omitempty"`
	Dropped  *api.Number `json:"dropped,omitempty"`
}

// setUsage serves POST /v1/usage: it sets the usage.
func setUsage(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.Decode[usageRequest](req)
	if err != nil {
		return nil, err
	}
	return in.set(ctx, a, req)
}

func (in usageRequest) set(ctx context.Context, a *app.App, req api.Request) (any, error) {
	switch {
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	case in.FeatureID == "":
		return nil, api.InvalidInputs("feature_id: required.")
	case in.Value == nil:
		return nil, api.InvalidInputs("value: required, a number of 0 or more.")
	}
	dropped, err := a.SetUsage(ctx, req.Caller, in.CustomerID, in.CustomerData.Data(), in.EntityID, in.FeatureID, in.Value.Decimal)
	if err != nil {
		return nil, err
	}
	out := usageResponse{successResponse: successResponse{true}, Code: "event_received", CustomerID: in.CustomerID, FeatureID: in.FeatureID}
	if !dropped.IsZero() {
		recorded := in.Value.Sub(dropped)
		out.Recorded, out.Dropped = api.Optional(&recorded), api.Optional(&dropped)
	}
	return out, nil
}

// maxSets leaves room for the rows of all in one transaction.
const maxSets = 50

// balancesRequest has a list, or as autumn-py's features.set_usage sends it, the usage of
// one feature.
type balancesRequest struct {
	Balances  []balanceSetJSON `json:"balances"`
	FeatureID string           `json:"feature_id"`
	Value     *api.Number      `json:"value"`
}

type balanceSetJSON struct {
	FeatureID string      `json:"feature_id"`
	EntityID  string      `json:"entity_id"`
	Balance   *api.Number `json:"balance"`
	Unlimited bool        `json:"unlimited"`
	Interval  *string     `json:"interval"` // "lifetime" never resets
	Count     int         `json:"interval_count"`
	Required  unset       `json:"required_balance"` // autumn-py sends its null
}

// setBalances serves POST /v1/customers/{customer_id}/balances: it sets the
// remaining balances, all or none, or the usage of one feature.
func setBalances(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.Decode[balancesRequest](req)
	if err != nil {
		return nil, err
	}
	if in.FeatureID != "" || in.Value != nil {
		if in.Balances != nil {
			return nil, api.Invalid("balances: it sets what is left, and value what is used. Send one of them.")
		}
		return usageRequest{CustomerID: req.PathValue("customer_id"), FeatureID: in.FeatureID, Value: in.Value}.set(ctx, a, req)
	}
	if len(in.Balances) == 0 || len(in.Balances) > maxSets {
		return nil, api.Invalid("balances: a list of 1 to %d features with what is left of each.", maxSets)
	}
	var sets []entitlement.SetBalance
	for n, b := range in.Balances {
		switch {
		case b.FeatureID == "":
			return nil, api.Invalid("balances[%d].feature_id: required.", n)
		case b.Unlimited == (b.Balance != nil):
			return nil, api.Invalid("balances[%d]: give a balance or unlimited: true.", n)
		case b.Count < 0:
			return nil, api.Invalid("balances[%d].interval_count: 1 or more.", n)
		case b.Count != 0 && (b.Interval == nil || *b.Interval == "lifetime"):
			return nil, api.Invalid("balances[%d].interval_count: it counts intervals, and there is none. Give the interval, or leave it out.", n)
		}
		set := entitlement.SetBalance{FeatureID: b.FeatureID, EntityID: b.EntityID, Unlimited: b.Unlimited}
		if b.Balance != nil {
			set.Left = b.Balance.Decimal
		}
		if b.Interval != nil {
			set.Cycle = &money.Cycle{Interval: money.Interval(*b.Interval), Count: b.Count}
			if *b.Interval == "lifetime" {
				set.Cycle = &money.Cycle{}
			}
		}
		for before, other := range sets {
			if set.Overlaps(other) {
				return nil, api.Invalid("balances[%d]: it sets what balances[%d] sets, feature %.80q. Send one of them, or an interval with each.", n, before, b.FeatureID)
			}
		}
		sets = append(sets, set)
	}
	if err := a.SetBalances(ctx, req.Caller, req.PathValue("customer_id"), sets); err != nil {
		return nil, err
	}
	return successResponse{true}, nil
}
