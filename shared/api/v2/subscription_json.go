package v2

import (
	"slices"
	"time"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/order"
)

// scopeOf is whose a plan is: the customer's, or one entity's.
func scopeOf(cp billing.CustomerProduct) string {
	if cp.Entity.ID != "" {
		return "entity"
	}
	return "customer"
}

// entityOf is the entity that a plan is attached to, nil for none.
func entityOf(cp billing.CustomerProduct) *api.OrNull {
	if cp.Entity.ID == "" {
		return nil
	}
	id := api.OrNull(cp.Entity.ID)
	return &id
}

// subscriptionJSON is a plan that a customer has and that lasts: one that costs
// nothing, too.
type subscriptionJSON struct {
	ID          string      `json:"id"`
	PlanID      string      `json:"plan_id"`
	AutoEnable  bool        `json:"auto_enable"`
	AddOn       bool        `json:"add_on"`
	Status      string      `json:"status"` // active, also in a trial and when past due, or scheduled
	PastDue     bool        `json:"past_due"`
	CanceledAt  api.Millis  `json:"canceled_at"`
	ExpiresAt   api.Millis  `json:"expires_at"`
	TrialEndsAt api.Millis  `json:"trial_ends_at"` // null once the trial is over
	StartedAt   api.Millis  `json:"started_at"`
	PeriodStart api.Millis  `json:"current_period_start"`
	PeriodEnd   api.Millis  `json:"current_period_end"`
	Quantity    int         `json:"quantity"`
	Scope       string      `json:"scope"`
	EntityID    *api.OrNull `json:"entity_id,omitempty"` // whose it is; left out of the customer's own, and null in lists
	Version     int         `json:"version"`
	StripeID    api.OrNull  `json:"stripe_subscription_id"`
	Plan        *planJSON   `json:"plan,omitempty"` // as the customer holds it; in expand: subscriptions.plan
}

// purchaseJSON is a plan that was paid once.
type purchaseJSON struct {
	ID        string      `json:"id"`
	PlanID    string      `json:"plan_id"`
	ExpiresAt api.Millis  `json:"expires_at"`
	StartedAt api.Millis  `json:"started_at"`
	Quantity  int         `json:"quantity"`
	Scope     string      `json:"scope"`
	EntityID  *api.OrNull `json:"entity_id,omitempty"`
	Version   int         `json:"version"`
	Plan      *planJSON   `json:"plan,omitempty"` // in expand: purchases.plan
}

// holdings lists what of a customer's products has not ended, the oldest first.
// cat has the prices of the customer's currency.
func holdings(cat *catalog.Catalog, products []billing.CustomerProduct, now time.Time) ([]subscriptionJSON, []purchaseJSON) {
	subscriptions, purchases := []subscriptionJSON{}, []purchaseJSON{}
	for _, cp := range products {
		if cp.At(now) == billing.Expired {
			continue
		}
		if p := billing.ProductOf(cat, cp); purchased(p, cp, now) {
			purchases = append(purchases, purchaseOf(cp))
		} else {
			subscriptions = append(subscriptions, subscriptionOf(p, cp, now))
		}
	}
	order.Stable(subscriptions, func(a, b *subscriptionJSON) int { return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt)) })
	order.Stable(purchases, func(a, b *purchaseJSON) int { return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt)) })
	return subscriptions, purchases
}

// addPlans shows the plan of each subscription and purchase, as the customer holds it, where
// expand asks for it.
func addPlans(cat *catalog.Catalog, env catalog.Env, products []billing.CustomerProduct, subscriptions []subscriptionJSON, purchases []purchaseJSON, expand []string) {
	plan := func(id string) *planJSON {
		i := slices.IndexFunc(products, func(cp billing.CustomerProduct) bool { return cp.ID == id })
		out := planAnswer(billing.ProductOf(cat, products[i]), cat, env)
		return &out
	}
	for i := range subscriptions {
		// The command line names those to come as if they were apart.
		if slices.Contains(expand, "subscriptions.plan") || subscriptions[i].Status == "scheduled" && slices.Contains(expand, "scheduled_subscriptions.plan") {
			subscriptions[i].Plan = plan(subscriptions[i].ID)
		}
	}
	for i := range purchases {
		if slices.Contains(expand, "purchases.plan") {
			purchases[i].Plan = plan(purchases[i].ID)
		}
	}
}

// purchased reports whether a customer product was paid once. One that has yet to begin is
// shown with what lasts, which has a status.
func purchased(p catalog.Product, cp billing.CustomerProduct, now time.Time) bool {
	return p.OneOff() && cp.At(now) != billing.Scheduled
}

func purchaseOf(cp billing.CustomerProduct) purchaseJSON {
	return purchaseJSON{ID: cp.ID, PlanID: cp.ProductID, ExpiresAt: api.Millis(cp.EndsAt), StartedAt: api.Millis(cp.StartsAt),
		Quantity: max(1, cp.Quantity), Scope: scopeOf(cp), EntityID: entityOf(cp), Version: cp.Version}
}

func subscriptionOf(p catalog.Product, cp billing.CustomerProduct, now time.Time) subscriptionJSON {
	out := subscriptionJSON{ID: cp.ID, PlanID: cp.ProductID, AutoEnable: p.Default, AddOn: cp.AddOn, Status: statusOf(cp, now), PastDue: cp.At(now) == billing.PastDue,
		CanceledAt: api.Millis(cp.CanceledAt), ExpiresAt: api.Millis(cp.EndsAt), StartedAt: api.Millis(cp.StartsAt),
		PeriodStart: api.Millis(cp.Period.Start), PeriodEnd: api.Millis(cp.Period.End), Quantity: max(1, cp.Quantity), Scope: scopeOf(cp), EntityID: entityOf(cp),
		Version: cp.Version, StripeID: api.OrNull(cp.SubscriptionID)}
	if now.Before(cp.TrialEnds) {
		out.TrialEndsAt = api.Millis(cp.TrialEnds)
	}
	return out
}

// statusOf is active, also in a trial and when past due, scheduled or expired.
func statusOf(cp billing.CustomerProduct, now time.Time) string {
	if status := cp.At(now); status == billing.Scheduled || status == billing.Expired {
		return string(status)
	}
	return string(billing.Active)
}
