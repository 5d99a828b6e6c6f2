package v1

import (
	"time"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// balanceJSON is a balance in check and in a customer's features. A boolean
// feature has none of the fields; an unlimited one only the flag.
type balanceJSON struct {
	Unlimited  *bool           `json:"unlimited,omitempty"`
	Interval   *string         `json:"interval"` // null is lifetime, "multiple" several
	Count      *int            `json:"interval_count"`
	Balance    *api.Number     `json:"balance"`
	Usage      *api.Number     `json:"usage"`
	Included   *api.Number     `json:"included_usage"`
	ResetsAt   api.Millis      `json:"next_reset_at"`
	Overage    *bool           `json:"overage_allowed"`
	UsageLimit *api.Number     `json:"usage_limit"`
	Breakdown  []breakdownJSON `json:"breakdown,omitempty"`
}

type breakdownJSON struct {
	Interval *string    `json:"interval"`
	Count    *int       `json:"interval_count"`
	Balance  api.Number `json:"balance"`
	Usage    api.Number `json:"usage"`
	Included api.Number `json:"included_usage"`
	ResetsAt api.Millis `json:"next_reset_at"`
}

// creditShareJSON says what one unit of a feature costs in a credit system.
type creditShareJSON struct {
	FeatureID string     `json:"feature_id"`
	Amount    api.Number `json:"credit_amount"`
}

func creditShares(credits []catalog.CreditCost) (shares []creditShareJSON) {
	for _, c := range credits {
		shares = append(shares, creditShareJSON{c.FeatureID, api.NumberOf(c.Cost)})
	}
	return shares
}

func balanceOf(b entitlement.Balance, now time.Time) balanceJSON {
	s := b.Sum(now)
	out := balanceJSON{Unlimited: &s.Unlimited, Overage: &s.Overage}
	if len(s.Cycles) == 1 {
		out.Interval, out.Count = interval(s.Cycles[0])
	} else if len(s.Cycles) > 1 {
		several := "multiple"
		out.Interval = &several
	}
	if s.Unlimited {
		out.Usage = &api.Number{Decimal: s.Used}
		return out
	}
	out.Balance, out.Usage, out.Included = &api.Number{Decimal: s.Remaining}, &api.Number{Decimal: s.Used}, &api.Number{Decimal: s.Granted}
	out.ResetsAt, out.UsageLimit = api.Millis(s.ResetsAt), api.Optional(s.UsageLimit)
	var open []entitlement.Grant
	for _, g := range b.Grants {
		if g.Open(now) {
			open = append(open, g)
		}
	}
	if len(open) < 2 {
		return out
	}
	for _, g := range open {
		part := breakdownJSON{Balance: api.NumberOf(g.Remaining()), Usage: api.NumberOf(g.InUse()), Included: api.NumberOf(g.Granted()), ResetsAt: api.Millis(g.ResetsAt)}
		part.Interval, part.Count = interval(g.Cycle)
		out.Breakdown = append(out.Breakdown, part)
	}
	return out
}

func interval(c money.Cycle) (*string, *int) {
	if !c.Repeats() {
		return nil, nil
	}
	name, n := string(c.Interval), max(1, c.Count)
	return &name, &n
}
