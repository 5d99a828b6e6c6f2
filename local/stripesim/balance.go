package stripesim

import (
	"strings"

	"windfall/local/stripesim/object"
)

var balanceRoutes = []endpoint{
	{"POST /v1/customers/{id}/balance_transactions", "amount!:i currency! description metadata:m", createBalanceTransaction},
	{"GET /v1/customers/{id}/balance_transactions", pageParams, listBalanceTransactions},
	{"GET /v1/customers/{id}/balance_transactions/{sub}", "", getBalanceTransaction},
	{"POST /v1/customers/{id}/balance_transactions/{sub}", "description metadata:m", updateBalanceTransaction},
}

// post adds a row to the ledger of a customer. A negative amount is a credit.
// The sum of all rows is customer.balance.
//
// https://docs.stripe.com/billing/customer/balance
func (t *tx) post(customer, kind string, amount int64, currency string, with func(*object.BalanceTransaction)) *object.BalanceTransaction {
	cus := edit[*object.Customer](t, customer)
	if cus.Currency == "" {
		cus.Currency = object.Text(currency)
	}
	cus.Balance += amount
	b := &object.BalanceTransaction{
		ID: t.newID("cbtxn_"), Object: "customer_balance_transaction", Amount: amount, Created: t.now, Currency: currency,
		Customer: customer, EndingBalance: cus.Balance, Type: kind,
	}
	with(b)
	t.put(b)
	return b
}

func createBalanceTransaction(c *call) (any, error) {
	cus, err := c.customer(c.id, "id")
	if err != nil {
		return nil, err
	}
	currency := strings.ToLower(c.p.Str("currency"))
	if cus.Currency != "" && string(cus.Currency) != currency {
		return nil, invalid("currency", "The currency of the balance transaction (%s) must match the customer's currency (%s).", currency, cus.Currency)
	}
	meta, err := mergeMetadata(nil, c.p)
	if err != nil {
		return nil, err
	}
	b := c.post(c.id, "adjustment", c.p.Int("amount"), currency, func(b *object.BalanceTransaction) {
		b.Description, b.Metadata = object.Text(c.p.Str("description")), meta
	})
	c.emit("customer.updated", edit[*object.Customer](c.tx, c.id))
	return b, nil
}

func (c *call) balanceTransaction() (*object.BalanceTransaction, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	b, ok := find[*object.BalanceTransaction](c.tx, c.sub)
	if !ok || b.Customer != c.id {
		return nil, missing("customer_balance_transaction", c.sub, "id")
	}
	return b, nil
}

func getBalanceTransaction(c *call) (any, error) { return c.balanceTransaction() }

// updateBalanceTransaction: only description and metadata can change.
func updateBalanceTransaction(c *call) (any, error) {
	if _, err := c.balanceTransaction(); err != nil {
		return nil, err
	}
	b := edit[*object.BalanceTransaction](c.tx, c.sub)
	text(&b.Description, c.p, "description")
	var err error
	b.Metadata, err = mergeMetadata(b.Metadata, c.p)
	return b, err
}

func listBalanceTransactions(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	return pageNewest(c, ownedBy[*object.BalanceTransaction](c.tx, c.id), nil)
}
