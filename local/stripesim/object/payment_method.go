package object

// BillingDetails is a part of the object in this file.
type BillingDetails struct {
	Address *Address `json:"address"`
	Email   Text     `json:"email"`
	Name    Text     `json:"name"`
	Phone   Text     `json:"phone"`
}

// PaymentMethod is a saved card (object "payment_method").
type PaymentMethod struct {
	BillingDetails BillingDetails `json:"billing_details"`
	Card           Card           `json:"card"`
	Created        int64          `json:"created"`
	Customer       Text           `json:"customer"`
	ID             string         `json:"id"`
	Livemode       bool           `json:"livemode"`
	Metadata       Metadata       `json:"metadata"`
	Object         string         `json:"object"`
	Type           string         `json:"type"`

	State PaymentMethodState `json:"-"`
}

// Card is a part of the object in this file.
type Card struct {
	Brand             string             `json:"brand"`
	Checks            *CardChecks        `json:"checks"`
	Country           Text               `json:"country"`
	DisplayBrand      Text               `json:"display_brand"`
	ExpMonth          int64              `json:"exp_month"`
	ExpYear           int64              `json:"exp_year"`
	Fingerprint       Text               `json:"fingerprint"`
	Funding           string             `json:"funding"`
	GeneratedFrom     Null               `json:"generated_from"`
	Last4             string             `json:"last4"`
	Networks          *CardNetworks      `json:"networks"`
	ThreeDSecureUsage *ThreeDSecureUsage `json:"three_d_secure_usage"`
	Wallet            Null               `json:"wallet"`
}

// CardChecks is a part of the object in this file.
type CardChecks struct {
	AddressLine1Check      Text `json:"address_line1_check"`
	AddressPostalCodeCheck Text `json:"address_postal_code_check"`
	CvcCheck               Text `json:"cvc_check"`
}

// CardNetworks is a part of the object in this file.
type CardNetworks struct {
	Available []string `json:"available"`
	Preferred Text     `json:"preferred"`
}

// ThreeDSecureUsage is a part of the object in this file.
type ThreeDSecureUsage struct {
	Supported bool `json:"supported"`
}
