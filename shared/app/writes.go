package app

import (
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
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
		Redeemed   []catalog.Redemption
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

	// SaveFeature puts a feature; with New it must not exist.
	SaveFeature struct {
		Feature catalog.Feature
		New     bool
	}

	// DeleteFeature removes a feature.
	DeleteFeature struct{ ID string }

	// SaveProduct puts one version of a product; with New it must not exist, and
	// otherwise no customer may hold it.
	SaveProduct struct {
		Product catalog.Product
		New     bool
		Held    bool // customers may hold it: only what never touches them changed (name, default, archived)
	}

	// DeleteProduct removes one version of a product.
	DeleteProduct struct {
		ID      string
		Version int
	}

	// MarkVersionInUse notes that a customer holds this version of a product, so that
	// an edit makes the next version instead of changing this one.
	MarkVersionInUse struct {
		ProductID string
		Version   int
	}

	// SaveStripePrice remembers the Stripe price of an item.
	SaveStripePrice struct{ ItemID, StripeID string }

	// SaveSettings puts the settings of the environment. Their Version must be
	// the one read (0 for the first); the row gets the next.
	SaveSettings struct{ Settings catalog.Settings }

	// SaveReward puts a reward; with New it must not exist.
	SaveReward struct {
		Reward catalog.Reward
		New    bool
	}

	// DeleteReward removes a reward and its codes.
	DeleteReward struct{ Reward catalog.Reward }

	// ReservePromoCode files a code under its text; no other reward may have it.
	ReservePromoCode struct{ Code, RewardID string }

	// ReleasePromoCode frees a code that the reward gave up.
	ReleasePromoCode struct{ Code, RewardID string }

	// SaveProgram puts a referral program; with New it must not exist.
	SaveProgram struct {
		Program catalog.ReferralProgram
		New     bool
	}

	// DeleteProgram removes a referral program.
	DeleteProgram struct{ ID string }

	// NewReferralCode files a code under its text and under its owner and
	// program; neither may be taken.
	NewReferralCode struct{ Code catalog.ReferralCode }

	// MoveReferralCode files a code under its owner's new key.
	MoveReferralCode struct{ Code catalog.ReferralCode }

	// CountRedemption adds one to a code's triggered redemptions, below Max; 0
	// is no limit.
	CountRedemption struct {
		Code string
		Max  int
	}

	// NewRedemption files a redemption; the redeemer must not have redeemed in
	// the program before.
	NewRedemption struct{ Redemption catalog.Redemption }

	// OpenRedemption files a redemption with the redeemer, whose purchase it
	// waits for.
	OpenRedemption struct {
		Key        string // of the customer
		Redemption catalog.Redemption
	}

	// CloseRedemption removes that row, which must still be there.
	CloseRedemption struct{ Key, ID string }

	// TriggerRedemption notes that the reward of a redemption was set off, and
	// who has it; it must be the first time.
	TriggerRedemption struct {
		Redemption catalog.Redemption
		Now        time.Time
	}

	// QueueReward puts a discount that waits for its turn, new or again.
	QueueReward struct {
		Key    string // of the customer
		Queued billing.QueuedReward
	}

	// UnqueueReward removes a discount that must still be waiting.
	UnqueueReward struct {
		Key    string
		Queued billing.QueuedReward
	}

	// ApplyRedemption notes that one side of a redemption has its reward.
	ApplyRedemption struct {
		ID   string
		Side billing.Branch
		Now  time.Time
	}
)

func (SaveCustomer) write()          {}
func (DeleteCustomer) write()        {}
func (SaveCustomerProduct) write()   {}
func (SaveBalance) write()           {}
func (SettleUsage) write()           {}
func (DeleteRows) write()            {}
func (SaveOperation) write()         {}
func (EndOperation) write()          {}
func (OperationDone) write()         {}
func (Postpone) write()              {}
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
func (SaveFeature) write()           {}
func (DeleteFeature) write()         {}
func (SaveProduct) write()           {}
func (DeleteProduct) write()         {}
func (MarkVersionInUse) write()      {}
func (SaveStripePrice) write()       {}
func (SaveSettings) write()          {}
func (SaveReward) write()            {}
func (DeleteReward) write()          {}
func (ReservePromoCode) write()      {}
func (ReleasePromoCode) write()      {}
func (SaveProgram) write()           {}
func (DeleteProgram) write()         {}
func (NewReferralCode) write()       {}
func (MoveReferralCode) write()      {}
func (CountRedemption) write()       {}
func (NewRedemption) write()         {}
func (OpenRedemption) write()        {}
func (CloseRedemption) write()       {}
func (TriggerRedemption) write()     {}
func (QueueReward) write()           {}
func (UnqueueReward) write()         {}
func (ApplyRedemption) write()       {}
