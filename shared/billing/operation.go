package billing

import "time"

// An Operation is a money command that was decided and is being carried out.
// It is stored before Stripe is touched, so that whoever comes next can finish
// it with the same words and the same keys.
type Operation struct {
	ID          string
	Command     string // "attach"
	Fingerprint string // equal for equal commands
	Actor       string // who asked, for the audit
	State       OperationState
	Slots       []string // what it occupies while its page is open; see Attach.slots
	Decision    Decision
	Results     Results // known so far; complete only in the end
	CreatedAt   time.Time
}

// An OperationState is how far an operation is.
type OperationState string

const (
	Running OperationState = "running" // its steps are being taken
	Waiting OperationState = "waiting" // its page is open until it is paid or expires
)

// A Decision is what must happen. It is data: building one changes nothing.
type Decision struct {
	Branch   Branch
	Code     string // the answer's code: "new_product_attached"
	Message  string
	Why      string              // the rule in one sentence, for the audit
	Products []string            // ids of the products this is about, for the answer
	Start    []CustomerProduct   // products that begin; Settle fills in dates and Stripe ids
	End      []Ending            `json:",omitempty"` // running products that end
	Keep     []string            `json:",omitempty"` // holdings whose end is withdrawn
	Drop     []string            `json:",omitempty"` // scheduled products that are taken back
	Bought   map[string][]Option `json:",omitempty"` // new prepaid quantities of a holding
	Usage    []ClosedUsage       `json:",omitempty"` // overage that the charge includes
	Steps    []Step              // what Stripe is asked, in order; none for what costs nothing
	Page     bool                // the steps end in a page, and Start waits until it is paid
	Declined *Decision           `json:",omitempty"` // what to do instead when the card is refused
	Lines    []Line              // what is due now, by our own arithmetic
	Trials   []string            // products whose trial this uses up
	Reward   *QueuedReward       `json:",omitempty"` // the reward to be applied
	Renews   time.Time           // when the next charge is due, where that is not a full period from now
	Sum      string              `json:",omitempty"` // the arithmetic of what is due now, for the audit
	Currency Currency
}

// DueNow is what the decision charges at once.
func (d Decision) DueNow() Amount { return Total(d.Lines) }

// Nothing reports whether the decision changes nothing.
func (d Decision) Nothing() bool {
	return len(d.Start)+len(d.End)+len(d.Keep)+len(d.Drop)+len(d.Bought)+len(d.Steps) == 0
}

// A Settlement is what an operation leaves behind: the rows to save, and the
// audit entry that says why.
type Settlement struct {
	Customer Customer
	Products []CustomerProduct
	Gone     []CustomerProduct // scheduled products that were taken back
	Balances []Balance
	Trials   []TrialClaim
	Queued   []QueuedReward // discounts that wait, new or again
	Unqueued *QueuedReward  // a discount that waits no longer
	Applied  bool           // … because it is on the customer
	Invoice  *Invoice
	Audit    Audit
}

// A TrialClaim keeps a device from trying a product twice.
type TrialClaim struct{ Fingerprint, ProductID string }

// An Audit entry records one change of a customer's money or access.
type Audit struct {
	ID          string
	At          time.Time
	Actor       string // key prefix, "stripe" or "schedule"
	Action      string // attach, create, invoice, …
	Rule        string // the branch that decided
	Why         string
	Started     []string          `json:",omitempty"` // product ids
	Ended       []string          `json:",omitempty"`
	Scheduled   []string          `json:",omitempty"` // begin later
	Dropped     []string          `json:",omitempty"` // were to begin later, and will not
	Sum         string            `json:",omitempty"` // the arithmetic of the amount
	Amount      Amount            `json:",omitempty"`
	Currency    Currency          `json:",omitempty"`
	Stripe      map[string]string `json:",omitempty"`
	OperationID string            `json:",omitempty"`
}
