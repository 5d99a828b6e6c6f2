package v2

import (
	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// invoiceJSON is an invoice of a customer. Amounts are in major units.
type invoiceJSON struct {
	PlanIDs   []string       `json:"plan_ids"`
	StripeID  string         `json:"stripe_id"`
	Processor string         `json:"processor_type"` // stripe
	Status    string         `json:"status"`
	Total     api.Number     `json:"total"`
	Tax       *api.Number    `json:"tax,omitempty"` // of the total, what came on top of the prices; left out where that is nothing
	Currency  money.Currency `json:"currency"`
	CreatedAt api.Millis     `json:"created_at"`
	URL       api.OrNull     `json:"hosted_invoice_url"`
}

func invoiceAnswer(i billing.Invoice) invoiceJSON {
	out := invoiceJSON{PlanIDs: append([]string{}, i.ProductIDs...), StripeID: i.StripeID, Processor: "stripe", Status: i.Status,
		Total: api.NumberOf(i.Currency.Major(i.Total)), Currency: i.Currency, CreatedAt: api.Millis(i.CreatedAt), URL: api.OrNull(i.URL)}
	if i.Tax != 0 {
		tax := api.NumberOf(i.Currency.Major(i.Tax))
		out.Tax = &tax
	}
	return out
}
