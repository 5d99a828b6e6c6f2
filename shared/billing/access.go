package billing

import (
	"cmp"
	"slices"
	"time"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/order"
)

// A Paywall is what an application shows to a customer who may not use a
// feature: what is reached, and what would help.
type Paywall struct {
	Reached  bool // the plan includes the feature, and all of it is used
	Feature  catalog.Feature
	Products []catalog.Product // that grant it, products before add-ons, cheaper first
}

// DecidePaywall says what to offer after a check of a feature was answered
// with no, or returns nil when the customer may use it. What they hold already
// is not offered again, unless it can be bought any number of times.
func DecidePaywall(c *catalog.Catalog, f catalog.Feature, a entitlement.Access, products []CustomerProduct, now time.Time) *Paywall {
	if a.Allowed {
		return nil
	}
	w := &Paywall{Reached: a.Held, Feature: f}
	for _, p := range c.ListProducts(false) {
		mine := slices.ContainsFunc(products, func(cp CustomerProduct) bool { return cp.ProductID == p.ID && cp.Running(now) })
		if helps(c, p, f) && (!mine || p.OneOff()) && c.Offered(p) == nil {
			w.Products = append(w.Products, p)
		}
	}
	order.Stable(w.Products, func(a, b *catalog.Product) int {
		return cmp.Or(entitlement.TrueFirst(!a.AddOn, !b.AddOn), a.BasePrice().Cmp(b.BasePrice()), cmp.Compare(a.ID, b.ID))
	})
	return w
}

// helps reports whether a product grants a feature or credits that cover it.
func helps(c *catalog.Catalog, p catalog.Product, f catalog.Feature) bool {
	return p.Grants(f.ID) || slices.ContainsFunc(c.CreditsFor(f.ID), func(s catalog.Source) bool { return p.Grants(s.FeatureID) })
}

// A ProductAccess is the answer to a check of a product.
type ProductAccess struct {
	Allowed bool
	Status  string // as At, or "canceled" while an ending product still runs; "" when it is not held
}

// DecideProductCheck answers whether a customer holds a product. Only an
// active or trialing product allows; keepPastDue lets a past due one, too.
func DecideProductCheck(products []CustomerProduct, productID string, keepPastDue bool, now time.Time) ProductAccess {
	var best ProductAccess
	for _, cp := range products {
		status := cp.At(now)
		if cp.ProductID != productID || status == Expired {
			continue
		}
		a := ProductAccess{
			Allowed: status == Active || status == Trialing || status == PastDue && keepPastDue,
			Status:  string(status),
		}
		if status == Active && !cp.CanceledAt.IsZero() {
			a.Status = "canceled"
		}
		if best.Status == "" || a.Allowed && !best.Allowed {
			best = a
		}
	}
	return best
}
