package hosted

import "windfall/local/stripesim/object"

// Account is what the pages need of the simulator. Every action is one
// transaction, and returns nil when it succeeded.
type Account interface {
	// View runs look while nothing changes the account. look must neither change
	// nor keep what it reads.
	View(look func(View))

	// Complete buys what a checkout session offers. It returns the completed
	// session.
	Complete(session string, p Purchase, bank string) (*object.CheckoutSession, *Refusal)
	// PayInvoice pays an open invoice with a card.
	PayInvoice(invoice, card, bank string) *Refusal
	// UsePortal does what a button of the portal says.
	UsePortal(session string, a PortalAction) *Refusal
}

// Answers of the buyer to the challenge of a bank, which arrive as the argument
// bank; "" before there is one.
const (
	Approve = "approve"
	Fail    = "fail"
)

// Purchase is what a buyer enters on the checkout page.
type Purchase struct {
	PaymentMethod string // a test card, or the id of a saved one
	PromotionCode string
	Quantities    map[string]int64 // on the page by line item, in units of its price
	Email         string
	Name          string
	Country       string // of the billing address, two letters; "" for the one that is known
	PostalCode    string
	TaxID         string
}

// PortalAction is a pressed button of the portal.
type PortalAction struct {
	Name         string // "cancel", "resume" or "card"
	Subscription string // to cancel or to resume
	Card         string // to save
	Bank         string // see Approve
}

// Refusal is why an action did not happen. Only a declined payment leaves traces
// in the account.
type Refusal struct {
	Status         int    // of HTTP
	Param, Message string // as in Stripe's error
	Challenge      *Challenge
}

// Challenge is set when the bank asks the buyer first: 3-D Secure. The same
// action with an answer goes on from there.
type Challenge struct {
	Last4    string // of the card
	Amount   int64  // to be paid, in minor units
	Currency string // "" when a card is only saved
}
