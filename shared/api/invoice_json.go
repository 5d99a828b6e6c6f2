package api

import (
	"windfall/shared/billing"
	"windfall/shared/money"
)

type invoiceJSON struct {
	ProductIDs []string       `json:"product_ids"`
	StripeID   string         `json:"stripe_id"`
	Status     string         `json:"status"`
	Total      number         `json:"total"` // major units
	Currency   money.Currency `json:"currency"`
	CreatedAt  ms             `json:"created_at"`
	URL        orNull         `json:"hosted_invoice_url"`
}

func invoiceOf(i billing.Invoice) invoiceJSON {
	ids := i.ProductIDs
	if ids == nil {
		ids = []string{}
	}
	return invoiceJSON{ids, i.StripeID, i.Status, number{i.Currency.Major(i.Total)}, i.Currency, ms(i.CreatedAt), orNull(i.URL)}
}
