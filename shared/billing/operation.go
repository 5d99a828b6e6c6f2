package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/referral"
)

// An Operation is a money command that was decided and is being carried out.
// It is stored before Stripe is touched, so that the next process can finish
// it with the same words and the same keys.
type Operation struct {
	ID          string            `json:"id,omitzero"`
	Command     string            `json:"command,omitzero"`      // "attach", "update", "cancel", BillSeats, CommandDelete
	Fingerprint string            `json:"fingerprint,omitzero"`  // equal for equal commands
	Actor       string            `json:"actor,omitzero"`        // who asked, for the audit
	Publishable bool              `json:"publishable,omitempty"` // asked with a publishable key
	State       OperationState    `json:"state,omitzero"`
	Slots       []string          `json:"slots,omitzero"` // what it occupies while its page is open; see Attach.slots
	Decision    Decision          `json:"decision,omitzero"`
	Results     Results           `json:"results,omitzero"` // known so far; complete only in the end
	Number      int64             `json:"number,omitzero"`  // orders the customer's money commands: the version that recorded it
	Lease       time.Time         `json:"lease,omitzero"`   // until then the process that recorded or resumed it may still run it; zero when none does
	CreatedAt   time.Time         `json:"created_at,omitzero"`
	Notes       map[string]string `json:"notes,omitempty"` // the caller's, on what its steps make at Stripe
}

// An OperationState is how far an operation is.
type OperationState string

const (
	Running          OperationState = "running" // its steps are being taken
	AwaitingCheckout OperationState = "waiting" // its page is open until it is paid or expires
)

// A Decision is what must happen. It is data: building one changes nothing.
type Decision struct {
	Branch       Branch                        `json:"branch,omitzero"`
	Effect       Effect                        `json:"effect,omitzero"`
	Subject      Subject                       `json:"subject,omitzero"`
	Entity       entitlement.EntityRef         `json:"entity,omitzero"`         // whose products and balances it is about; zero is the customer
	Why          string                        `json:"why,omitzero"`            // the rule in one sentence, for the audit
	Products     []string                      `json:"products,omitzero"`       // ids of the products this is about, for the answer
	Start        []CustomerProduct             `json:"start,omitzero"`          // products that begin; Settle fills in dates and Stripe ids
	End          []Ending                      `json:"end,omitempty"`           // running products that end
	Keep         []string                      `json:"keep,omitempty"`          // customer products whose end is withdrawn
	Drop         []string                      `json:"drop,omitempty"`          // scheduled products that are taken back
	Bought       map[string][]catalog.Quantity `json:"bought,omitempty"`        // new prepaid quantities of a customer product
	Usage        []entitlement.UnbilledUsage   `json:"usage,omitempty"`         // overage that the charge includes
	Seats        []PaidSeats                   `json:"seats,omitempty"`         // seats of begun products that the charge includes
	Steps        []Step                        `json:"steps,omitzero"`          // what Stripe is asked, in order; none for what costs nothing
	Page         bool                          `json:"page,omitzero"`           // the steps end in a page, and Start waits until it is paid
	Cause        PageCause                     `json:"cause,omitzero"`          // why it is a page, where none was asked for
	Declined     *Decision                     `json:"declined,omitempty"`      // what to do instead when the card is refused
	Lines        []Line                        `json:"lines,omitzero"`          // what is due now, by our own arithmetic
	NotBilled    []NotBilled                   `json:"not_billed,omitempty"`    // what would be due, and no invoice takes
	Trials       []string                      `json:"trials,omitzero"`         // products whose trial this uses up
	DeviceTrials []string                      `json:"device_trials,omitempty"` // those of them whose trial is once per device
	Reward       *QueuedReward                 `json:"reward,omitempty"`        // the reward to be applied
	Queue        []QueuedReward                `json:"queue,omitempty"`         // what takes the place of Reward in the queue
	Given        *Given                        `json:"given,omitempty"`         // the reward that the purchase or change comes with
	CreditUses   []credit.Use                  `json:"credit_uses,omitempty"`   // what credits for some prices pay of the charge
	Running      *BillDiscount                 `json:"running,omitempty"`       // the discount that lowers what is due now
	Quantities   []catalog.Quantity            `json:"quantities,omitempty"`    // prepaid quantities that Lines and the periods to come are computed with
	Carry        bool                          `json:"carry,omitempty"`         // what begins is the same product as what ends: what was used stays used
	Restart      bool                          `json:"restart,omitempty"`       // another interval: a full period begins now
	First        money.Period                  `json:"first,omitzero"`          // the first period, where it ends on a billing day that was asked for
	Renews       time.Time                     `json:"renews,omitzero"`         // when the next charge is due, where that is not a full period from now
	Sum          string                        `json:"sum,omitempty"`           // the arithmetic of what is due now, for the audit
	Currency     money.Currency                `json:"currency,omitzero"`
	Taxed        bool                          `json:"automatic_tax,omitzero"` // Lines are before the tax that Stripe computes
}

// A PageCause says why the customer pays on a page although none was asked for.
type PageCause string

const (
	PageNoCard      PageCause = "no_card"
	PageCardRefused PageCause = "card_refused"
)

// DueNow is what the decision charges at once.
func (d Decision) DueNow() money.Amount { return Total(d.Lines) }

// PaidSeats are units of a grant that are paid in advance.
type PaidSeats struct {
	GrantID string        `json:"grant_id,omitzero"`
	Units   money.Decimal `json:"units,omitzero"`
}

// Nothing reports whether the decision changes nothing.
func (d Decision) Nothing() bool {
	return len(d.Start)+len(d.End)+len(d.Keep)+len(d.Drop)+len(d.Bought)+len(d.Steps) == 0
}

// A Settlement is what an operation leaves behind: the rows to save, and the
// audit entry that says why.
type Settlement struct {
	Customer   Customer
	Products   []CustomerProduct
	Gone       []CustomerProduct // scheduled products that were taken back
	Moved      []CustomerProduct // ended products that leave the customer's rows for the history
	Balances   []entitlement.Balance
	Trials     []TrialClaim
	Queued     []QueuedReward       // discounts that wait, new or again
	Unqueued   *QueuedReward        // a discount that waits no longer
	Applied    bool                 // … because it is on the customer, or was taken back
	Dropped    []QueuedReward       // further ones that wait no longer: they were taken back
	Redemption *referral.Redemption // of a code, by a purchase or a change
	Invoice    *Invoice
	Audit      Audit
	Mismatches []Audit         // where Stripe billed, or will bill, something else than was decided
	NotBilled  []Audit         // where no invoice takes what is due
	Credits    *credit.Account // to be saved; nil where they stay as they are
	Moves      []Audit         // of credits
	Seats      *Operation      // bills seats that were in use when a product began, or nil
}

// ProductIDs lists the products an operation is about.
func (op Operation) ProductIDs() []string {
	ids := slices.Clone(op.Decision.Products)
	if len(ids) > 0 {
		return ids
	}
	for _, line := range op.Decision.Lines {
		if !slices.Contains(ids, line.ProductID) {
			ids = append(ids, line.ProductID)
		}
	}
	return ids
}

// Audit is the entry of an operation that only bills.
func (op Operation) Audit(now time.Time) Audit {
	lines := slices.Clone(op.Decision.Lines)
	for i := range lines {
		if amount, limited := op.Results.Credited[seatsName(op.ID, i)]; limited {
			lines[i].Amount = amount
		}
	}
	return Audit{At: now, Actor: op.Actor, Action: op.Command, Rule: "seats_in_advance", Why: op.Decision.Why,
		Lines: lines, Amount: Total(lines), Currency: op.Decision.Currency, OperationID: op.ID, Stripe: op.Results.ids(), EntityID: op.Decision.Entity.ID}
}

// NotBilledAudits are the entries about what an operation leaves to a person.
func (op Operation) NotBilledAudits(now time.Time) []Audit {
	entries := notBilledAudits(op.Decision.NotBilled, op.Decision.Currency, op.Actor, "", now)
	for i := range entries {
		entries[i].OperationID = op.ID
	}
	return entries
}

// A TrialClaim keeps a device from trying a product twice.
type TrialClaim struct{ Fingerprint, ProductID string }

// RefusedJustNow reports whether an operation became a page as the card was refused, so lately
// that an equal call may be its repetition: that answers the page, and tries no card again.
func (op Operation) RefusedJustNow(now time.Time) bool {
	return op.Decision.Cause == PageCardRefused && now.Before(op.CreatedAt.Add(repeatsWithin))
}

// SameOffer reports whether two answers to one request sell the same for the same
// price, with the same trials and reward: what is sold may have been edited in the
// meantime.
func (d Decision) SameOffer(other Decision) bool {
	version := func(a, b CustomerProduct) bool { return a.ProductID == b.ProductID && a.Version == b.Version }
	price := func(a, b Line) bool {
		return a.ProductID == b.ProductID && a.FeatureID == b.FeatureID && a.Quantity.Equal(b.Quantity) && a.Prorated == b.Prorated && (a.Prorated || a.First && b.First || a.Amount == b.Amount && a.Discount == b.Discount)
	}
	return d.Currency == other.Currency && slices.EqualFunc(d.Start, other.Start, version) && slices.EqualFunc(d.Lines, other.Lines, price) &&
		slices.Equal(d.Trials, other.Trials) && d.Given.sameTerms(other.Given)
}
