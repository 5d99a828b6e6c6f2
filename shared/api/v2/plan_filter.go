package v2

import (
	"slices"
	"time"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// A planFilter selects customers, or entities, by what they have: a plan, in some of its
// versions, that runs or is scheduled.
type planFilter struct {
	Plans      []wantedPlan `json:"plans"`               // any of them
	Status     string       `json:"subscription_status"` // active or scheduled; "" is either
	Processors []string     `json:"processors"`          // who bills the customer
}

type wantedPlan struct {
	ID       string `json:"id"`
	Versions []int  `json:"versions"` // none is every one
}

// asks reports whether it selects at all.
func (f planFilter) asks() bool { return len(f.Plans)+len(f.Processors) > 0 || f.Status != "" }

// check refuses what selects nothing that there could be.
func (f planFilter) check(cat *catalog.Catalog) error {
	switch f.Status {
	case "", string(billing.Active), string(billing.Scheduled):
	default:
		return api.InvalidInputs("subscription_status: active or scheduled, not %.40q.", f.Status)
	}
	for _, p := range f.Processors {
		if !slices.Contains([]string{"stripe", "revenuecat", "vercel"}, p) {
			return api.InvalidInputs("processors: stripe, revenuecat or vercel, not %.40q.", p)
		}
	}
	for n, p := range f.Plans {
		if p.ID == "" {
			return api.InvalidInputs("plans[%d].id: required.", n)
		}
		if _, err := cat.ProductVersion(p.ID, 0); err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether a customer, with what they or one of their entities have, is selected.
func (f planFilter) fits(of billing.Customer, products []billing.CustomerProduct, now time.Time) bool {
	if len(f.Processors) > 0 && (of.StripeID == "" || !slices.Contains(f.Processors, "stripe")) {
		return false
	}
	if len(f.Plans) == 0 && f.Status == "" {
		return true
	}
	return slices.ContainsFunc(products, func(cp billing.CustomerProduct) bool {
		status := statusOf(cp, now)
		if status == string(billing.Expired) || f.Status != "" && status != f.Status {
			return false
		}
		return len(f.Plans) == 0 || slices.ContainsFunc(f.Plans, func(p wantedPlan) bool {
			return p.ID == cp.ProductID && (len(p.Versions) == 0 || slices.Contains(p.Versions, cp.Version))
		})
	})
}
