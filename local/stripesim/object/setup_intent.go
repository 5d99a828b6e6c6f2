package object

// SetupIntent is an attempt to save a card (object "setup_intent").
type SetupIntent struct {
	Application             Text      `json:"application"`
	AutomaticPaymentMethods Null      `json:"automatic_payment_methods"`
	CancellationReason      Text      `json:"cancellation_reason"`
	ClientSecret            Text      `json:"client_secret"`
	Created                 int64     `json:"created"`
	Customer                Text      `json:"customer"`
	Description             Text      `json:"description"`
	ID                      string    `json:"id"`
	LastSetupError          *APIError `json:"last_setup_error"`
	LatestAttempt           Text      `json:"latest_attempt"`
	Livemode                bool      `json:"livemode"`
	Mandate                 Text      `json:"mandate"`
	Metadata                Metadata  `json:"metadata"`
	NextAction              Raw       `json:"next_action"`
	Object                  string    `json:"object"`
	OnBehalfOf              Text      `json:"on_behalf_of"`
	PaymentMethod           Text      `json:"payment_method"`
	PaymentMethodOptions    Raw       `json:"payment_method_options"`
	PaymentMethodTypes      []string  `json:"payment_method_types"`
	SingleUseMandate        Text      `json:"single_use_mandate"`
	Status                  string    `json:"status"`
	Usage                   string    `json:"usage"`
}
