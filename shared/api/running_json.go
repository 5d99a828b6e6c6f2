package api

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

type rewardsJSON struct {
	Discounts []runningJSON `json:"discounts"`
}

// A runningJSON is a discount that runs now. Its times are milliseconds, as all
// are.
type runningJSON struct {
	ID             string             `json:"id"` // of the reward
	Name           string             `json:"name"`
	Type           catalog.RewardType `json:"type"`
	Value          number             `json:"discount_value"` // percent, or major units
	DurationType   string             `json:"duration_type"`
	DurationValue  *int               `json:"duration_value"` // months, else null
	Currency       orNull             `json:"currency"`
	Start          ms                 `json:"start"`
	End            ms                 `json:"end"`
	SubscriptionID orNull             `json:"subscription_id"`
}

// rewards reads at Stripe what runs now; a customer Stripe doesn't know has none.
func (c customers) rewards(ctx context.Context, req Request, of billing.Customer) (*rewardsJSON, error) {
	out := &rewardsJSON{Discounts: []runningJSON{}}
	if of.StripeID == "" {
		return out, nil
	}
	running, err := c.app.Payments.Discounts(ctx, req.Env, of.StripeID, req.Now)
	for _, d := range running {
		one := runningJSON{ID: d.RewardID, Name: d.Name, Type: d.Type, Value: number{d.Value}, DurationType: d.Duration,
			Currency: orNull(d.Currency), Start: ms(d.Start), End: ms(d.End), SubscriptionID: orNull(d.SubscriptionID)}
		if d.Duration == catalog.MonthsDiscount {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	return out, err
}
