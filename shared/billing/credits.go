package billing

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// CreditPrefix begins the ids of credit grants.
const CreditPrefix = "cg_"

// CreditID is the id of the credits that a redemption gives to one side.
func CreditID(redemptionID string, side Branch) string {
	return CreditPrefix + strings.TrimPrefix(redemptionID, RedemptionPrefix) + "_" + string(side)
}

// CommandCredits is the command of operations that tell Stripe of invoice credits.
const CommandCredits = "post_credits"

// giveCredits gives the customer the credits of a reward. They expire counted from
// now: the reward may be edited later.
func (s State) giveCredits(out *Settlement, c *catalog.Catalog, r catalog.Reward, id, code, actor string, now time.Time) {
	s.grant(out, credit.Grant{ID: id, RewardID: r.ID, Code: code, Currency: c.CurrencyOf(r), Scoped: !r.Discount.ApplyToAll, Items: c.Covered(*r.Discount),
		Granted: creditAmount(c, r), At: now, Expires: creditsExpire(creditMonths(r), now)}, actor)
}

func (s State) grant(out *Settlement, g credit.Grant, actor string) {
	g.Remaining = g.Granted
	for _, e := range g.Entries {
		g.Remaining -= e.Amount
	}
	if op := s.Pending(); op == nil || op.Command != CommandCredits { // what it tells Stripe of keeps its grant
		s.Credits = s.Credits.Merged(g.At)
	}
	after := s.Credits.With(g)
	out.Credits, out.Moves = &after, s.CreditMoves(after, actor, g.At)
	out.Customer.Currency = cmp.Or(out.Customer.Currency, g.Currency)
}

// CreditUse begins the names of lines by which credits pay.
const CreditUse = "credit_"

// PayByCredits asks Stripe for a line by which credits pay, on a draft or, without
// one, on an invoice that is to be made, in its currency.
func PayByCredits(u credit.Use, on, invoiceID string, at time.Time, currency money.Currency) NewUsage {
	return NewUsage{Name: CreditUse + u.GrantID + "_" + on, ItemID: u.ItemID, InvoiceID: invoiceID, RewardID: u.RewardID, GrantID: u.GrantID, Pays: u.Items,
		Credits: true, Period: money.Period{Start: at, End: at.Add(time.Second)}, Amount: -u.Amount, Currency: currency,
		Description: fmt.Sprintf("Invoice credits of reward %s", u.RewardID), Since: at}
}

// GivesCredits reports whether credits come with the operation, once it has ended.
func (op Operation) GivesCredits() bool {
	return op.Decision.Given != nil && op.Decision.Given.Credits != nil && !op.Decision.Page
}

// creditsOfPurchase gives the credits that a purchase or a change came with: all of
// them, of which its invoice has used some already.
func (op Operation) creditsOfPurchase(out *Settlement, s State, r Results, lines []Line, now time.Time) {
	given := op.Decision.Given
	if given == nil || given.Credits == nil {
		return
	}
	g := credit.Grant{ID: CreditPrefix + op.ID, RewardID: given.RewardID, Code: given.Code, Currency: given.Discount.Currency, Scoped: given.Credits.Scoped, Items: given.Discount.Items,
		Granted: given.Credits.Amount, At: now, Expires: creditsExpire(given.Credits.Months, now)}
	if used := min(g.Granted, op.Decision.offIn(lines)); used > 0 {
		on := op.ID
		if r.Invoice != nil {
			on = r.Invoice.StripeID
		}
		g.Entries = []credit.Entry{{Invoice: on, Amount: used, At: now}}
	}
	s.grant(out, g, op.Actor)
}

func creditAmount(c *catalog.Catalog, r catalog.Reward) money.Amount {
	return amountUpTo(c.CurrencyOf(r).Minor(r.Discount.Value))
}

func creditMonths(r catalog.Reward) int { return max(r.CreditMonths, r.Discount.Months) }

func creditsExpire(months int, now time.Time) time.Time {
	if months == 0 {
		return time.Time{}
	}
	return money.Cycle{Interval: money.Month, Count: months}.After(now, 1)
}

// PostCredits decides what Stripe is told of the customer's credits, with the catalog of a
// customer whose currency is not fixed; false where it
// knows all of them, and none has expired.
func (s State) PostCredits(c *catalog.Catalog, now time.Time) (Decision, bool) {
	currency := s.Customer.Currency
	if currency == "" {
		currency = c.Currency()
	}
	posts := s.Credits.Posts(s.Customer.StripeID, now)
	for i := range posts { // of credits from before their currency was kept
		posts[i].Currency = cmp.Or(posts[i].Currency, currency)
	}
	if len(posts) == 0 && !s.Credits.Ends(now) {
		return Decision{}, false
	}
	d := Decision{Why: "Invoice credits are kept at Stripe as the customer's balance.", Currency: currency}
	if len(posts) == 0 {
		return d, true
	}
	if s.Customer.StripeID == "" {
		d.Steps = append(d.Steps, customerStep(s.Customer))
	}
	ask := &PostCredits{Posts: posts, Since: s.Credits.Since()}
	if s.Credits.StripeID == s.Customer.StripeID {
		ask.Cursor = s.Credits.Cursor
	}
	d.Steps = append(d.Steps, Step{Name: "balance", Balance: ask})
	return d, true
}

// StripeCustomerUnknown is the rule of entries about a Stripe customer whom the key does
// not know.
const StripeCustomerUnknown = "stripe_customer_unknown"

// settleCredits books what an operation did with credits that the customer had: it told
// Stripe of them, or they paid for a change.
func (op Operation) settleCredits(out *Settlement, s State, r Results, now time.Time) {
	after := s.Credits
	if out.Credits != nil {
		after = *out.Credits // some came with it
	}
	switch {
	case op.Command == CommandCredits:
		out.Audit = Audit{}
		switch {
		case len(op.Decision.Steps) == 0: // some have expired that Stripe never had
		case r.CustomerID == "":
			after = after.Gone(s.Customer.StripeID)
		case r.Unknown:
			if after.Unknown != r.CustomerID {
				out.Audit = Audit{At: now, Actor: op.Actor, Action: "credits", Rule: StripeCustomerUnknown, OperationID: op.ID, Stripe: map[string]string{"customer": r.CustomerID},
					Why: "Stripe knows no such customer, and does not say that they were deleted: the key may be another account's. Their credits wait, and Stripe is asked again each day."}
			}
			after = after.NotKnown(r.CustomerID, now)
		default:
			after = after.Book(r.CustomerID, r.Balance)
		}
		after = after.Expire(now)
	case len(op.Decision.CreditUses) > 0:
		on := op.ID
		if r.Invoice != nil {
			on = r.Invoice.StripeID
		}
		after = after.Settled(on, op.ID, credit.Paid(op.Decision.CreditUses), now)
	default:
		return
	}
	out.Credits, out.Moves = &after, s.CreditMoves(after, op.Actor, now)
}

// A DuePaid is how what is due now is paid.
type DuePaid struct {
	Credits money.Amount // by invoice credits for all prices
	Balance money.Amount // by the rest of the customer's balance at Stripe; below 0 is a debt, which is charged with it
	Left    money.Amount // what is left to pay
}

// Paid says how what is due now is paid: first by the customer's own credit, then by invoice
// credits. A page that takes a single payment uses neither, and where nothing is billed a
// debt waits.
func (d Decision) Paid(s AttachState, now time.Time) DuePaid {
	due := d.DueNow()
	for _, step := range d.Steps {
		if step.Session != nil && !step.Session.Recurring {
			return DuePaid{Left: max(0, due)}
		}
	}
	has := -s.Credits.Becomes(s.Customer.StripeID, s.Balance, now)
	left := max(0, due-has)
	if due <= 0 && (left == 0 || len(d.Lines) == 0 && !d.Subscribes()) {
		return DuePaid{}
	}
	own := max(0, has-s.Credits.Payable(now))
	credits := max(0, min(due, has)-own)
	return DuePaid{credits, due - credits - left, left}
}

// PaidAlone are the lines by which credits pay for use on an invoice of its own.
func (s State) PaidAlone(use []Line, currency money.Currency, now time.Time) (lines []Line) {
	var charges []credit.Charge
	for _, l := range use {
		charges = append(charges, credit.Charge{ItemID: l.ItemID, Amount: l.Amount - l.Discount})
	}
	_, uses := s.Credits.Use("preview", credit.Bill{Currency: currency, Lines: len(use), Charges: charges, Total: Total(use)}, now)
	for _, u := range uses {
		lines = append(lines, Line{Description: PayByCredits(u, "", "", now, currency).Description, ItemID: u.ItemID, Amount: -u.Amount, Full: true})
	}
	return lines
}

// payByCredits lets credits pay for the use that a change settles, as far as it charges
// anything in all.
func (ch change) payByCredits(d *Decision, ask *ChangeSubscription) {
	var charges []credit.Charge
	for _, l := range d.Lines {
		if l.UsageModel == catalog.PayPerUse && l.Amount > 0 {
			charges = append(charges, credit.Charge{ItemID: l.ItemID, Amount: l.Amount - l.Discount})
		}
	}
	if _, d.CreditUses = ch.Credits.Use(ch.cmd.OperationID, credit.Bill{Currency: d.Currency, Lines: len(d.Lines), Charges: charges, Total: max(0, d.DueNow())}, ch.cmd.Now); len(d.CreditUses) == 0 {
		return
	}
	for _, u := range d.CreditUses {
		line := PayByCredits(u, ch.cmd.OperationID, "", ask.At, d.Currency)
		ask.Usage = append(ask.Usage, line)
		_, item, _ := ch.Catalog.ItemOf(u.ItemID)
		d.Lines = append(d.Lines, Line{Description: line.Description, ItemID: u.ItemID, ProductID: ch.from.ID, FeatureID: item.FeatureID, Amount: line.Amount, Full: true})
	}
}

// mostMoves is how many entries a history gets at once about credits: they are saved in
// one transaction with what moved them, which takes 100 rows. Our choice.
const mostMoves = 40

// CreditMoves are the entries about what became of credits. What Stripe did is told as
// its own, whoever heard of it.
func (s State) CreditMoves(after credit.Account, actor string, now time.Time) (entries []Audit) {
	for _, m := range credit.Told(credit.Moves(s.Credits, after), mostMoves) {
		amount := m.Currency.Major(m.Amount).StringFixed(m.Currency.Exponent())
		reward, invoice := fmt.Sprintf("reward %q", m.RewardID), "invoice "+m.Invoice
		if m.RewardID == "" {
			reward = "several rewards"
		}
		if m.Invoice == "" {
			invoice = "several invoices"
		}
		why := map[credit.MoveKind]string{
			credit.Given:    fmt.Sprintf("Reward %q gives %s of invoice credits.", m.RewardID, amount),
			credit.Used:     fmt.Sprintf("%s of the credits of %s paid %s.", amount, reward, invoice),
			credit.Returned: fmt.Sprintf("%s of the credits of %s came back from %s.", amount, reward, invoice),
			credit.Lapsed:   fmt.Sprintf("%s of the credits of %s expired.", amount, reward),
		}[m.Kind]
		by := map[credit.MoveKind]string{credit.Given: actor, credit.Used: "stripe", credit.Returned: "stripe", credit.Lapsed: "schedule"}[m.Kind]
		entry := Audit{At: now, Actor: by, Action: "credits", Rule: string(m.Kind), Why: why, Amount: m.Amount, Currency: m.Currency, Stripe: map[string]string{}}
		if m.Invoice != "" {
			entry.Stripe["invoice"] = m.Invoice
		}
		entries = append(entries, entry)
	}
	return entries
}
