package v1

import (
	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/money"
)

type invoiceJSON struct {
	ProductIDs []string       `json:"product_ids"`
	StripeID   string         `json:"stripe_id"`
	Status     string         `json:"status"`
	Total      api.Number     `json:"total"` // major units
	Currency   money.Currency `json:"currency"`
	CreatedAt  api.Millis     `json:"created_at"`
	URL        api.OrNull     `json:"hosted_invoice_url"`
}

func invoiceOf(i billing.Invoice) invoiceJSON {
	ids := i.ProductIDs
	if ids == nil {
		ids = []string{}
	}
	return invoiceJSON{ids, i.StripeID, i.Status, api.NumberOf(i.Currency.Major(i.Total)), i.Currency, api.Millis(i.CreatedAt), api.OrNull(i.URL)}
}
