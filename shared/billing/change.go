package billing

import "slices"

// Branches that change what a customer holds already.
const (
	BranchUpgrade   Branch = "upgrade"
	BranchDowngrade Branch = "downgrade"
	BranchTrial     Branch = "main_is_trial"           // an upgrade out of a trial
	BranchRenew     Branch = "renew"                   // the present product is to go on after all
	BranchQuantity  Branch = "update_prepaid_quantity" // the same product, another quantity
	BranchVersion   Branch = "new_version"             // the same product, as it is sold today
)

// upgrades reports whether a change from one product to another is an upgrade,
// which happens at once. Everything else waits for the end of the period.
//
//   - From free to paid is an upgrade, from paid to free is not.
//   - Two products that are only billed for use: an upgrade.
//   - Another interval: the longer one is the upgrade, whatever the prices.
//   - Otherwise the higher price, with one unit of everything in the first
//     tier. An equal price is not an upgrade.
func (p Product) upgrades(from Product) bool {
	switch {
	case p.Free() || from.Free():
		return !p.Free()
	case p.onlyUse() && from.onlyUse():
		return true
	}
	if d := p.BillingCycle().length() - from.BillingCycle().length(); d != 0 {
		return d > 0
	}
	return p.firstPrice().GreaterThan(from.firstPrice())
}

func (p Product) onlyUse() bool {
	for _, i := range p.Items {
		if i.InAdvance() {
			return false
		}
	}
	return true
}

// firstPrice is what one unit of everything costs, in major units.
func (p Product) firstPrice() Decimal {
	sum := Zero
	for _, i := range p.Items {
		switch {
		case i.Price != nil:
			sum = sum.Add(*i.Price)
		case len(i.Tiers) > 0:
			sum = sum.Add(i.Tiers[0].Amount)
		}
	}
	return sum
}

// A change is an attach that exchanges, keeps or alters what is held.
type change struct {
	purchase
	products CustomerProduct // what is changed
	from     Product
	period   Period
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
		return Decision{}, Invalid("The customer holds %q in this group. A change of products can't go through a checkout page, so neither a publishable key nor force_checkout can ask for it.", current.ProductID)
	}
	ch := change{purchase: s.purchase(cmd, branch), products: current, from: s.Catalog.ProductOf(current), period: current.Period}
	waits := branch == BranchDowngrade && cmd.Schedule != Immediate || cmd.Schedule == EndOfCycle
	if ch.same() || branch == BranchDowngrade || ch.shared() {
		ch.trial = nil // a trial is for what begins, and at Stripe for all of a subscription; a downgrade brings none
	}
	charges := !waits && (branch == BranchUpgrade || branch == BranchTrial || branch == BranchQuantity)
	switch {
	case cmd.Trial != nil && (waits || ch.same() || branch == BranchDowngrade):
		return Decision{}, Invalid("A downgrade, and a change of the product that is held already, begin without a trial. Leave free_trial out.")
	case charges && s.Card == "" && !cmd.ByInvoice:
		return Decision{}, ch.errNoCard()
	case waits:
		return ch.schedule()
	case branch == BranchRenew:
		return ch.renew(), nil
	case branch == BranchQuantity:
		return ch.quantity()
	}
	d, err := ch.now()
	if err == nil && d.DueNow() > 0 && s.Card == "" && !cmd.ByInvoice {
		return Decision{}, ch.errNoCard()
	}
	return d, err
}

// same reports whether the product stays what it is and only its items change.
func (ch change) same() bool { return ch.products.ProductID == ch.cmd.Products[0].ID }

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
	same := ch.same() && matched(paidBefore(ch.from), paidBefore(ch.cmd.Products[0]), Item.costsSame)
	return (ch.branch == BranchVersion || same) && !ch.restarts()
}

func paidBefore(p Product) []Item {
	return slices.DeleteFunc(slices.Clone(p.Items), func(i Item) bool { return !i.InAdvance() })
}

func (ch change) errNoCard() error {
	return Invalid("The customer has no payment method on file, which a change to %q is charged to. Let them add one through the billing portal, or pass in invoice: true.", ch.cmd.Products[0].ID)
}
