package billing

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// A Paywall is what an application shows to a customer who may not use a
// feature: why, and what would help.
type Paywall struct {
	Scenario string // usage_limit or feature_flag
	Title    string
	Message  string
	Feature  Feature
	Products []Product // that grant it, products before add-ons, cheaper first
}

// DecidePaywall says what to offer after a check of a feature was answered
// with no, or returns nil when the customer may use it. What they hold already
// is not offered again, unless it can be bought any number of times.
func DecidePaywall(c *Catalog, f Feature, a Access, products []CustomerProduct, now time.Time) *Paywall {
	if a.Allowed {
		return nil
	}
	w := &Paywall{Scenario: "feature_flag", Title: fmt.Sprintf("%s is not included", f.Name), Feature: f,
		Message: fmt.Sprintf("Your current plan does not include %s.", f.Name)}
	if a.Held {
		w.Scenario, w.Title = "usage_limit", fmt.Sprintf("%s: limit reached", f.Name)
		w.Message = fmt.Sprintf("You have used all that your plan includes of %s.", f.Name)
	}
	for _, p := range c.ListProducts(false) {
		mine := slices.ContainsFunc(products, func(cp CustomerProduct) bool { return cp.ProductID == p.ID && cp.Running(now) })
		if c.helps(p, f) && (!mine || p.OneOff()) {
			w.Products = append(w.Products, p)
		}
	}
	slices.SortStableFunc(w.Products, func(a, b Product) int {
		return cmp.Or(first(!a.AddOn, !b.AddOn), a.basePrice().Cmp(b.basePrice()), cmp.Compare(a.ID, b.ID))
	})
	if len(w.Products) > 0 {
		w.Message += fmt.Sprintf(" %s would give you more.", w.Products[0].Name)
	}
	return w
}

// helps reports whether a product grants a feature or credits that cover it.
func (c *Catalog) helps(p Product, f Feature) bool {
	return p.grants(f.ID) || slices.ContainsFunc(c.credits(f.ID), func(s Source) bool { return p.grants(s.FeatureID) })
}

// basePrice is the sum of the product's fixed prices, in major units.
func (p Product) basePrice() Decimal {
	sum := Zero
	for _, i := range p.Items {
		if i.FeatureID == "" && i.Price != nil {
			sum = sum.Add(*i.Price)
		}
	}
	return sum
}
