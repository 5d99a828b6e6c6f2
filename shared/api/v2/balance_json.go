package v2

import (
	"strings"
	"time"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// balanceJSON is a balance in every answer. An unlimited one counts usage alone.
type balanceJSON struct {
	FeatureID   string          `json:"feature_id"`
	Feature     *featureJSON    `json:"feature,omitempty"` // expand=balances.feature
	Granted     api.Number      `json:"granted"`
	Remaining   api.Number      `json:"remaining"` // 0 where more than the granted is used
	Usage       api.Number      `json:"usage"`
	Unlimited   bool            `json:"unlimited"`
	Overage     bool            `json:"overage_allowed"`
	MaxPurchase *api.Number     `json:"max_purchase"` // what a usage limit allows beyond the granted; null for no limit
	ResetsAt    api.Millis      `json:"next_reset_at"`
	Breakdown   []breakdownJSON `json:"breakdown"`
	Rollovers   []rolloverJSON  `json:"rollovers"`
}

// breakdownJSON is what one source gives of a balance.
type breakdownJSON struct {
	ID        string     `json:"id"`
	PlanID    api.OrNull `json:"plan_id"` // null where no plan gave it
	Included  api.Number `json:"included_grant"`
	Prepaid   api.Number `json:"prepaid_grant"`
	Remaining api.Number `json:"remaining"`
	Usage     api.Number `json:"usage"`
	Unlimited bool       `json:"unlimited"`
	Reset     *resetJSON `json:"reset"` // null where it never comes back
	Price     *priceJSON `json:"price"` // null where it has none, or none that is known here
	ExpiresAt api.Millis `json:"expires_at"`
}

type resetJSON struct {
	Interval money.Interval `json:"interval"`
	Count    int            `json:"interval_count"`
	ResetsAt api.Millis     `json:"resets_at"`
}

// rolloverJSON is what is left of an earlier period. Nothing is carried over yet, so
// there are none.
type rolloverJSON struct {
	Granted   api.Number `json:"granted"`
	Balance   api.Number `json:"balance"`
	ExpiresAt api.Millis `json:"expires_at"`
}

// flagJSON is a feature that is on.
type flagJSON struct {
	ID        string       `json:"id"`
	PlanID    api.OrNull   `json:"plan_id"`
	ExpiresAt api.Millis   `json:"expires_at"`
	FeatureID string       `json:"feature_id"`
	Feature   *featureJSON `json:"feature,omitempty"` // expand=flags.feature
}

// An itemOf finds the item that gave a grant.
type itemOf func(g entitlement.Grant) (catalog.Item, bool)

// balanceAnswer encodes a balance of a metered feature, which must have come from At.
func balanceAnswer(b entitlement.Balance, find itemOf, now time.Time) balanceJSON {
	s := b.Sum(now)
	out := balanceJSON{FeatureID: b.FeatureID, Granted: api.NumberOf(s.Granted), Remaining: left(s.Remaining), Usage: api.NumberOf(s.Used),
		Unlimited: s.Unlimited, Overage: s.Overage, ResetsAt: api.Millis(s.ResetsAt),
		Breakdown: []breakdownJSON{}, Rollovers: []rolloverJSON{}}
	limited, endless, most := false, false, money.Zero
	for _, i := range b.OpenGrants(now) {
		g := b.Grants[i]
		part := breakdownJSON{ID: g.ID, PlanID: api.OrNull(g.ProductID), Included: api.NumberOf(money.Plus(g.Included, g.Extra)), Prepaid: api.NumberOf(g.Prepaid),
			Remaining: left(g.Remaining()), Usage: api.NumberOf(g.Used), Unlimited: g.Unlimited, ExpiresAt: api.Millis(g.Until)}
		if g.Cycle.Repeats() {
			part.Reset = &resetJSON{g.Cycle.Interval, max(1, g.Cycle.Count), api.Millis(g.ResetsAt)}
		}
		if item, known := find(g); known {
			part.Price = priceOf(item)
		}
		endless = endless || g.Overage && g.UsageLimit == nil
		if g.UsageLimit != nil {
			limited, most = true, most.Add(beyond(g.UsageLimit, g.Granted()).Decimal)
		}
		out.Breakdown = append(out.Breakdown, part)
	}
	if limited && !endless {
		out.MaxPurchase = &api.Number{Decimal: most}
	}
	return out
}

// left is what remains, not below 0: what is used beyond the granted is in usage.
func left(d money.Decimal) api.Number { return api.NumberOf(money.Max(money.Zero, d)) }

// flagAnswer encodes the first source of a boolean feature, nil if it is off.
func flagAnswer(b entitlement.Balance, featureID string, now time.Time) *flagJSON {
	for _, i := range b.OpenGrants(now) {
		g := b.Grants[i]
		return &flagJSON{ID: g.ID, PlanID: api.OrNull(g.ProductID), ExpiresAt: api.Millis(g.Until), FeatureID: featureID}
	}
	return nil
}

// itemsOf finds items in the catalog alone: an item keeps its id while it is the
// same. One that is priced in several currencies is not found, as the customer's
// is not known here, nor one that was made for a customer alone.
func itemsOf(cat *catalog.Catalog) itemOf {
	return func(g entitlement.Grant) (catalog.Item, bool) {
		_, id, _ := strings.Cut(g.ID, "/")
		for _, version := range cat.Products[g.ProductID] {
			for _, item := range version.Items {
				if item.ID == id {
					return item, len(item.Currencies()) == 0
				}
			}
		}
		return catalog.Item{}, false
	}
}
