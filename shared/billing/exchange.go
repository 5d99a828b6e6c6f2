package billing

import (
	"fmt"
	"slices"
	"time"
)

// exchange swaps the present product for another one at once.
func (ch change) exchange() (Decision, error) {
	d, now := ch.begin(), ch.cmd.Now.Truncate(time.Second)
	d.Start[0].SubscriptionID = ch.held.SubscriptionID
	to, trialing := ch.charged(), ch.held.At(ch.cmd.Now) == Trialing
	from, come := withoutPairs(linesOf(ch.from, ch.held.Options, ch.currency), linesOf(to, ch.options(), ch.currency))
	full := come
	ask := &ChangeSubscription{SubscriptionID: ch.held.SubscriptionID, At: now, GoesOn: !ch.held.EndsAt.IsZero(),
		ByInvoice: ch.cmd.ByInvoice, DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: netTerms}
	switch {
	case trialing && ch.same():
		d.Start[0].TrialEnds, d.Renews, ask.NoCharge = ch.held.TrialEnds, ch.held.TrialEnds, true
		from, come = nil, nil
	case ch.uncharged():
		d.Renews, ask.NoCharge = ch.period.End, true
		from, come = nil, nil
	case ch.trial != nil:
		ask.TrialEnd, come = ch.trial.End(ch.cmd.Now), nil
		d.Renews = ask.TrialEnd
	case trialing:
		ask.EndTrial = true
		d.Why = "The trial ends and a full period of the new product begins."
		come = linesOf(to, ch.options(), ch.currency)
	case ch.restarts():
		d.Restart = true
	default:
		come = prorated(come, ch.period, now)
		d.Renews = ch.period.End
	}
	var credit []Line
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
	if !trialing && !ask.NoCharge && !d.Restart && ch.trial == nil {
		d.Sum = arithmetic(ch.period, now, recurring(from), recurring(full), Total(over)+once(come), d.DueNow(), ch.currency)
	}
	d.Steps = append(ch.prepare(), prices...)
	d.Steps = append(d.Steps, ch.swap(ask, to)...)
	d.Steps = append(d.Steps, ask.step())
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// begin is what all changes that happen at once share: what begins, and how
// the answer words it.
func (ch change) begin() Decision {
	code, message, why := "upgraded_to_new_product", fmt.Sprintf("Successfully upgraded from %s to %s.", ch.from.Name, ch.cmd.Products[0].Name),
		"A more expensive product starts at once; the time left is charged and credited."
	switch {
	case ch.branch == BranchDowngrade:
		code, message = "updated_product_successfully", fmt.Sprintf("Successfully changed from %s to %s.", ch.from.Name, ch.cmd.Products[0].Name)
		why = "The change was asked for at once; the time left is charged and credited."
	case ch.branch == BranchVersion:
		code, message = "upgraded_to_new_version", fmt.Sprintf("Successfully updated %s to version %d.", ch.from.Name, ch.cmd.Products[0].Version)
		why = "Another version of the product is taken over without a charge for this period."
		if ch.restarts() {
			why = "Another version of the product is billed in another interval; a full period begins, and the time left is credited."
		}
	case ch.same() && ch.uncharged():
		code, message = "updated_same_product", fmt.Sprintf("Successfully updated product %s.", ch.from.Name)
		why = "Nothing that is paid in advance changes, so there is no charge."
	case ch.same():
		code, message = "updated_same_product", fmt.Sprintf("Successfully updated product %s.", ch.from.Name)
		why = "The product has other prices for this customer; the time left is charged and credited."
	}
	d := ch.decide(code, message, why)
	d.Carry = ch.same()
	if ch.held.AddOn { // nothing of a group gives way to it
		d.End = []Ending{{HolderID: ch.held.ID}}
	}
	return d
}

// charged is the new product without what is paid once and is not paid again:
// of the product that is held already, only what is new counts.
func (ch change) charged() Product {
	to := ch.cmd.Products[0]
	if ch.same() {
		free := ch.uncharged() || ch.held.At(ch.cmd.Now) == Trialing
		to.Items = slices.DeleteFunc(slices.Clone(to.Items), func(i Item) bool {
			return i.Priced() && !i.Cycle.Repeats() && (free || ch.from.sellsLike(i))
		})
	}
	return to
}

// leave starts a product that costs nothing at once: the paid one ends, and
// its time left is credited.
func (ch change) leave() (Decision, error) {
	d := ch.begin()
	d.Steps = ch.prepare()
	return ch.ended(ch.Catalog, d, ch.held, true, ch.cmd.Now)
}

// regrant exchanges the items of a product that costs nothing, before and
// after. One that ends with its trial still does, and the default follows.
func (ch change) regrant() Decision {
	d, now := ch.begin(), ch.cmd.Now
	next := &d.Start[0]
	next.TrialEnds, next.CanceledAt, next.EndsAt = ch.held.TrialEnds, ch.held.CanceledAt, ch.held.EndsAt
	if !next.EndsAt.IsZero() {
		d.Start = append(d.Start, ch.Catalog.fallback(*next, next.ID+"_after", next.EndsAt, now)...)
	}
	return d
}

func recurring(lines []Line) (sum Amount) {
	for _, l := range lines {
		if l.Recurring {
			sum += l.Amount
		}
	}
	return sum
}

func once(lines []Line) Amount { return Total(lines) - recurring(lines) }

func (ask *ChangeSubscription) step() Step { return Step{Name: "change", Change: ask} }

// swap fills in which prices leave the subscription and which come, and
// returns the steps that make those Stripe does not know yet. A price that
// both products have stays, with its new quantity.
func (ch change) swap(ask *ChangeSubscription, to Product) []Step {
	old, steps := recurringLines(ch.Catalog, ch.from, ch.held.Options, ch.currency)
	ch.cmd.Products = []Product{to}
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
// be billed in full with the change, and the prices that takes. What the new
// one sells at the same price goes on there instead; where the change costs
// nothing, the rest is left to the renewal.
func (ch change) overage(d *Decision) ([]NewUsage, []Step) {
	var usage []NewUsage
	var steps []Step
	for _, id := range sortedKeys(ch.Balances) {
		b := ch.Balances[id].At(ch.cmd.Now)
		for _, g := range b.Grants {
			units := g.overdrawn()
			cp, item, sold := ch.sold(ch.Catalog, g.ID)
			if g.HolderID != ch.held.ID || !units.IsPositive() || !sold ||
				ch.same() && (ch.uncharged() || ch.cmd.Products[0].sellsLike(item)) {
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
