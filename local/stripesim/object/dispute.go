package object

// Dispute is a payment that the customer's bank takes back (object "dispute").
type Dispute struct {
	Amount               int64                  `json:"amount"`
	BalanceTransactions  []struct{}             `json:"balance_transactions"`
	Charge               string                 `json:"charge"`
	Created              int64                  `json:"created"`
	Currency             string                 `json:"currency"`
	Evidence             DisputeEvidence        `json:"evidence"`
	EvidenceDetails      DisputeEvidenceDetails `json:"evidence_details"`
	ID                   string                 `json:"id"`
	IsChargeRefundable   bool                   `json:"is_charge_refundable"`
	Livemode             bool                   `json:"livemode"`
	Metadata             Metadata               `json:"metadata"`
	Object               string                 `json:"object"`
	PaymentIntent        Text                   `json:"payment_intent"`
	PaymentMethodDetails DisputeMethodDetails   `json:"payment_method_details"`
	Reason               string                 `json:"reason"`
	Status               string                 `json:"status"`
}

// DisputeEvidence is a part of the object in this file: what the company says.
type DisputeEvidence struct {
	AccessActivityLog            Text `json:"access_activity_log"`
	BillingAddress               Text `json:"billing_address"`
	CancellationPolicy           Text `json:"cancellation_policy"`
	CancellationPolicyDisclosure Text `json:"cancellation_policy_disclosure"`
	CancellationRebuttal         Text `json:"cancellation_rebuttal"`
	CustomerCommunication        Text `json:"customer_communication"`
	CustomerEmailAddress         Text `json:"customer_email_address"`
	CustomerName                 Text `json:"customer_name"`
	CustomerPurchaseIP           Text `json:"customer_purchase_ip"`
	CustomerSignature            Text `json:"customer_signature"`
	DuplicateChargeDocumentation Text `json:"duplicate_charge_documentation"`
	DuplicateChargeExplanation   Text `json:"duplicate_charge_explanation"`
	DuplicateChargeID            Text `json:"duplicate_charge_id"`
	ProductDescription           Text `json:"product_description"`
	Receipt                      Text `json:"receipt"`
	RefundPolicy                 Text `json:"refund_policy"`
	RefundPolicyDisclosure       Text `json:"refund_policy_disclosure"`
	RefundRefusalExplanation     Text `json:"refund_refusal_explanation"`
	ServiceDate                  Text `json:"service_date"`
	ServiceDocumentation         Text `json:"service_documentation"`
	ShippingAddress              Text `json:"shipping_address"`
	ShippingCarrier              Text `json:"shipping_carrier"`
	ShippingDate                 Text `json:"shipping_date"`
	ShippingDocumentation        Text `json:"shipping_documentation"`
	ShippingTrackingNumber       Text `json:"shipping_tracking_number"`
	UncategorizedFile            Text `json:"uncategorized_file"`
	UncategorizedText            Text `json:"uncategorized_text"`
}

// DisputeEvidenceDetails is a part of the object in this file.
type DisputeEvidenceDetails struct {
	DueBy           Stamp `json:"due_by"`
	HasEvidence     bool  `json:"has_evidence"`
	PastDue         bool  `json:"past_due"`
	SubmissionCount int64 `json:"submission_count"`
}

// DisputeMethodDetails is a part of the object in this file.
type DisputeMethodDetails struct {
	Card DisputeCard `json:"card"`
	Type string      `json:"type"`
}

// DisputeCard is a part of the object in this file.
type DisputeCard struct {
	Brand             string `json:"brand"`
	NetworkReasonCode Text   `json:"network_reason_code"`
}
