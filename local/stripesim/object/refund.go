package object

// Refund is money given back from a charge (object "refund").
type Refund struct {
	Amount                 int64    `json:"amount"`
	BalanceTransaction     Text     `json:"balance_transaction"`
	Charge                 Text     `json:"charge"`
	Created                int64    `json:"created"`
	Currency               string   `json:"currency"`
	ID                     string   `json:"id"`
	Metadata               Metadata `json:"metadata"`
	Object                 string   `json:"object"`
	PaymentIntent          Text     `json:"payment_intent"`
	Reason                 Text     `json:"reason"`
	ReceiptNumber          Text     `json:"receipt_number"`
	SourceTransferReversal Text     `json:"source_transfer_reversal"`
	Status                 Text     `json:"status"`
	TransferReversal       Text     `json:"transfer_reversal"`
}
