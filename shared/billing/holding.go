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

// HoldingOf is what the customer's own row says of a product; false of one that has ended.
func HoldingOf(id, productID string, status Status, startsAt, endsAt time.Time) (Holding, bool) {
	if status != Scheduled {
		startsAt = time.Time{}
	}
	return Holding{id, productID, startsAt, endsAt}, status != Expired
}

// HoldingsOf is what the customer's own row says of products: of all that have not ended.
func HoldingsOf(products []CustomerProduct) []Holding {
	out := []Holding{}
	for i := range products {
		cp := &products[i]
		if h, open := HoldingOf(cp.ID, cp.ProductID, cp.Status, cp.StartsAt, cp.EndsAt); open {
			out = append(out, h)
		}
	}
	return out
}
