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
	Total      api.Number     `json:"total"`         // major units
	Tax        *api.Number    `json:"tax,omitempty"` // of the total, what came on top of the prices; left out where that is nothing
	Currency   money.Currency `json:"currency"`
	CreatedAt  api.Millis     `json:"created_at"`
	URL        api.OrNull     `json:"hosted_invoice_url"`
}

func invoiceOf(i billing.Invoice) invoiceJSON {
	ids := i.ProductIDs
	if ids == nil {
		ids = []string{}
	}
	var tax *api.Number
	if i.Tax != 0 {
		some := api.NumberOf(i.Currency.Major(i.Tax))
		tax = &some
	}
	return invoiceJSON{ids, i.StripeID, i.Status, api.NumberOf(i.Currency.Major(i.Total)), tax, i.Currency, api.Millis(i.CreatedAt), api.OrNull(i.URL)}
}
