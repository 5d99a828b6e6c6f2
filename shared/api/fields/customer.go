package fields

import (
	"context"
	"encoding/json"
	"strings"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// CustomerData is what a call says about a customer beside its own business.
type CustomerData struct {
	Name        *string        `json:"name"`
	Email       *string        `json:"email"`
	Fingerprint *string        `json:"fingerprint"`
	Metadata    map[string]any `json:"metadata"`
	Currency    Currency       `json:"currency"`
	Address     *Address       `json:"address"`
}

// Data is what was said of a customer who may be made, nothing for nil. Keys of metadata that are
// null are deleted from it: they are no keys yet.
func (d *CustomerData) Data() billing.CustomerData {
	if d == nil {
		return billing.CustomerData{}
	}
	for k, v := range d.Metadata {
		if v == nil {
			delete(d.Metadata, k)
		}
	}
	return billing.CustomerData{Name: Text(d.Name), Email: Text(d.Email), Fingerprint: Text(d.Fingerprint), Metadata: d.Metadata, Currency: money.Currency(d.Currency), Address: d.Address.Address()}
}

// An Address is where a customer is. What is left out or null is empty: an address is sent
// whole.
type Address struct {
	Country    api.OrNull `json:"country"`
	PostalCode api.OrNull `json:"postal_code"`
	State      api.OrNull `json:"state"`
	City       api.OrNull `json:"city"`
	Line1      api.OrNull `json:"line1"`
	Line2      api.OrNull `json:"line2"`
}

// Address returns the address, nil for nil.
func (a *Address) Address() *billing.Address {
	if a == nil {
		return nil
	}
	return &billing.Address{Country: strings.ToUpper(string(a.Country)), PostalCode: string(a.PostalCode), State: string(a.State), City: string(a.City),
		Line1: string(a.Line1), Line2: string(a.Line2)}
}

// AddressOf returns an address as answers have it, nil for nil.
func AddressOf(a *billing.Address) *Address {
	if a == nil {
		return nil
	}
	return &Address{api.OrNull(a.Country), api.OrNull(a.PostalCode), api.OrNull(a.State), api.OrNull(a.City), api.OrNull(a.Line1), api.OrNull(a.Line2)}
}

// Text is the text of an optional field, "" where it is absent or null.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// PaymentMethod is the payment method that the customer's purchases are charged
// to, as Stripe shows it; null if there is none.
func PaymentMethod(ctx context.Context, a *app.App, caller app.Caller, of billing.Customer) (*json.RawMessage, error) {
	none := json.RawMessage("null")
	if of.StripeID == "" {
		return &none, nil
	}
	method, err := a.Payments.PaymentMethod(ctx, caller.Env, of.StripeID)
	if err != nil || method == nil {
		return &none, err
	}
	return &method, nil
}
