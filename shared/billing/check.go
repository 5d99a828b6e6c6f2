package billing

import "time"

// A Check asks whether a customer may use a feature.
type Check struct {
	FeatureID string
	Required  Decimal // 1 unless said
	Now       time.Time
}

// An Access is the answer to a check.
type Access struct {
	Allowed   bool
	FeatureID string // the feature that pays: a credit system where one does
	Required  Decimal
	Balance   Balance // as it is at the moment of the check
	Held      bool    // some product grants the feature
	Boolean   bool    // it is on or off, and has no balance
}

// DecideCheck answers a check from the balance of the feature; balance is the
// zero Balance when the customer has none.
//
//   - Boolean: allowed when any product grants it.
//   - Unlimited and pay per use: allowed, the latter up to its usage limit.
//   - Otherwise: allowed while the required units are left.
//
// A smaller requirement is never refused where a larger one is allowed.
func DecideCheck(f Feature, b Balance, c Check) Access {
	b = b.At(c.Now)
	a := Access{FeatureID: f.ID, Required: c.Required, Balance: b, Held: b.Has(c.Now), Boolean: f.Type == Boolean}
	if a.Boolean {
		a.Allowed = a.Held
		return a
	}
	a.Allowed = a.Held && b.CanUse(c.Required, c.Now)
	return a
}

// A ProductAccess is the answer to a check of a product.
type ProductAccess struct {
	Allowed bool
	Status  string // as At, or "canceled" while an ending product still runs; "" when it is not held
}

// DecideProductCheck answers whether a customer holds a product. Only an
// active or trialing product allows; keepPastDue lets a past due one, too.
func DecideProductCheck(held []CustomerProduct, productID string, keepPastDue bool, now time.Time) ProductAccess {
	var best ProductAccess
	for _, cp := range held {
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
