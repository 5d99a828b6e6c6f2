package billing

import "time"

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
