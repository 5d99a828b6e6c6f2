package billing

import (
	"fmt"
	"slices"
	"time"
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
	held   CustomerProduct // what is changed
	from   Product
	period Period
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
//   - A newer version of the same product is taken over without a charge.
func (s AttachState) decideChange(cmd Attach, branch Branch, held CustomerProduct) (Decision, error) {
	if cmd.Publishable || cmd.ForceCheckout {
		return Decision{}, Invalid("The customer holds %q in this group. A change of products can't go through a checkout page, so neither a publishable key nor force_checkout can ask for it.", held.ProductID)
	}
	ch := change{purchase: s.purchase(cmd, branch), held: held, from: s.Catalog.Held(held), period: held.Period}
	if ch.shared() {
		ch.trial = nil // at Stripe it would be a trial of everything on the subscription
	}
	charges := branch == BranchUpgrade || branch == BranchTrial || branch == BranchQuantity
	if charges && s.Card == "" && !cmd.ByInvoice {
		return Decision{}, Invalid("The customer has no payment method on file, which a change to %q is charged to. Let them add one through the billing portal, or pass in invoice: true.", cmd.Products[0].ID)
	}
	switch {
	case branch == BranchDowngrade:
		return ch.schedule()
	case branch == BranchRenew:
		return ch.renew(), nil
	case branch == BranchQuantity:
		return ch.quantity()
	}
	return ch.exchange()
}

// shared reports whether other products are billed on the same subscription.
func (ch change) shared() bool {
	return slices.ContainsFunc(ch.Held, func(cp CustomerProduct) bool {
		return cp.ID != ch.held.ID && cp.SubscriptionID != "" && cp.SubscriptionID == ch.held.SubscriptionID && cp.Running(ch.cmd.Now)
	})
}

// exchange swaps the present product for another one at once.
func (ch change) exchange() (Decision, error) {
	to, now := ch.cmd.Products[0], ch.cmd.Now.Truncate(time.Second)
	d := ch.decide("upgraded_to_new_product",
		fmt.Sprintf("Successfully upgraded from %s to %s.", ch.from.Name, to.Name),
		"A more expensive product starts at once; the time left is charged and credited.")
	d.Start[0].SubscriptionID = ch.held.SubscriptionID
	from, come := withoutPairs(linesOf(ch.from, ch.held.Options, ch.currency), linesOf(to, ch.options(), ch.currency))
	fresh := to.BillingCycle().Plain() != ch.from.BillingCycle().Plain() || ch.startsPaying(come) // a full period begins now
	ask := &ChangeSubscription{SubscriptionID: ch.held.SubscriptionID, At: now, GoesOn: !ch.held.EndsAt.IsZero(),
		ByInvoice: ch.cmd.ByInvoice, DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: netTerms}
	trialing := ch.held.At(ch.cmd.Now) == Trialing
	var credit []Line
	switch {
	case ch.branch == BranchVersion:
		d.Why, ask.NoCharge = "The product is taken over as it is sold today, without a charge for this period.", true
		d.Code, d.Message = "upgraded_to_new_version", fmt.Sprintf("Successfully updated %s to its current version.", to.Name)
		from, come = nil, nil
	case ch.trial != nil:
		ask.TrialEnd, come = ch.trial.End(ch.cmd.Now), onceOnly(come)
		d.Renews = ask.TrialEnd
	case trialing:
		ask.EndTrial = true
		d.Why = "The trial ends and a full period of the new product begins."
		come = linesOf(to, ch.options(), ch.currency)
	case !fresh:
		come = prorated(come, ch.period, now)
		d.Renews = ch.period.End
	}
	if !trialing {
		credit = unused(from, ch.period, now)
	}
	usage, prices := ch.overage(&d)
	ask.Usage = usage
	var over []Line
	for _, u := range usage {
		over = append(over, Line{Description: u.Description, ItemID: u.ItemID, ProductID: ch.from.ID, UsageModel: PayPerUse, Amount: u.Amount})
	}
	d.Lines = append(append(credit, come...), over...)
	if !fresh && !trialing && ch.trial == nil && ch.branch != BranchVersion {
		d.Sum = arithmetic(ch.period, now, recurring(from), recurring(linesOf(to, ch.options(), ch.currency)),
			Total(over)+once(come), d.DueNow(), ch.currency)
	}
	d.Steps = append(ch.prepare(), prices...)
	d.Steps = append(d.Steps, ch.swap(ask)...)
	d.Steps = append(d.Steps, ask.step())
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// startsPaying reports whether the subscription has billed nothing in advance
// so far and does from now on: then Stripe begins a full period.
//
// Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
func (ch change) startsPaying(come []Line) bool {
	for _, cp := range ch.Held {
		if cp.SubscriptionID == ch.held.SubscriptionID && cp.Running(ch.cmd.Now) && recurring(linesOf(ch.Catalog.Held(cp), cp.Options, ch.currency)) > 0 {
			return false
		}
	}
	return recurring(come) > 0
}

func recurring(lines []Line) (sum Amount) {
	for _, l := range lines {
		if l.Recurring {
			sum += l.Amount
		}
	}
	return sum
}

// onceOnly keeps the lines that are paid once, recurringOnly the others.
func onceOnly(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Recurring })
}

func recurringOnly(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !l.Recurring })
}

func once(lines []Line) Amount { return Total(lines) - recurring(lines) }

func (ask *ChangeSubscription) step() Step { return Step{Name: "change", Change: ask} }

// swap fills in which prices leave the subscription and which come, and
// returns the steps that make those Stripe does not know yet. A price that
// both products have stays, with its new quantity.
func (ch change) swap(ask *ChangeSubscription) []Step {
	old, steps := recurringLines(ch.Catalog, ch.from, ch.held.Options, ch.currency)
	come, prices := ch.stripeLines(false)
	for _, l := range old {
		i := indexOf(come, l)
		if i < 0 {
			ask.Remove = append(ask.Remove, l)
		} else if come[i].Quantity != l.Quantity {
			ask.Set = append(ask.Set, come[i])
		}
	}
	for _, l := range come {
		if indexOf(old, l) < 0 || !l.Recurring {
			ask.Add = append(ask.Add, l)
		}
	}
	return append(steps, prices...)
}

func indexOf(lines []PriceLine, l PriceLine) int {
	for i, other := range lines {
		if other.ItemID == l.ItemID && other.Recurring && l.Recurring {
			return i
		}
	}
	return -1
}

// overage lists what was used of the present product beyond its allowance, to
// be billed in full with the change, and the prices that takes.
func (ch change) overage(d *Decision) ([]NewUsage, []Step) {
	var usage []NewUsage
	var steps []Step
	for _, id := range sortedKeys(ch.Balances) {
		b := ch.Balances[id].At(ch.cmd.Now)
		for _, g := range b.Grants {
			units := g.overdrawn()
			cp, item, sold := ch.sold(ch.Catalog, g.ID)
			if g.HolderID != ch.held.ID || !units.IsPositive() || !sold {
				continue
			}
			closed := ClosedUsage{GrantID: g.ID, Period: Period{g.periodStart(), ch.cmd.Now}, Units: units}
			d.Usage = append(d.Usage, closed)
			for _, line := range usageLines(ch.Catalog, cp, item, closed) {
				usage, steps = append(usage, line.ask), append(steps, line.price...)
			}
		}
	}
	return usage, steps
}

// schedule lets the present product run to the end of its period, and another
// one follow.
func (ch change) schedule() (Decision, error) {
	to, end := ch.cmd.Products[0], ch.period.End
	if !ch.held.EndsAt.IsZero() {
		end = ch.held.EndsAt
	}
	ch.trial = nil // a downgrade brings no trial
	d := ch.decide("downgrade_scheduled",
		fmt.Sprintf("Successfully downgraded from %s to %s: it begins on %s.", ch.from.Name, to.Name, day(end)),
		"A product that is not more expensive begins when the paid period ends.")
	d.Lines, d.Renews = nil, end
	d.Start[0].Status, d.Start[0].StartsAt = Scheduled, end
	if to.Recurring() {
		d.Start[0].SubscriptionID = ch.held.SubscriptionID
	}
	d.End = []Ending{{ch.held.ID, end}}
	d.Steps = ch.prepare()
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// renew withdraws the end of the present product.
func (ch change) renew() Decision {
	d := Decision{Branch: ch.branch, Code: "renewed_product", Currency: ch.currency, Products: []string{ch.held.ProductID},
		Message: fmt.Sprintf("Successfully renewed product %s.", ch.from.Name), Keep: []string{ch.held.ID},
		Renews: ch.period.End, Why: "The present product was attached again, so it goes on and nothing follows it."}
	if w := ch.Waiting(ch.held.Group, ch.cmd.Now); w != nil && !ch.held.AddOn {
		d.Drop = []string{w.ID}
	}
	d.Steps = ch.prepare()
	d, _ = ch.planned(ch.Catalog, d, ch.cmd.Now) // it only goes on: no two intervals can meet
	return d
}

// quantity changes how much of a feature is bought in advance each period. What
// was paid once with the product stays as it was bought.
func (ch change) quantity() (Decision, error) {
	now := ch.cmd.Now.Truncate(time.Second)
	options := merged(ch.held.Options, ch.cmd.Options)
	for _, item := range ch.from.Items {
		if !item.Cycle.Repeats() && !packsOf(item, options).Equal(packsOf(item, ch.held.Options)) {
			return Decision{}, errOptions("Feature %q was paid once with product %q, so its quantity can't be changed. Sell more of it as an add-on.", item.FeatureID, ch.from.ID)
		}
	}
	from, come := withoutPairs(recurringOnly(linesOf(ch.from, ch.held.Options, ch.currency)), recurringOnly(linesOf(ch.from, options, ch.currency)))
	d := Decision{Branch: ch.branch, Code: "prepaid_quantity_updated", Currency: ch.currency, Products: []string{ch.held.ProductID},
		Message: fmt.Sprintf("Successfully updated the quantity of %s.", ch.from.Name), Bought: map[string][]Option{ch.held.ID: options},
		Renews: ch.period.End, Why: "Another quantity counts at once; the time left is charged and credited."}
	switch {
	case ch.held.At(ch.cmd.Now) == Trialing:
	case ch.startsPaying(come):
		d.Lines, d.Renews = come, time.Time{}
	default:
		d.Lines = append(unused(from, ch.period, now), prorated(come, ch.period, now)...)
		d.Sum = arithmetic(ch.period, now, recurring(from), recurring(come), 0, d.DueNow(), ch.currency)
	}
	ask := &ChangeSubscription{SubscriptionID: ch.held.SubscriptionID, At: now, ByInvoice: ch.cmd.ByInvoice,
		DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: netTerms}
	old, steps := recurringLines(ch.Catalog, ch.from, ch.held.Options, ch.currency)
	next, prices := recurringLines(ch.Catalog, ch.from, options, ch.currency)
	for _, l := range old {
		if indexOf(next, l) < 0 {
			ask.Remove = append(ask.Remove, l)
		}
	}
	for _, l := range next {
		if i := indexOf(old, l); i < 0 {
			ask.Add = append(ask.Add, l)
		} else if old[i].Quantity != l.Quantity {
			ask.Set = append(ask.Set, l)
		}
	}
	d.Steps = append(append(append(ch.prepare(), steps...), prices...), ask.step())
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// merged replaces the quantities that are given and keeps the others.
func merged(had, given []Option) []Option {
	out := append([]Option(nil), had...)
	for _, o := range given {
		found := false
		for i := range out {
			if out[i].FeatureID == o.FeatureID {
				out[i], found = o, true
			}
		}
		if !found {
			out = append(out, o)
		}
	}
	return out
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
