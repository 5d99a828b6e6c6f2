package billing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Customer is a person or company that the application bills.
type Customer struct {
	ID          string // the application's own id; "" until one is claimed
	InternalID  string // ours, never changes: "cus_…"
	Name        string
	Email       string
	Fingerprint string // a device; guards trials and referrals
	Metadata    map[string]any
	Address     *Address       // as the application said it; nil where it did not
	StripeID    string         // "" until the first billing call
	Currency    money.Currency // in which they pay; "" until they buy something, and of a customer from before it was kept: the environment's
	Receipts    bool           // send_email_receipts
	CreatedAt   time.Time
	TrialsUsed  map[string]time.Time // product id -> when the trial began
	Codes       []string             // texts of the promotion codes of this customer alone, the oldest first
	Brought     []string             // internal ids of those whose referral codes this customer redeemed
	Moved       MovedProducts        // ended products that are in the history
	Entities    EntityCount          // how many there are
	Former      []FormerKey          // keys of before, the oldest first: what was used then is filed under them
	Holds       []Holding            // products that have not ended, as the row says; nil of a row from before it said so

	LastCommand LastCommand // about the customer; zero if that was no attach, update or cancel, or one on a page

	AddressUntold bool // Address was filled in by a call that does not speak to Stripe; a purchase tells it first

	Version          int64  // counts the saves; guards every change
	PendingOperation string // id of the money command in flight, or ""
	Commands         int64  // number of the last money command, see NextCommand
}

// NextCommand is the number of a customer's next money command. Subscriptions keep the number of
// the last command that changed them, and none with a lower one changes them after it. So
// numbers rise whatever becomes of the customer's row: a version begins again under another
// key, and once was the number.
func (c Customer) NextCommand(now time.Time) int64 { return max(c.Commands+1, now.UnixMilli()) }

// An Address is where a customer is, and so what tax they pay. Stripe wants the country for
// it, and in the United States the postal code.
type Address struct {
	Country    string `json:"country,omitzero"` // two letters, in capitals
	PostalCode string `json:"postal_code,omitzero"`
	State      string `json:"state,omitzero"`
	City       string `json:"city,omitzero"`
	Line1      string `json:"line_one,omitzero"`
	Line2      string `json:"line_two,omitzero"`
}

// A FormerKey is a key that a customer had until a moment, when another id was given. Somebody
// else may have had it before and since.
type FormerKey struct {
	Key   string    `json:"key,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// mostFormer is how many former keys are remembered: the customer's row has room for them.
const mostFormer = 20

// Rekeyed is the customer once the key is no longer the one that it was.
func (c Customer) Rekeyed(was string, now time.Time) Customer {
	former := append(c.Former[:len(c.Former):len(c.Former)], FormerKey{was, now.Truncate(time.Millisecond)})
	c.Former = former[max(0, len(former)-mostFormer):]
	return c
}

// A LastCommand is an attach, update or cancel that had its effect at once, and after which no other
// money command of the customer came to an end.
type LastCommand struct {
	Fingerprint string    `json:"fingerprint,omitzero"` // of the command
	At          time.Time `json:"at,omitzero"`
}

// repeatsWithin is how soon after a command an equal call without an Idempotency-Key is taken
// for its repetition. Our choice: clients repeat a call whose answer they miss at once, or after
// the 30 seconds that a gateway waits, and a second or two.
const repeatsWithin = time.Minute

// Repeats reports whether a command may be a repetition of the customer's last one: it equals it,
// comes soon after it, and all products that were bought are still there.
func (s State) Repeats(fingerprint string, productIDs []string, now time.Time) bool {
	last := s.Customer.LastCommand
	return last.Fingerprint != "" && last.Fingerprint == fingerprint && now.Before(last.At.Add(repeatsWithin)) &&
		!slices.ContainsFunc(productIDs, func(id string) bool { return s.CustomerProductOf(id, now) == nil })
}

// Key is what the customer's rows are filed under: the application's id, or
// ours while there is none.
func (c Customer) Key() string {
	if c.ID != "" {
		return c.ID
	}
	return c.InternalID
}

// Label is how people call the customer: the name, else the e-mail address, else the id.
func (c Customer) Label() string {
	for _, text := range []string{c.Name, c.Email, c.ID} {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return c.InternalID
}

// MaxCodes is how many promotion codes a customer may have alone, so that all of them
// fit into the transaction that links the customer to Stripe.
const MaxCodes = 20

// WithCode is the customer with one more promotion code.
func (c Customer) WithCode(text string) Customer {
	if !slices.Contains(c.Codes, text) {
		c.Codes = append(slices.Clone(c.Codes), text)
	}
	return c
}

// maxBrought bounds who is kept of those who brought a customer: one per program.
const maxBrought = 50

// broughtBy is the customer with one more of those who brought them.
func (c Customer) broughtBy(internalID string) Customer {
	if !slices.Contains(c.Brought, internalID) && len(c.Brought) < maxBrought {
		c.Brought = append(slices.Clone(c.Brought), internalID)
	}
	return c
}

// CustomerData is what an application says about a customer beside its id.
type CustomerData struct {
	Name        string
	Email       string
	Fingerprint string
	Metadata    map[string]any
	Currency    money.Currency
	Address     *Address
	BilledIn    money.Currency // by the Stripe customer that is to be linked
	Receipts    bool           // send_email_receipts
	Plan        string         // the product that a new customer begins with instead of the defaults; "" for these
}

// FillBlanks takes over what is still unknown, but for the currency (Choose), and reports whether anything
// changed. What is known stays: a call that only means to check or track must
// not overwrite a customer.
func (c *Customer) FillBlanks(d CustomerData) bool {
	changed := fill(&c.Name, d.Name)
	changed = fill(&c.Email, d.Email) || changed
	changed = fill(&c.Fingerprint, d.Fingerprint) || changed
	if d.Receipts && !c.Receipts {
		c.Receipts, changed = true, true
	}
	if len(c.Metadata) == 0 && len(d.Metadata) > 0 {
		c.Metadata, changed = d.Metadata, true
	}
	if c.Address == nil && d.Address != nil {
		c.Address, changed = d.Address, true
		c.AddressUntold = c.StripeID != "" || c.PendingOperation != "" // which may make them known without it
	}
	return changed
}

// fill sets a field that is empty, and reports whether that changed it.
func fill(field *string, value string) bool {
	if *field != "" || value == "" {
		return false
	}
	*field = value
	return true
}

// EmailKey is the form under which an e-mail address is looked up.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Given reports whether anything is said at all.
func (d CustomerData) Given() bool {
	return d.Name != "" || d.Email != "" || d.Fingerprint != "" || len(d.Metadata) > 0 || d.Currency != "" || d.Address != nil || d.Receipts
}

// CreateCustomer asks for a customer to exist.
type CreateCustomer struct {
	ID         string // "" for one that is claimed later by its e-mail address
	InternalID string // id for the record, should one be created
	Data       CustomerData
	StripeID   string // an existing Stripe customer to link
	NoTrials   bool   // this device had its trials: of each group the default that costs nothing
	Actor      string
	Now        time.Time
}

// CheckBeginning refuses a product that no customer can begin with instead of the defaults.
func (d CustomerData) CheckBeginning(c *catalog.Catalog) error {
	if d.Plan == "" {
		return nil
	}
	p, err := c.Product(d.Plan)
	switch {
	case err != nil:
		return err
	case p.AddOn:
		return refusal.Invalid(ReasonBeginsWithAddOn, p.ID)
	case !p.BeginsUnpaid():
		return refusal.Invalid(ReasonBeginsUnpaid, p.ID)
	}
	return nil
}

// NewCustomerOf returns a customer as it begins: with the default product of
// every group, or with the product that was chosen instead, and nothing at Stripe.
func NewCustomerOf(c *catalog.Catalog, cmd CreateCustomer) Settlement {
	customer := Customer{
		ID: cmd.ID, InternalID: cmd.InternalID, StripeID: cmd.StripeID, CreatedAt: cmd.Now,
		Name: cmd.Data.Name, Email: cmd.Data.Email, Fingerprint: cmd.Data.Fingerprint, Metadata: cmd.Data.Metadata, Currency: cmp.Or(cmd.Data.Currency, cmd.Data.BilledIn), Address: cmd.Data.Address,
		Receipts: cmd.Data.Receipts,
	}
	op := Operation{Command: "create", Actor: cmd.Actor, Decision: Decision{Branch: "defaults",
		Why: "A new customer gets the default product of every group."}}
	defaults := c.Defaults()
	if cmd.NoTrials {
		defaults = c.Fallbacks()
	}
	if p, err := c.Product(cmd.Data.Plan); err == nil && (!cmd.NoTrials || p.Trial == nil) {
		defaults = []catalog.Product{p}
		op.Decision.Why = "A new customer gets the product that the call chose instead of the defaults."
	}
	for i, p := range defaults {
		start := CustomerProduct{
			ID: fmt.Sprintf("cp_%s_%d", cmd.InternalID[len("cus_"):], i), ProductID: p.ID, Version: p.Version,
			Group: p.Group, Status: Active, Quantity: 1,
			TrialEnds: p.TrialEnds(cmd.Now), EndsAt: p.TrialEnds(cmd.Now), // no more than the trial is paid for
		}
		op.Decision.Start = append(op.Decision.Start, start)
		if p.Trial != nil && p.Trial.UniqueFingerprint {
			op.Decision.DeviceTrials = append(op.Decision.DeviceTrials, p.ID)
		}
		if !start.EndsAt.IsZero() {
			op.Decision.Start = append(op.Decision.Start, fallback(c, start, start.ID+"_after", start.EndsAt, cmd.Now)...)
		}
	}
	s := State{Customer: customer, Balances: map[string]entitlement.Balance{}}
	out, _ := op.settleProducts(s, op.in(s, c), Results{}, cmd.Now)
	return out
}

// MakeStripeCustomer is the operation that makes a customer known to Stripe.
// It is named by the customer and its version, so of two calls that begin at
// the same moment only one is recorded, and by the last command, as under another key a
// version comes again.
func MakeStripeCustomer(c Customer, actor string, now time.Time) Operation {
	return Operation{
		ID: fmt.Sprintf("customer_%s_%d_%d", c.InternalID, c.Version, c.Commands), Command: "link_stripe", Actor: actor, CreatedAt: now,
		Decision: Decision{Branch: "stripe_customer", Why: "The customer was made known to Stripe.", Steps: []Step{customerStep(c)}},
	}
}

func customerStep(c Customer) Step {
	return Step{Name: "customer", Customer: &NewCustomer{c.Name, c.Email, c.Address}}
}
