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
	Why      string            // the rule in one sentence, for the audit
	Start    []CustomerProduct // products that begin; Settle fills in dates and Stripe ids
	Steps    []Step            // what Stripe is asked, in order; none for what costs nothing
	Page     bool              // the steps end in a page, and Start waits until it is paid
	Declined *Decision         `json:",omitempty"` // what to do instead when the card is refused
	Lines    []Line            // what is due now, by our own arithmetic
	Trials   []string          // products whose trial this uses up
	Currency Currency
}

// DueNow is what the decision charges at once.
func (d Decision) DueNow() Amount { return Total(d.Lines) }

// A Settlement is what an operation leaves behind: the rows to save, and the
// audit entry that says why.
type Settlement struct {
	Customer Customer
	Products []CustomerProduct
	Balances []Balance
	Trials   []TrialClaim
	Invoice  *Invoice
	Audit    Audit
}

// A TrialClaim keeps a device from trying a product twice.
type TrialClaim struct{ Fingerprint, ProductID string }
