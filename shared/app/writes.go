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
// It names its own method of the table: so a function links only the writes that it
// makes.
type Write interface{ To(t Table) }

// A Table takes writes: each type by a method of its own, which has its name. Its type
// lists none of them, as the linker keeps whatever such a list names.
type Table any

// Tables has the methods of all writes: what turns them into conditional writes of rows.
// Package dynamo has each beside the kind of row that it changes.
type Tables interface {
	CustomerTable
	CatalogTable
	PromoCodeTable
	ReferralTable
	LockTable
	AttentionTable
	KeyTable
	FiguresTable
}

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

	// NewEntity puts an entity of a customer that was not there.
	NewEntity struct {
		Key    string
		Entity billing.Entity
	}

	// EntityStays holds while an entity is there: it changes nothing.
	EntityStays struct {
		Key    string
		Entity entitlement.EntityRef
	}

	// RenameEntity changes the name of an entity that must be there.
	RenameEntity struct {
		Key    string
		Entity billing.Entity
	}

	// DeleteEntity removes an entity that must be there, with its balances as they were read.
	DeleteEntity struct {
		Key      string
		Entity   billing.Entity
		Balances []entitlement.Balance
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

	// AddAudit appends to the customer's history. Name and Path are those of AuditOf, for lists
	// of entries of several customers.
	AddAudit struct {
		InternalID string
		Audit      billing.Audit
		Name, Path string
	}

	// SaveInvoice puts a copy of a Stripe invoice, unless the stored copy is in a later
	// status: an invoice never goes back.
	SaveInvoice struct {
		InternalID string
		Invoice    billing.Invoice
		Noted      string // orders invoices of one second; the first one given stays
		Earned     bool   // it is counted as revenue, which it must not have been before
	}

	// SaveReturnedPayment puts what a customer has back of a payment, in the revenue of its month. It is stale where the
	// note was uncounted when it was read, and is counted by now.
	SaveReturnedPayment struct {
		InternalID string
		Payment    billing.ReturnedPayment
		Uncounted  bool
	}

	// ForgetReturnedPayment removes what is noted of a payment that the company
	// has again. It is stale as SaveReturnedPayment is.
	ForgetReturnedPayment struct {
		InternalID, ChargeID string
		Uncounted            bool
	}

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

// CustomerTable is the part of Tables with the rows of a customer.
type CustomerTable interface {
	SaveCustomer(SaveCustomer)
	DeleteCustomer(DeleteCustomer)
	SaveCustomerProduct(SaveCustomerProduct)
	MoveEnded(MoveEnded)
	SaveBalance(SaveBalance)
	SettleUsage(SettleUsage)
	NewEntity(NewEntity)
	EntityStays(EntityStays)
	RenameEntity(RenameEntity)
	DeleteEntity(DeleteEntity)
	DeleteRows(DeleteRows)
	SaveGuesses(SaveGuesses)
	SaveOperation(SaveOperation)
	EndOperation(EndOperation)
	OperationDone(OperationDone)
	Postpone(Postpone)
	SaveCredits(SaveCredits)
	AddAudit(AddAudit)
	SaveInvoice(SaveInvoice)
	ForgetInvoice(ForgetInvoice)
	SaveReturnedPayment(SaveReturnedPayment)
	ForgetReturnedPayment(ForgetReturnedPayment)
	LinkStripe(LinkStripe)
	BuryStripe(BuryStripe)
	ReserveEmail(ReserveEmail)
	ReleaseEmail(ReleaseEmail)
	ClaimTrial(ClaimTrial)
	EventDone(EventDone)
}

func (w SaveCustomer) To(t Table) { t.(interface{ SaveCustomer(SaveCustomer) }).SaveCustomer(w) }
func (w DeleteCustomer) To(t Table) {
	t.(interface{ DeleteCustomer(DeleteCustomer) }).DeleteCustomer(w)
}
func (w SaveCustomerProduct) To(t Table) {
	t.(interface{ SaveCustomerProduct(SaveCustomerProduct) }).SaveCustomerProduct(w)
}
func (w MoveEnded) To(t Table)     { t.(interface{ MoveEnded(MoveEnded) }).MoveEnded(w) }
func (w SaveBalance) To(t Table)   { t.(interface{ SaveBalance(SaveBalance) }).SaveBalance(w) }
func (w SettleUsage) To(t Table)   { t.(interface{ SettleUsage(SettleUsage) }).SettleUsage(w) }
func (w NewEntity) To(t Table)     { t.(interface{ NewEntity(NewEntity) }).NewEntity(w) }
func (w EntityStays) To(t Table)   { t.(interface{ EntityStays(EntityStays) }).EntityStays(w) }
func (w RenameEntity) To(t Table)  { t.(interface{ RenameEntity(RenameEntity) }).RenameEntity(w) }
func (w DeleteEntity) To(t Table)  { t.(interface{ DeleteEntity(DeleteEntity) }).DeleteEntity(w) }
func (w DeleteRows) To(t Table)    { t.(interface{ DeleteRows(DeleteRows) }).DeleteRows(w) }
func (w SaveGuesses) To(t Table)   { t.(interface{ SaveGuesses(SaveGuesses) }).SaveGuesses(w) }
func (w SaveOperation) To(t Table) { t.(interface{ SaveOperation(SaveOperation) }).SaveOperation(w) }
func (w EndOperation) To(t Table)  { t.(interface{ EndOperation(EndOperation) }).EndOperation(w) }
func (w OperationDone) To(t Table) { t.(interface{ OperationDone(OperationDone) }).OperationDone(w) }
func (w Postpone) To(t Table)      { t.(interface{ Postpone(Postpone) }).Postpone(w) }
func (w SaveCredits) To(t Table)   { t.(interface{ SaveCredits(SaveCredits) }).SaveCredits(w) }
func (w AddAudit) To(t Table)      { t.(interface{ AddAudit(AddAudit) }).AddAudit(w) }
func (w SaveInvoice) To(t Table)   { t.(interface{ SaveInvoice(SaveInvoice) }).SaveInvoice(w) }
func (w ForgetInvoice) To(t Table) { t.(interface{ ForgetInvoice(ForgetInvoice) }).ForgetInvoice(w) }
func (w SaveReturnedPayment) To(t Table) {
	t.(interface{ SaveReturnedPayment(SaveReturnedPayment) }).SaveReturnedPayment(w)
}
func (w ForgetReturnedPayment) To(t Table) {
	t.(interface{ ForgetReturnedPayment(ForgetReturnedPayment) }).ForgetReturnedPayment(w)
}
func (w LinkStripe) To(t Table)   { t.(interface{ LinkStripe(LinkStripe) }).LinkStripe(w) }
func (w BuryStripe) To(t Table)   { t.(interface{ BuryStripe(BuryStripe) }).BuryStripe(w) }
func (w ReserveEmail) To(t Table) { t.(interface{ ReserveEmail(ReserveEmail) }).ReserveEmail(w) }
func (w ReleaseEmail) To(t Table) { t.(interface{ ReleaseEmail(ReleaseEmail) }).ReleaseEmail(w) }
func (w ClaimTrial) To(t Table)   { t.(interface{ ClaimTrial(ClaimTrial) }).ClaimTrial(w) }
func (w EventDone) To(t Table)    { t.(interface{ EventDone(EventDone) }).EventDone(w) }
