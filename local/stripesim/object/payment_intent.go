package object

// PaymentIntent is an attempt to collect an amount (object "payment_intent").
type PaymentIntent struct {
	Amount                    int64     `json:"amount"`
	AmountCapturable          int64     `json:"amount_capturable"`
	AmountReceived            int64     `json:"amount_received"`
	Application               Text      `json:"application"`
	ApplicationFeeAmount      *int64    `json:"application_fee_amount"`
	AutomaticPaymentMethods   Null      `json:"automatic_payment_methods"`
	CanceledAt                Stamp     `json:"canceled_at"`
	CancellationReason        Text      `json:"cancellation_reason"`
	CaptureMethod             string    `json:"capture_method"`
	ClientSecret              Text      `json:"client_secret"`
	ConfirmationMethod        string    `json:"confirmation_method"`
	Created                   int64     `json:"created"`
	Currency                  string    `json:"currency"`
	Customer                  Text      `json:"customer"`
	Description               Text      `json:"description"`
	ID                        string    `json:"id"`
	Invoice                   Text      `json:"invoice"`
	LastPaymentError          *APIError `json:"last_payment_error"`
	LatestCharge              Text      `json:"latest_charge"`
	Livemode                  bool      `json:"livemode"`
	Metadata                  Metadata  `json:"metadata"`
	NextAction                Raw       `json:"next_action"`
	Object                    string    `json:"object"`
	OnBehalfOf                Text      `json:"on_behalf_of"`
	PaymentMethod             Text      `json:"payment_method"`
	PaymentMethodOptions      Raw       `json:"payment_method_options"`
	PaymentMethodTypes        []string  `json:"payment_method_types"`
	Processing                Null      `json:"processing"`
	ReceiptEmail              Text      `json:"receipt_email"`
	Review                    Text      `json:"review"`
	SetupFutureUsage          Text      `json:"setup_future_usage"`
	Shipping                  Null      `json:"shipping"`
	StatementDescriptor       Text      `json:"statement_descriptor"`
	StatementDescriptorSuffix Text      `json:"statement_descriptor_suffix"`
	Status                    string    `json:"status"`
	TransferData              Null      `json:"transfer_data"`
	TransferGroup             Text      `json:"transfer_group"`
}
