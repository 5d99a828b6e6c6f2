package v2

import (
	"time"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/order"
)

// atCustomer is the scope of what belongs to a customer and not to one of their
// entities.
const atCustomer = "customer"

// subscriptionJSON is a plan that a customer has and that lasts: one that costs
// nothing, too.
type subscriptionJSON struct {
	ID          string     `json:"id"`
	PlanID      string     `json:"plan_id"`
	AutoEnable  bool       `json:"auto_enable"`
	AddOn       bool       `json:"add_on"`
	Status      string     `json:"status"` // active, also in a trial and when past due, or scheduled
	PastDue     bool       `json:"past_due"`
	CanceledAt  api.Millis `json:"canceled_at"`
	ExpiresAt   api.Millis `json:"expires_at"`
	TrialEndsAt api.Millis `json:"trial_ends_at"` // null once the trial is over
	StartedAt   api.Millis `json:"started_at"`
	PeriodStart api.Millis `json:"current_period_start"`
	PeriodEnd   api.Millis `json:"current_period_end"`
	Quantity    int        `json:"quantity"`
	Scope       string     `json:"scope"`
	Version     int        `json:"version"`
	StripeID    api.OrNull `json:"stripe_subscription_id"`
}

// purchaseJSON is a plan that was paid once.
type purchaseJSON struct {
	ID        string     `json:"id"`
	PlanID    string     `json:"plan_id"`
	ExpiresAt api.Millis `json:"expires_at"`
	StartedAt api.Millis `json:"started_at"`
	Quantity  int        `json:"quantity"`
	Scope     string     `json:"scope"`
	Version   int        `json:"version"`
}

// holdings lists what of a customer's products has not ended, the oldest first.
// cat has the prices of the customer's currency.
func holdings(cat *catalog.Catalog, products []billing.CustomerProduct, now time.Time) ([]subscriptionJSON, []purchaseJSON) {
	subscriptions, purchases := []subscriptionJSON{}, []purchaseJSON{}
	for _, cp := range products {
		status := cp.At(now)
		if status == billing.Expired {
			continue
		}
		p := billing.ProductOf(cat, cp)
		if p.OneOff() && status != billing.Scheduled {
			purchases = append(purchases, purchaseJSON{ID: cp.ID, PlanID: cp.ProductID, ExpiresAt: api.Millis(cp.EndsAt), StartedAt: api.Millis(cp.StartsAt),
				Quantity: max(1, cp.Quantity), Scope: atCustomer, Version: cp.Version})
			continue
		}
		one := subscriptionJSON{ID: cp.ID, PlanID: cp.ProductID, AutoEnable: p.Default, AddOn: cp.AddOn, Status: string(billing.Active), PastDue: status == billing.PastDue,
			CanceledAt: api.Millis(cp.CanceledAt), ExpiresAt: api.Millis(cp.EndsAt), StartedAt: api.Millis(cp.StartsAt),
			PeriodStart: api.Millis(cp.Period.Start), PeriodEnd: api.Millis(cp.Period.End), Quantity: max(1, cp.Quantity), Scope: atCustomer,
			Version: cp.Version, StripeID: api.OrNull(cp.SubscriptionID)}
		if status == billing.Scheduled {
			one.Status = string(billing.Scheduled)
		}
		if now.Before(cp.TrialEnds) {
			one.TrialEndsAt = api.Millis(cp.TrialEnds)
		}
		subscriptions = append(subscriptions, one)
	}
	order.Stable(subscriptions, func(a, b *subscriptionJSON) int { return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt)) })
	order.Stable(purchases, func(a, b *purchaseJSON) int { return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt)) })
	return subscriptions, purchases
}
