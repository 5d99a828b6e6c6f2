package app

import (
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/referral"
)

// A Write is one row to change. All writes of one Commit happen or none does.
// Package dynamo declares each type with the kind of row that it changes, as a
// conditional write.
type Write interface{ write() }

type (
	// SaveCustomer puts the customer row. Its Version must be the one read (0
	// for a new one); the row gets the next.
	SaveCustomer struct{ Customer billing.Customer }

	// DeleteCustomer removes the customer row at the version read.
	DeleteCustomer struct{ Customer billing.Customer }

	// SaveCustomerProduct puts a customer product. Due is when the sweep checks it;
	// zero is the next of its own dates.
	SaveCustomerProduct struct {
		Key     string // of the customer
		Product billing.CustomerProduct
		Due     time.Time
	}

	// MoveEnded moves ended products from a customer's rows to the history.
	MoveEnded struct {
		Key, InternalID string
		Products        []billing.CustomerProduct
	}

	// SaveBalance puts a balance row. Its Version must be the one read (0 for a
	// new one); the row gets the next.
	SaveBalance struct {
		Key     string
		Balance entitlement.Balance
		Now     time.Time
	}

	// SettleUsage takes usage that was billed off a balance row. The
	// closed usage there must be as read; the rest of the row may have changed.
	SettleUsage struct {
		Key     string
		Settled billing.SettledUsage
	}

	// DeleteRows removes rows of a customer.
	DeleteRows struct {
		Key        string
		Products   []billing.CustomerProduct
		Balances   []entitlement.Balance
		Operations []billing.Operation
		Codes      []catalog.ReferralCode
		Queue      []billing.QueuedReward
		Redeemed   []referral.Redemption
		Credits    credit.Account
		Guesses    billing.Guesses
	}

	// SaveOperation puts an operation. Due is when the sweep checks it;
	// with Begin the table's stream has it carried out at once.
	SaveOperation struct {
		Key       string
		Operation billing.Operation
		Due       time.Time
		Begin     bool
	}

	// EndOperation removes an operation that must still be there.
	EndOperation struct{ Key, ID string }

	// OperationDone notes what the operation of a request with an
	// Idempotency-Key led to; it must be the first time.
	OperationDone struct {
		OperationID string
		Outcome     Outcome
		Now         time.Time
	}

	// Postpone puts off a row of the due index, which must be due as it was read.
	Postpone struct {
		Due   Due
		Until time.Time
	}

	// SaveCredits puts the credits of a customer, whose Version must be the one read.
	// Due is when the sweep looks at them; zero is never.
	SaveCredits struct {
		Key     string
		Credits credit.Account
		Due     time.Time
	}

	// SaveGuesses puts how many unknown codes were sent for a customer, who gets
	// another key.
	SaveGuesses struct {
		Key     string
		Guesses billing.Guesses
	}

	// AddAudit appends to the customer's history.
	AddAudit struct {
		InternalID string
		Audit      billing.Audit
	}

	// SaveInvoice puts a copy of a Stripe invoice, unless the stored copy is in a later
	// status: an invoice never goes back.
	SaveInvoice struct {
		InternalID string
		Invoice    billing.Invoice
		Noted      string // orders invoices of one second; the first one given stays
	}

	// SaveReturnedPayment puts what a customer has back of a payment.
	SaveReturnedPayment struct {
		InternalID string
		Payment    billing.ReturnedPayment
	}

	// ForgetReturnedPayment removes what is noted of a payment that the company
	// has again.
	ForgetReturnedPayment struct{ InternalID, ChargeID string }

	// ForgetInvoice removes the copy of an invoice.
	ForgetInvoice struct {
		InternalID string
		Invoice    billing.Invoice
	}

	// LinkStripe files a customer under its Stripe id; it must not be another
	// customer's who is there.
	LinkStripe struct {
		StripeID   string
		Key        string // of the customer
		InternalID string
		Was        string // its key before, when it moves
	}

	// BuryStripe keeps, instead of that look-up, that its customer was deleted.
	BuryStripe struct {
		StripeID string
		Key      string // of the customer until now
		Owner    billing.StripeOwner
	}

	// ReserveEmail files a customer without id under its e-mail address; no
	// other may be there.
	ReserveEmail struct{ Email, InternalID string }

	// ReleaseEmail removes that look-up; it must still be this customer's.
	ReleaseEmail struct{ Email, InternalID string }

	// ClaimTrial notes that a device has tried a product; it must be the first time.
	ClaimTrial struct{ Trial billing.TrialClaim }

	// EventDone notes that a webhook event has had its effect.
	EventDone struct {
		EventID string
		Type    string
		Now     time.Time
	}
)

func (SaveCustomer) write()          {}
func (DeleteCustomer) write()        {}
func (SaveCustomerProduct) write()   {}
func (MoveEnded) write()             {}
func (SaveBalance) write()           {}
func (SettleUsage) write()           {}
func (DeleteRows) write()            {}
func (SaveGuesses) write()           {}
func (SaveOperation) write()         {}
func (EndOperation) write()          {}
func (OperationDone) write()         {}
func (Postpone) write()              {}
func (SaveCredits) write()           {}
func (AddAudit) write()              {}
func (SaveInvoice) write()           {}
func (ForgetInvoice) write()         {}
func (SaveReturnedPayment) write()   {}
func (ForgetReturnedPayment) write() {}
func (LinkStripe) write()            {}
func (BuryStripe) write()            {}
func (ReserveEmail) write()          {}
func (ReleaseEmail) write()          {}
func (ClaimTrial) write()            {}
func (EventDone) write()             {}
