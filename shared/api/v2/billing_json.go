package v2

import (
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// billingJSON is the answer to what gives, changes or ends plans.
type billingJSON struct {
	CustomerID string          `json:"customer_id"`
	EntityID   api.OrNull      `json:"entity_id"`
	Invoice    *chargeJSON     `json:"invoice"`     // null where none was made
	PaymentURL api.OrNull      `json:"payment_url"` // null where nothing is to be paid on a page
	Action     *requiredAction `json:"required_action"`
}

// chargeJSON is the invoice of a command.
type chargeJSON struct {
	Status   string         `json:"status"`
	StripeID string         `json:"stripe_id"`
	Total    api.Number     `json:"total"` // major units
	Currency money.Currency `json:"currency"`
	URL      api.OrNull     `json:"hosted_invoice_url"`
}

// requiredAction says why the customer pays on a page although none was asked for.
type requiredAction struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// billingAnswer encodes what a command came to; entityID is whose plan it was about.
func billingAnswer(done app.Outcome, entityID string) billingJSON {
	out := billingJSON{CustomerID: done.CustomerID, EntityID: api.OrNull(entityID), PaymentURL: api.OrNull(done.URL)}
	if i := done.Invoice; i != nil {
		out.Invoice = &chargeJSON{i.Status, i.StripeID, api.NumberOf(i.Currency.Major(i.Total)), i.Currency, api.OrNull(i.URL)}
	}
	switch done.Cause {
	case billing.PageNoCard:
		out.Action = &requiredAction{"payment_method_required", "The customer has no payment method on file, and pays on the page."}
	case billing.PageCardRefused:
		out.Action = &requiredAction{"payment_failed", "The card on file was refused, and the customer pays on the page."}
	}
	return out
}
