package object

// PortalSession is one visit to the customer portal (object "billing_portal.session").
type PortalSession struct {
	Configuration string `json:"configuration"`
	Created       int64  `json:"created"`
	Customer      string `json:"customer"`
	Flow          Null   `json:"flow"`
	ID            string `json:"id"`
	Livemode      bool   `json:"livemode"`
	Locale        Text   `json:"locale"`
	Object        string `json:"object"`
	OnBehalfOf    Text   `json:"on_behalf_of"`
	ReturnURL     Text   `json:"return_url"`
	URL           string `json:"url"`
}

// PortalConfiguration is what the customer portal allows (object "billing_portal.configuration").
type PortalConfiguration struct {
	Active           bool                  `json:"active"`
	Application      Text                  `json:"application"`
	BusinessProfile  PortalBusinessProfile `json:"business_profile"`
	Created          int64                 `json:"created"`
	DefaultReturnURL Text                  `json:"default_return_url"`
	Features         PortalFeatures        `json:"features"`
	ID               string                `json:"id"`
	IsDefault        bool                  `json:"is_default"`
	Livemode         bool                  `json:"livemode"`
	LoginPage        PortalLoginPage       `json:"login_page"`
	Metadata         Metadata              `json:"metadata"`
	Object           string                `json:"object"`
	Updated          int64                 `json:"updated"`
}

// PortalFeatures is a part of the object in this file.
type PortalFeatures struct {
	CustomerUpdate      PortalCustomerUpdate     `json:"customer_update"`
	InvoiceHistory      Enabled                  `json:"invoice_history"`
	PaymentMethodUpdate Enabled                  `json:"payment_method_update"`
	SubscriptionCancel  PortalCancel             `json:"subscription_cancel"`
	SubscriptionPause   Enabled                  `json:"subscription_pause"`
	SubscriptionUpdate  PortalSubscriptionUpdate `json:"subscription_update"`
}

// PortalBusinessProfile is a part of the object in this file.
type PortalBusinessProfile struct {
	Headline          Text `json:"headline"`
	PrivacyPolicyURL  Text `json:"privacy_policy_url"`
	TermsOfServiceURL Text `json:"terms_of_service_url"`
}

// PortalLoginPage is a part of the object in this file.
type PortalLoginPage struct {
	Enabled bool `json:"enabled"`
	URL     Text `json:"url"`
}

// PortalCustomerUpdate is a part of the object in this file.
type PortalCustomerUpdate struct {
	AllowedUpdates []string `json:"allowed_updates"`
	Enabled        bool     `json:"enabled"`
}

// PortalCancel is a part of the object in this file.
type PortalCancel struct {
	CancellationReason PortalCancelReason `json:"cancellation_reason"`
	Enabled            bool               `json:"enabled"`
	Mode               string             `json:"mode"`
	ProrationBehavior  string             `json:"proration_behavior"`
}

// PortalCancelReason is a part of the object in this file.
type PortalCancelReason struct {
	Enabled bool     `json:"enabled"`
	Options []string `json:"options"`
}

// PortalSubscriptionUpdate is a part of the object in this file.
type PortalSubscriptionUpdate struct {
	DefaultAllowedUpdates []string        `json:"default_allowed_updates"`
	Enabled               bool            `json:"enabled"`
	Products              []PortalProduct `json:"products"`
	ProrationBehavior     string          `json:"proration_behavior"`
}

// PortalProduct is a part of the object in this file.
type PortalProduct struct {
	Prices  []string `json:"prices"`
	Product string   `json:"product"`
}
