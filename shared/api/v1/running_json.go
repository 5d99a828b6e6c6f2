package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

type rewardsJSON struct {
	Discounts []runningJSON `json:"discounts"`
}

// A runningJSON is a discount that runs, or that waits for the end of the one that
// does. Its times are milliseconds, like all.
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
	Queued         bool               `json:"queued"` // it waits for its turn, in the order of the list
}

// rewards reads the running discounts at Stripe, which a customer without a Stripe id
// has none of, and adds those that wait.
func (c customers) rewards(ctx context.Context, req api.Request, of billing.State) (*rewardsJSON, error) {
	out := &rewardsJSON{Discounts: []runningJSON{}}
	var running []catalog.RunningDiscount
	var err error
	if of.Customer.StripeID != "" {
		running, err = c.app.Payments.Discounts(ctx, req.Env, of.Customer.StripeID, req.Now)
	}
	for _, d := range running {
		one := runningJSON{ID: d.RewardID, Name: d.Name, Type: d.Type, Value: api.NumberOf(d.Value), DurationType: d.Duration,
			Currency: api.OrNull(d.Currency), Start: api.Millis(d.Start), End: api.Millis(d.End), SubscriptionID: api.OrNull(d.SubscriptionID)}
		if d.Duration == catalog.MonthsDiscount {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	for _, q := range of.Queue {
		d := discountAnswer(q.Reward)
		one := runningJSON{ID: q.Reward.ID, Name: q.Reward.Name, Type: q.Reward.Type, Value: d.Value, DurationType: d.Duration, Queued: true}
		if q.Reward.Type == catalog.FixedDiscount {
			one.Currency = api.OrNull(money.DefaultCurrency)
		}
		if d.Months > 0 {
			one.DurationValue = &d.Months
		}
		out.Discounts = append(out.Discounts, one)
	}
	return out, err
}
