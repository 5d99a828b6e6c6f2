package billing

import "time"

// A Holding is what a customer's own row says of one product: enough to name the products
// of many customers without reading their other rows.
type Holding struct {
	ID        string    `json:"id,omitzero"` // of the customer product
	ProductID string    `json:"product,omitzero"`
	StartsAt  time.Time `json:"from,omitzero"` // of one that is scheduled
	EndsAt    time.Time `json:"ends,omitzero"` // zero while open
}

// At reports whether the product is held or scheduled at a moment.
func (h Holding) At(now time.Time) bool { return h.EndsAt.IsZero() || now.Before(h.EndsAt) }

// HoldingsOf is what the customer's own row says of products: of all that have not ended.
func HoldingsOf(products []CustomerProduct) []Holding {
	out := []Holding{}
	for _, cp := range products {
		if cp.Status == Expired {
			continue
		}
		h := Holding{ID: cp.ID, ProductID: cp.ProductID, EndsAt: cp.EndsAt}
		if cp.Status == Scheduled {
			h.StartsAt = cp.StartsAt
		}
		out = append(out, h)
	}
	return out
}
