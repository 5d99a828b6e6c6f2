package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

type rewardsJSON struct {
	Discounts []runningJSON `json:"discounts"`
}

// A runningJSON is a running discount. Its times are milliseconds, like all.
type runningJSON struct {
	ID             string             `json:"id"` // of the reward
	Name           string             `json:"name"`
	Type           catalog.RewardType `json:"type"`
	Value          api.Number         `json:"discount_value"` // percent, or major units
	DurationType   string             `json:"duration_type"`
	DurationValue  *int               `json:"duration_value"` // months, else null
	Currency       api.OrNull         `json:"currency"`
	Start          api.Millis         `json:"start"`
	End            api.Millis         `json:"end"`
	SubscriptionID api.OrNull         `json:"subscription_id"`
}

// rewards reads the running discounts at Stripe; a customer without a Stripe id
// has none.
func (c customers) rewards(ctx context.Context, req api.Request, of billing.Customer) (*rewardsJSON, error) {
	out := &rewardsJSON{Discounts: []runningJSON{}}
	if of.StripeID == "" {
		return out, nil
	}
	running, err := c.app.Payments.Discounts(ctx, req.Env, of.StripeID, req.Now)
	for _, d := range running {
		one := runningJSON{ID: d.RewardID, Name: d.Name, Type: d.Type, Value: api.NumberOf(d.Value), DurationType: d.Duration,
			Currency: api.OrNull(d.Currency), Start: api.Millis(d.Start), End: api.Millis(d.End), SubscriptionID: api.OrNull(d.SubscriptionID)}
		if d.Duration == catalog.MonthsDiscount {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	return out, err
}
