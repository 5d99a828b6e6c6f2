package object

// Charge is one try at a card (object "charge").
type Charge struct {
	Amount                        int64                 `json:"amount"`
	AmountCaptured                int64                 `json:"amount_captured"`
	AmountRefunded                int64                 `json:"amount_refunded"`
	Application                   Text                  `json:"application"`
	ApplicationFee                Text                  `json:"application_fee"`
	ApplicationFeeAmount          *int64                `json:"application_fee_amount"`
	BalanceTransaction            Text                  `json:"balance_transaction"`
	BillingDetails                BillingDetails        `json:"billing_details"`
	CalculatedStatementDescriptor Text                  `json:"calculated_statement_descriptor"`
	Captured                      bool                  `json:"captured"`
	Created                       int64                 `json:"created"`
	Currency                      string                `json:"currency"`
	Customer                      Text                  `json:"customer"`
	Description                   Text                  `json:"description"`
	Disputed                      bool                  `json:"disputed"`
	FailureBalanceTransaction     Text                  `json:"failure_balance_transaction"`
	FailureCode                   Text                  `json:"failure_code"`
	FailureMessage                Text                  `json:"failure_message"`
	FraudDetails                  Raw                   `json:"fraud_details"`
	ID                            string                `json:"id"`
	Invoice                       Text                  `json:"invoice"`
	Livemode                      bool                  `json:"livemode"`
	Metadata                      Metadata              `json:"metadata"`
	Object                        string                `json:"object"`
	OnBehalfOf                    Text                  `json:"on_behalf_of"`
	Outcome                       *ChargeOutcome        `json:"outcome"`
	Paid                          bool                  `json:"paid"`
	PaymentIntent                 Text                  `json:"payment_intent"`
	PaymentMethod                 Text                  `json:"payment_method"`
	PaymentMethodDetails          *PaymentMethodDetails `json:"payment_method_details"`
	ReceiptEmail                  Text                  `json:"receipt_email"`
	ReceiptNumber                 Text                  `json:"receipt_number"`
	ReceiptURL                    Text                  `json:"receipt_url"`
	Refunded                      bool                  `json:"refunded"`
	Review                        Text                  `json:"review"`
	Shipping                      Null                  `json:"shipping"`
	SourceTransfer                Text                  `json:"source_transfer"`
	StatementDescriptor           Text                  `json:"statement_descriptor"`
	StatementDescriptorSuffix     Text                  `json:"statement_descriptor_suffix"`
	Status                        string                `json:"status"`
	TransferData                  Null                  `json:"transfer_data"`
	TransferGroup                 Text                  `json:"transfer_group"`
}

// ChargeOutcome is a part of the object in this file.
type ChargeOutcome struct {
	NetworkStatus Text   `json:"network_status"`
	Reason        Text   `json:"reason"`
	RiskLevel     string `json:"risk_level,omitempty"`
	RiskScore     int64  `json:"risk_score"`
	SellerMessage Text   `json:"seller_message"`
	Type          string `json:"type"`
}

// PaymentMethodDetails is a part of the object in this file.
type PaymentMethodDetails struct {
	Card CardDetails `json:"card"`
	Type string      `json:"type"`
}

// CardDetails is a part of the object in this file.
type CardDetails struct {
	AmountAuthorized *int64 `json:"amount_authorized"`
	Brand            Text   `json:"brand"`
	Checks           Null   `json:"checks"`
	Country          Text   `json:"country"`
	ExpMonth         int64  `json:"exp_month"`
	ExpYear          int64  `json:"exp_year"`
	Fingerprint      Text   `json:"fingerprint"`
	Funding          Text   `json:"funding"`
	Installments     Null   `json:"installments"`
	Last4            Text   `json:"last4"`
	Mandate          Text   `json:"mandate"`
	Network          Text   `json:"network"`
	NetworkToken     Null   `json:"network_token"`
	ThreeDSecure     Null   `json:"three_d_secure"`
	Wallet           Null   `json:"wallet"`
}
