package hosted

import "windfall/local/stripesim/object"

// View reads an account at one moment.
type View interface {
	// Base is the public address of the pages, without a slash at the end.
	Base() string
	// Session is a checkout session as it is stored.
	Session(id string) (*object.CheckoutSession, bool)
	// Quote prices an open session for a purchase that has not been made.
	Quote(session string, p Purchase) Quote
	// Outcome is what came of a completed session.
	Outcome(cs *object.CheckoutSession) Outcome
	// Bill is an invoice, opened from a portal session or from "".
	Bill(invoice, portal string) (Bill, bool)
	// Billing is what a portal session may show of its customer.
	Billing(portal string) (Billing, bool)
}

// Quote is an open checkout session as it would be with a purchase.
type Quote struct {
	Session         *object.CheckoutSession // with the purchase's quantities, code and totals
	Coupon          *object.Coupon          // that discounts it, nil without one
	QuantityProblem string                  // why the quantities were not taken, "" when they were
	CodeProblem     string                  // why the code was not taken, "" when it was or there is none
	AddressProblem  string                  // why the address or the tax id was not taken, "" when they were or there are none
	Outcome                                 // of completing it now with a card that works
}

// Outcome is the subscription side of a completed session.
type Outcome struct {
	Invoice *object.Invoice // the first, nil without one
	Renewal *Renewal        // nil when no subscription renews
}

// Renewal is what a subscription costs from its next period on.
type Renewal struct {
	At       int64 // when the next period begins, in Unix seconds
	Every    *object.Recurring
	Next     *object.Invoice
	Full     *object.Invoice // the first without the discount, nil when no discount ends
	FullFrom int64           // when that one is due, in Unix seconds
	Metered  bool            // usage is billed besides
}

// Bill is an invoice with what its page shows besides.
type Bill struct {
	Invoice *object.Invoice
	Charge  *object.Charge        // that paid it, nil without one
	Portal  *object.PortalSession // it was opened from, nil when that belongs to another customer
}

// Billing is what the portal shows of a customer.
type Billing struct {
	Session       *object.PortalSession
	Configuration *object.PortalConfiguration
	Subscriptions []Subscription          // that have not ended, newest first
	Cards         []*object.PaymentMethod // oldest first
	DefaultCard   string                  // id of the card that pays, "" without one
	Invoices      []*object.Invoice       // oldest first
}

// Subscription is a running subscription of the portal's customer.
type Subscription struct {
	*object.Subscription
	Products []Product
	Latest   *object.Invoice // nil without one
}

// Product is what a subscription item is for.
type Product struct {
	Name     string
	Quantity int64
	Price    *object.Price
}
