package billing

import (
	"cmp"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Branches that change what a customer holds already.
const (
	BranchUpgrade   Branch = "upgrade"
	BranchDowngrade Branch = "downgrade"
	BranchTrial     Branch = "main_is_trial"           // an upgrade out of a trial
	BranchRenew     Branch = "renew"                   // the present product is to go on after all
	BranchQuantity  Branch = "update_prepaid_quantity" // the same product, another quantity
	BranchVersion   Branch = "new_version"             // the same product, as it is sold today
)

// A change is an attach that exchanges, keeps or alters what is held.
type change struct {
	purchase
	current CustomerProduct // what is changed
	from    catalog.Product
	period  money.Period
}

// decideChange applies the rules of changing products.
//
//   - An upgrade happens at once: the time left of the old product is credited
//     and that of the new one charged, with the overage of the old and what the
//     new one charges once. The billing day stays; another interval, or the end
//     of a trial, begins a full period now.
//   - A downgrade is charged nothing and begins when the period ends.
//   - Attaching the present product again withdraws its end and whatever was to
//     follow it.
//   - Another prepaid quantity is prorated at once.
//   - Another version of the same product is taken over without a charge, and
//     so are items of one's own at the same prices. Other prices are charged
//     at once. What was used stays used.
//   - plan_schedule lets an upgrade wait and a downgrade happen at once: then
//     it is charged like an upgrade, and what is left over is the customer's
//     credit for the invoices to come.
func (s AttachState) decideChange(cmd Attach, branch Branch, current CustomerProduct) (Decision, error) {
	if cmd.Publishable || cmd.ForceCheckout {
		return Decision{}, refusal.Invalid(ReasonChangeThroughAPage, current.ProductID)
	}
	ch := change{purchase: s.purchase(cmd, branch), current: current, from: ProductOf(s.Catalog, current), period: current.Period}
	waits := branch == BranchDowngrade && cmd.Schedule != Immediate || cmd.Schedule == EndOfCycle
	if ch.same() || branch == BranchDowngrade || ch.shared() {
		ch.trial = nil // a trial is for what begins, and at Stripe for all of a subscription; a downgrade brings none
	}
	if err := ch.checkAnchor(waits); err != nil {
		return Decision{}, err
	}
	if cmd.Uncharged && !waits && branch != BranchRenew {
		ch.trial = nil // nothing is paid before the next period anyway
		if err := ch.checkUncharged(); err != nil {
			return Decision{}, err
		}
	}
	if waits || branch == BranchRenew || cmd.Products[0].Free() {
		if err := cmp.Or(cmd.checkTax(current), cmd.checkInvoice(current, true)); err != nil {
			return Decision{}, err
		}
	}
	charges := !waits && !cmd.Uncharged && (branch == BranchUpgrade || branch == BranchTrial || branch == BranchQuantity)
	switch {
	case cmd.Trial != nil && (waits || ch.same() || branch == BranchDowngrade || ch.shared() || cmd.Uncharged):
		return Decision{}, refusal.Invalid(ReasonTrialOfAChange)
	case charges && s.Card == "" && !cmd.ByInvoice, branch == BranchRenew && s.Card == "" && !current.CardCheckAt.IsZero():
		return Decision{}, ch.errNoCard()
	case waits:
		return ch.schedule()
	case branch == BranchRenew:
		return ch.renew()
	}
	d, err := ch.atOnce()
	if err == nil {
		err = cmd.checkInvoice(current, cmd.Uncharged || len(d.Lines) == 0)
	}
	return d, err
}

// atOnce is a change that happens at once.
func (ch change) atOnce() (Decision, error) {
	if ch.branch == BranchQuantity {
		return ch.quantity()
	}
	d, err := ch.now()
	if err == nil && d.DueNow() > 0 && ch.Card == "" && !ch.cmd.ByInvoice && !ch.cmd.Products[0].Free() { // an end is billed as the subscription is
		return Decision{}, ch.errNoCard()
	}
	return d, err
}

// checkTax refuses another tax of a subscription where nothing is paid that could have it.
func (cmd Attach) checkTax(current CustomerProduct) error {
	if cmd.AutomaticTax != nil && *cmd.AutomaticTax != current.Taxed && current.SubscriptionID != "" {
		return refusal.Invalid(ReasonTaxOfAChange, current.Taxed, current.ProductID)
	}
	return nil
}

// checkInvoice refuses an invoice of a change that bills nothing with it: what it brings later
// is collected as the subscription is, which may be by a card.
func (cmd Attach) checkInvoice(current CustomerProduct, billsNothing bool) error {
	if cmd.ByInvoice && billsNothing && current.SubscriptionID != "" {
		return refusal.Invalid(ReasonInvoiceOfNothing, current.ProductID)
	}
	return nil
}

// same reports whether the product stays what it is and only its items change.
func (ch change) same() bool { return ch.current.ProductID == ch.cmd.Products[0].ID }

// restarts reports whether the new product is billed in another interval, so
// that a full period begins with it.
func (ch change) restarts() bool {
	return ch.cmd.Products[0].BillingCycle().Plain() != ch.from.BillingCycle().Plain()
}

// uncharged reports whether the rest of the period costs nothing: another
// version, or items that differ in nothing that is paid in advance. With
// another interval Stripe begins a period at once, which can't be had for
// nothing.
func (ch change) uncharged() bool {
	same := ch.same() && matched(paidBefore(ch.from), paidBefore(ch.cmd.Products[0]), catalog.Item.CostsSame)
	return (ch.branch == BranchVersion || same || ch.cmd.Uncharged) && !ch.restarts()
}

func paidBefore(p catalog.Product) []catalog.Item {
	return slices.DeleteFunc(slices.Clone(p.Items), func(i catalog.Item) bool { return !i.InAdvance() })
}

func (ch change) errNoCard() error {
	return refusal.Invalid(ReasonNoCardForChange, ch.cmd.Products[0].ID)
}

// now exchanges products at once.
func (ch change) now() (Decision, error) {
	to := ch.cmd.Products[0]
	switch {
	case ch.current.SubscriptionID == "":
		return ch.replaceGrants(), nil
	case to.Free():
		return ch.leave()
	case ch.uncharged() && !ch.cmd.Uncharged && !catalog.SameQuantities(to, ch.current.Quantities, ch.options()):
		return Decision{}, refusal.Invalid(ReasonQuantityOfTakeover, to.ID)
	}
	return ch.exchange()
}

// taxed reports whether Stripe computes the tax of what the change leads to: as the
// subscription has it, unless the call says otherwise.
func (ch change) taxed() bool {
	if ch.cmd.AutomaticTax != nil {
		return *ch.cmd.AutomaticTax
	}
	return ch.current.Taxed
}

// newTax is what Stripe is told of that; nil where it stays.
func (ch change) newTax() *bool {
	if to := ch.taxed(); to != ch.current.Taxed {
		return &to
	}
	return nil
}

// decided is decide for what has a subscription.
func (ch change) decided(effect Effect, why string) Decision {
	d := ch.decide(effect, why)
	d.Taxed = ch.taxed()
	for i := range d.Start {
		d.Start[i].Taxed = d.Taxed
	}
	return d
}

// begin is what all changes that happen at once share: what begins, and what
// the change is called.
func (ch change) begin() Decision {
	effect, why := EffectUpgraded, "A more expensive product starts at once; the time left is charged and credited."
	switch {
	case ch.cmd.Uncharged && ch.same():
		effect, why = EffectItemsUpdated, "The product has other items; nothing is charged or credited before the next period, as was asked."
	case ch.cmd.Uncharged:
		effect, why = EffectChanged, "The products are exchanged; nothing is charged or credited before the next period, as was asked."
	case ch.branch == BranchDowngrade:
		effect, why = EffectChanged, "The change was asked for at once; the time left is charged and credited."
	case ch.branch == BranchVersion:
		effect, why = EffectVersionTaken, "Another version of the product is taken over without a charge for this period."
		if ch.restarts() {
			why = "Another version of the product is billed in another interval; a full period begins, and the time left is credited."
		}
	case ch.same() && ch.uncharged():
		effect, why = EffectItemsUpdated, "Nothing that is paid in advance changes, so there is no charge."
	case ch.same():
		effect, why = EffectItemsUpdated, "The product has other prices for this customer; the time left is charged and credited."
	}
	if ch.seatsRepeatAnew() {
		why += " Its seats repeat in another interval: the time left of them is credited and charged."
	}
	d := ch.decided(effect, why)
	d.Subject = Subject{From: ch.from.Name, To: ch.cmd.Products[0].Name, Version: ch.cmd.Products[0].Version}
	d.Carry = ch.same()
	if ch.current.AddOn { // nothing of a group gives way to it
		d.End = []Ending{{CustomerProductID: ch.current.ID}}
	}
	return d
}

// charged is the new product without what is paid once and is not paid again:
// of the product that is held already, only what is new counts.
func (ch change) charged() catalog.Product {
	to := ch.cmd.Products[0]
	if ch.same() {
		free := ch.uncharged() || ch.current.At(ch.cmd.Now) == Trialing
		to.Items = slices.DeleteFunc(slices.Clone(to.Items), func(i catalog.Item) bool {
			return i.Priced() && !i.Cycle.Repeats() && (free || ch.from.SellsLike(i))
		})
	}
	return to
}

// leave starts a product that costs nothing at once: the paid one ends, and
// its time left is credited as far as it was paid.
func (ch change) leave() (Decision, error) {
	d := ch.begin()
	d.Steps = ch.prepare()
	return ch.ended(ch.Catalog, d, ch.current, Cancel{OperationID: ch.cmd.OperationID, Refund: !ch.cmd.Uncharged, Billed: ch.Billed, Now: ch.cmd.Now})
}

// replaceGrants exchanges the items of a product that costs nothing, before and
// after. One that ends with its trial still does, and the default follows.
func (ch change) replaceGrants() Decision {
	d, now := ch.begin(), ch.cmd.Now
	next := &d.Start[0]
	next.TrialEnds, next.CanceledAt, next.EndsAt = ch.current.TrialEnds, ch.current.CanceledAt, ch.current.EndsAt
	if !next.EndsAt.IsZero() {
		d.Start = append(d.Start, fallback(ch.Catalog, *next, next.ID+"_after", next.EndsAt, now)...)
	}
	return d
}
