package object

// BalanceTransaction is one immutable row of the ledger behind customer.balance (object "customer_balance_transaction").
type BalanceTransaction struct {
	Amount        int64    `json:"amount"`
	Created       int64    `json:"created"`
	CreditNote    Text     `json:"credit_note"`
	Currency      string   `json:"currency"`
	Customer      string   `json:"customer"`
	Description   Text     `json:"description"`
	EndingBalance int64    `json:"ending_balance"`
	ID            string   `json:"id"`
	Invoice       Text     `json:"invoice"`
	Livemode      bool     `json:"livemode"`
	Metadata      Metadata `json:"metadata"`
	Object        string   `json:"object"`
	Type          string   `json:"type"`
}
