package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/referral"
	"windfall/shared/reward"
)

// A Given is the reward that a purchase or a change comes with, and what was
// counted for it.
type Given struct {
	RewardID    string          `json:"reward,omitzero"`
	InternalID  string          `json:"internal_id,omitzero"`  // of the reward
	CustomerID  string          `json:"customer,omitzero"`     // internal id of the customer who uses it
	Code        string          `json:"code,omitzero"`         // "" for a reward that was named by its id
	CodeOf      string          `json:"code_of,omitzero"`      // internal id of the one customer whom the code is for
	CodeMade    time.Time       `json:"code_made,omitzero"`    // tells it from another code of the same text
	CodeCounted bool            `json:"code_counted,omitzero"` // the customer's uses of the code are counted, too
	Discount    reward.Discount `json:"discount,omitzero"`
	Duration    string          `json:"duration,omitzero"` // one_off, months, forever
	Months      int             `json:"months,omitzero"`
	Credits     *GivenCredits   `json:"credits,omitempty"` // it is invoice credits, of which Discount is what one invoice can use
	From        string          `json:"from,omitzero"`     // the operation of a page for which it was counted before
}

// GivenCredits are invoice credits that come with a purchase: its invoice takes its part
// by a coupon, and the rest is the customer's.
type GivenCredits struct {
	Amount money.Amount `json:"amount,omitzero"`
	Months int          `json:"months,omitzero"` // until they expire; 0 is never
	Scoped bool         `json:"scoped,omitzero"` // they pay for the items of Discount alone
}

// SameUse reports whether two uses are counted alike: of one reward, by one code or
// none.
func (g Given) SameUse(other Given) bool {
	return g.InternalID == other.InternalID && g.CustomerID == other.CustomerID && g.Code == other.Code && g.CodeOf == other.CodeOf &&
		g.CodeMade.Equal(other.CodeMade) && g.CodeCounted == other.CodeCounted
}

// sameTerms reports whether two uses take the same off.
func (g *Given) sameTerms(other *Given) bool {
	if g == nil || other == nil {
		return g == other
	}
	a, b := g.Discount, other.Discount
	sameCredits := (g.Credits == nil) == (other.Credits == nil) && (g.Credits == nil || *g.Credits == *other.Credits)
	return g.SameUse(*other) && sameCredits && g.Duration == other.Duration && g.Months == other.Months && a.Percent.Equal(b.Percent) &&
		a.Amount == b.Amount && a.Currency == b.Currency && (a.Items == nil) == (b.Items == nil) && slices.Equal(a.Items, b.Items)
}

// given is the reward of an attach with its terms at Stripe, and the steps that
// make the prices known which it is limited to; nil without one.
func (cmd Attach) given(c *catalog.Catalog, customer Customer) (*Given, Coupon, []Step) {
	if cmd.Reward == nil {
		return nil, Coupon{}, nil
	}
	r := *cmd.Reward
	coupon, steps := couponOf(c, r)
	coupon = onInvoice(coupon, r)
	g := &Given{RewardID: r.ID, InternalID: r.InternalID, CustomerID: customer.InternalID, Duration: coupon.Duration, Months: coupon.Months,
		Discount: reward.Discount{Percent: coupon.Percent, Amount: coupon.Amount, Currency: coupon.Currency, Items: c.Covered(*r.Discount)}}
	if r.Type == catalog.InvoiceCredits {
		g.Credits = &GivenCredits{creditAmount(c, r), creditMonths(r), !r.Discount.ApplyToAll}
	}
	if code := cmd.Code; code != nil {
		g.Code, g.CodeOf, g.CodeMade, g.CodeCounted = code.Code, code.CustomerID, code.CreatedAt, code.MaxPerCustomer > 0
	}
	return g, coupon, steps
}

// why names the reward in the audit.
func (g *Given) why(off money.Amount, c money.Currency) string {
	by := ""
	if g.Code != "" {
		by = " by code " + g.Code
	}
	return fmt.Sprintf(" Reward %q%s takes %s off now.", g.RewardID, by, c.Major(off).StringFixed(c.Exponent()))
}

// redemption records the use of a code with a purchase; nil without a code.
func (op Operation) redemption(c Customer, now time.Time) *referral.Redemption {
	g := op.Decision.Given
	if g == nil || g.Code == "" {
		return nil
	}
	r := referral.Redemption{ID: RedemptionPrefix + op.ID, Code: g.Code, RewardID: g.RewardID, RedeemerID: c.Key(), RedeemerInternalID: c.InternalID}.
		Begin(referral.Applied, true, now)
	return &r
}

// GivenOff is what the reward of a decision takes off now.
func (d Decision) GivenOff() money.Amount { return d.offIn(d.Lines) }

func (d Decision) offIn(lines []Line) money.Amount {
	if d.Given == nil {
		return 0
	}
	sum := Off(lines)
	for _, l := range lines {
		if l.Reward {
			sum -= l.Amount
		}
	}
	return sum
}

// missed reports whether a reward for one invoice lowers nothing of the invoice
// that is made now: Stripe would use it up there all the same. A trial's invoice of 0
// does not use it up.
func (g *Given) missed(lines []Line, trial bool) bool {
	return g.Credits == nil && g.Duration == catalog.OneOffDiscount && !trial && Off(lines) == 0
}

// Misses reports whether a page would use a reward up on an invoice that it does
// not lower. Without a page it is put on the subscription after that invoice.
func (d Decision) Misses() bool {
	trial := slices.ContainsFunc(d.Steps, func(s Step) bool {
		return s.Session != nil && (s.Session.TrialDays > 0 || !s.Session.TrialEnd.IsZero())
	})
	return d.Page && d.Given != nil && d.Given.missed(d.Lines, trial)
}

// Wastes reports whether a reward for one invoice would be lost on a change: it is for
// what the change charges, and the credit of the change leaves nothing to pay.
func (d Decision) Wastes(c *catalog.Catalog, r catalog.Reward) bool {
	g, _, _ := Attach{Reward: &r}.given(c, Customer{})
	return d.Way() == reward.Changed && g.Credits == nil && g.Duration == catalog.OneOffDiscount && d.DueNow() <= 0 &&
		slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Amount > 0 && g.Discount.Covers(l.ItemID) })
}

// With is the decision of a page with another reward, as far as its lines go.
func (d Decision) With(c *catalog.Catalog, r catalog.Reward) Decision {
	g, _, _ := Attach{Reward: &r}.given(c, Customer{})
	d.Given, d.Lines = g, discounted(slices.Clone(d.Lines), &g.Discount)
	return d
}

// give lowers the invoice of a purchase, and says which coupon does that at Stripe:
// nil where it is to be put on the subscription afterwards.
func (p purchase) give(d *Decision) (*Coupon, []Step) {
	if !p.paidOnce() { // an invoice of its own takes nothing that waits
		d.Lines = append(d.Lines, waiting(p.Billed, "")...)
	}
	g, coupon, steps := p.cmd.given(p.Catalog, p.Customer)
	if g == nil && d.Page && p.paidOnce() { // such a page takes a payment: no discount of the customer's lowers it
		return nil, nil
	}
	if g == nil {
		d.Lines = discounted(d.Lines, d.lowers(p.Billed, ""))
		return nil, nil
	}
	if p.paidOnce() {
		g.Duration, g.Months = catalog.OneOffDiscount, 0
		coupon.Duration, coupon.Months = g.Duration, g.Months
	}
	d.Given, d.Lines = g, discounted(d.Lines, &g.Discount)
	d.Why += g.why(Off(d.Lines), d.Currency)
	if g.Credits != nil && Off(d.Lines) == 0 { // all of them are for later
		return nil, nil
	}
	return &coupon, steps
}

// lowers notes the discount that runs on a subscription, or on the customer.
func (d *Decision) lowers(billed Bills, subscriptionID string) *reward.Discount {
	d.Running = billed.running(subscriptionID)
	if d.Running == nil {
		return nil
	}
	return &d.Running.Discount
}

// RewardUse begins the names of lines by which a reward lowers a change.
const RewardUse = "reward_"

// give lowers the invoice of a change by items of our own: whether Stripe would
// lower both sides of a change by a discount that comes with it is not documented.
// They are counted from the new product's lines as billed now, and never bring the
// invoice below 0. What the reward is worth later is put on the subscription once
// the change is made.
func (ch change) give(d *Decision, ask *ChangeSubscription, added []Line) (before, after []Step) {
	g, coupon, steps := ch.cmd.given(ch.Catalog, ch.Customer)
	if g == nil {
		return nil, nil
	}
	d.Given = g
	charges := make([]reward.Charge, len(added))
	for i, l := range added {
		charges[i] = reward.Charge{ItemID: l.ItemID, Amount: l.Amount}
	}
	room, taken := max(0, d.DueNow()), money.Amount(0)
	for i, off := range g.Discount.Off(charges) {
		if off = min(off, room); off == 0 {
			continue
		}
		l := added[i]
		room, taken = room-off, taken+off
		text := "Discount on " + l.Description
		ask.Usage = append(ask.Usage, NewUsage{Name: RewardUse + ch.cmd.OperationID + "_" + l.ItemID, ItemID: l.ItemID, PriceID: ch.Catalog.StripePrices[l.ItemID],
			RewardID: g.RewardID, Credits: g.Credits != nil, Period: money.Period{Start: ask.At, End: later(ch.period.End, ask.At.Add(time.Second))}, Amount: -off, Currency: d.Currency, Description: text, Since: ask.At})
		d.Lines = append(d.Lines, Line{Description: text, ItemID: l.ItemID, ProductID: l.ProductID, Amount: -off, Reward: true})
	}
	d.Why += g.why(taken, d.Currency)
	if g.Credits == nil && (g.Duration != catalog.OneOffDiscount || taken == 0) {
		after = []Step{putStep(coupon)}
	}
	return steps, after
}

// putStep puts a coupon on the subscription of the operation.
func putStep(coupon Coupon) Step {
	return Step{Name: "discount", Discount: &PutDiscount{Coupon: coupon, OnSubscription: true}}
}

// Changes is the subscription that a decision changes; "" for none.
func (d Decision) Changes() string {
	if i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.Change != nil }); i >= 0 {
		return d.Steps[i].Change.SubscriptionID
	}
	return ""
}

// later is what lowers an invoice of a later day: the reward that was given, or the
// discount that runs.
func (d Decision) later(at, now time.Time) *reward.Discount {
	if g := d.Given.after(d, at, now); g != nil {
		return &g.Discount
	}
	run := d.Running
	if run != nil && (run.ended(at) || run.Once && (run.Ours && d.usesUp() || !run.Ours && Subtotal(d.Lines) != 0)) {
		run = run.Then
	}
	if run != nil && !run.ended(at) {
		return &run.Discount
	}
	return nil
}

// after is a reward that is given now and lowers the next invoice, too; else nil. A
// window of months begins now, and its end is no part of it.
func (g *Given) after(d Decision, at, now time.Time) *Given {
	switch {
	case g == nil, g.Credits != nil,
		g.Duration == catalog.OneOffDiscount && d.GivenOff() > 0,
		g.Duration == catalog.MonthsDiscount && !at.Before(money.Cycle{Interval: money.Month, Count: g.Months}.After(now.Truncate(time.Second), 1)):
		return nil
	}
	return g
}

// A CodeCopy is a promotion code as Stripe is to have it.
type CodeCopy struct {
	Coupon       Coupon
	Terms        reward.CopyTerms
	Room         int  // uses; 0 is no limit
	Shared       bool // they are taken from what the reward has left
	CreditMonths int  // until credits that it gives expire; 0 is never
}

// CopyOf is the coupon of a reward's codes at Stripe, and the steps that make the
// prices known which it is limited to; false where there is nothing that it would lower: a
// coupon without a limit is for everything.
func CopyOf(c *catalog.Catalog, r catalog.Reward) (copied CodeCopy, steps []Step, lowers bool) {
	if r.Discount == nil || !r.Discount.ApplyToAll && len(c.Covered(*r.Discount)) == 0 {
		return CodeCopy{}, nil, false
	}
	if r.HasAmount() {
		c = c.In(c.CurrencyOf(r))
	}
	coupon, steps := couponOf(c, r)
	if r.Type == catalog.PercentageDiscount && !r.Discount.ApplyToAll {
		more, before := otherPrices(c, *r.Discount)
		coupon.Only, steps = append(coupon.Only, more...), append(before, steps...)
	}
	return CodeCopy{Coupon: onInvoice(coupon, r), CreditMonths: creditMonths(r)}, steps, true
}

// otherPrices are the prices in other currencies that a percentage is limited to: whoever
// types its code may pay in any of them.
func otherPrices(c *catalog.Catalog, d catalog.Discount) (only []PriceLine, steps []Step) {
	for _, id := range c.Covered(d) {
		_, stored, _ := c.ItemOf(id)
		for _, currency := range stored.Currencies() {
			view := c.In(currency)
			p, item, _ := view.ItemOf(id)
			line := PriceLine{ItemID: id, Key: view.PriceKey(id), StripeID: view.StripePrices[id]}
			if only = append(only, line); line.StripeID == "" {
				steps = append(steps, Step{Name: "price_" + line.Key, Price: stripePrice(view, p, item)})
			}
		}
	}
	return only, steps
}
