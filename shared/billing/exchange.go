package billing

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// exchange swaps the present product for another one at once.
func (ch change) exchange() (Decision, error) {
	d, now := ch.begin(), ch.cmd.Now.Truncate(time.Second)
	if err := ch.overdue(); err != nil {
		if !ch.uncharged() {
			return d, err
		}
		d.Start[0].Status = PastDue // what costs nothing brings no access back
	}
	d.Start[0].SubscriptionID = ch.current.SubscriptionID
	running := d.lowers(ch.Billed, ch.current.SubscriptionID)
	to, trialing := ch.charged(), ch.current.At(ch.cmd.Now) == Trialing
	from, added := withoutPairs(linesOf(ch.from, ch.current.Quantities, ch.currency), linesOf(to, ch.options(), ch.currency))
	full := added
	ask := &ChangeSubscription{SubscriptionID: ch.current.SubscriptionID, At: now, GoesOn: !ch.current.EndsAt.IsZero(),
		ByInvoice: ch.cmd.ByInvoice, DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: NetTerms, Taxed: ch.newTax()}
	switch {
	case trialing && (ch.same() || ch.shared() || ch.cmd.Uncharged): // a trial that others share goes on
		d.Start[0].TrialEnds, d.Renews, ask.NoCharge = ch.current.TrialEnds, ch.current.TrialEnds, true
		from, added = nil, nil
	case ch.uncharged():
		d.Renews, ask.NoCharge = ch.period.End, true
		ask.KeepDay = ch.cmd.Uncharged && ch.startsPaying(added)
		from, added = nil, nil
	case ch.trial != nil:
		ask.TrialEnd, added = ch.trial.End(ch.cmd.Now), oneTimeLines(added)
		d.Renews = ask.TrialEnd
	case trialing:
		ask.EndTrial = true
		d.Why = "The trial ends and a full period of the new product begins."
		added = linesOf(to, ch.options(), ch.currency)
	case ch.restarts():
		d.Restart = true
	case ch.cmd.BeginNow:
		d.Restart, ask.ResetDay = true, true
		from, added = linesOf(ch.from, ch.current.Quantities, ch.currency), linesOf(to, ch.options(), ch.currency)
	default:
		ask.KeepDay = ch.startsPaying(added)
		added = prorated(added, ch.period, now, running, ch.currency)
		d.Renews = ch.period.End
	}
	var credit []Line
	if !trialing {
		credit = unused(from, ch.period, now, running, ch.currency)
	}
	held, err := ch.credits(credit, added, now)
	if err != nil {
		return d, err
	}
	share := Total(credit) + recurring(added)
	credit = append(credit, held...)
	usage, prices := ch.overage(&d)
	ask.Usage = append(withheldUsage(UnpaidUse+ch.cmd.OperationID, held, ch.Catalog, ch.current, ch.currency, now), usage...)
	var over []Line
	for _, u := range usage {
		over = append(over, Line{Description: u.Description, ItemID: u.ItemID, ProductID: ch.from.ID, UsageModel: catalog.PayPerUse, Amount: u.Amount})
	}
	period := ch.period
	if d.Restart || ask.EndTrial {
		period = money.Period{Start: now, End: to.BillingCycle().After(now, 1)}
	}
	seats, asked, more, err := ch.seats(&d, period, ask.NoCharge && !ch.seatsRepeatAnew())
	if err != nil {
		return d, err
	}
	if prices, over = append(prices, more...), append(over, seats...); ch.cmd.Uncharged && len(over) > 0 {
		return d, refusal.Invalid(ReasonUnchargedUse, ch.from.ID, to.ID)
	}
	if !ask.NoCharge {
		ask.Usage = append(ask.Usage, asked...)
		over = append(over, waiting(ch.Billed, ch.current.SubscriptionID)...)
	}
	if d.Lines = slices.Concat(credit, added, over); ask.NoCharge && len(asked) > 0 { // on an invoice of their own
		d.Lines = ch.Billed.LowerAlone(Decision{}, d.Lines)
	} else {
		d.Lines = discounted(d.Lines, running)
	}
	limits, after := ch.give(&d, ask, added)
	ch.payByCredits(&d, ask)
	if !trialing && !ask.NoCharge && !d.Restart && ch.trial == nil {
		d.Sum = arithmetic(ch.period, now, lowered(from, running, ch.currency), lowered(full, running, ch.currency), d.DueNow()-share, d.DueNow(), ch.currency)
	}
	if ask.NoCharge && len(asked) > 0 { // Stripe bills nothing with such a change, so they have an invoice of their own
		after = append(after, Step{Name: "seats", Invoice: &NewInvoice{Currency: ch.currency, Usage: asked, OnFile: !ch.cmd.ByInvoice, ByInvoice: ch.cmd.ByInvoice,
			DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: NetTerms, Taxed: ch.taxed()}})
	}
	d.Steps = slices.Concat(ch.prepare(), prices, limits, ch.swap(ask, to), []Step{ask.step()}, after)
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// shared reports whether other products are billed on the same subscription.
func (ch change) shared() bool {
	return slices.ContainsFunc(ch.Products, func(cp CustomerProduct) bool {
		return cp.ID != ch.current.ID && cp.SubscriptionID != "" && cp.SubscriptionID == ch.current.SubscriptionID && cp.Running(ch.cmd.Now)
	})
}

// startsPaying reports whether the subscription has billed nothing in advance
// so far and does from now on: then Stripe begins a full period, unless it is
// told to leave the billing day. It is: a customer who was billed for use has a
// billing day already, and the time left is charged as in any other change of
// products of one interval.
//
// Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
func (ch change) startsPaying(added []Line) bool {
	for _, cp := range ch.Products {
		if cp.SubscriptionID == ch.current.SubscriptionID && cp.Running(ch.cmd.Now) && recurring(linesOf(ProductOf(ch.Catalog, cp), cp.Quantities, ch.currency)) > 0 {
			return false
		}
	}
	return recurring(added) > 0
}

// oneTimeLines keeps the lines that are paid once, repeatingLines the others.
func oneTimeLines(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Recurring })
}

func repeatingLines(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !l.Recurring })
}

func recurring(lines []Line) (sum money.Amount) {
	for _, l := range lines {
		if l.Recurring {
			sum += l.Amount
		}
	}
	return sum
}

func once(lines []Line) money.Amount { return Total(lines) - recurring(lines) }

func (ask *ChangeSubscription) step() Step { return Step{Name: "change", Change: ask} }

// swap fills in which prices leave the subscription and which come, and
// returns the steps that make those Stripe does not know yet. A price that
// both products have stays, with its new quantity.
func (ch change) swap(ask *ChangeSubscription, to catalog.Product) []Step {
	old, steps := recurringLines(ch.Catalog, ch.from, ch.current.Quantities)
	ch.cmd.Products = []catalog.Product{to}
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
	bill := UsageBill{Currency: ch.currency}
	for _, id := range slices.Sorted(maps.Keys(ch.Balances)) {
		b := ch.Balances[id].At(ch.cmd.Now)
		for _, g := range b.Grants {
			units := g.Overdrawn()
			cp, item, sold := ch.itemOfGrant(ch.Catalog, g.ID)
			if g.CustomerProductID != ch.current.ID || !units.IsPositive() || !sold ||
				ch.same() && (ch.uncharged() || ch.cmd.Products[0].SellsLike(item)) {
				continue
			}
			closed := entitlement.UnbilledUsage{GrantID: g.ID, Period: money.Period{Start: g.PeriodStart(), End: ch.cmd.Now}, Units: units}
			d.Usage = append(d.Usage, closed)
			bill.price(ch.Catalog, cp, item, closed)
		}
	}
	d.NotBilled = bill.NotBilled
	var usage []NewUsage
	var steps []Step
	for _, line := range bill.Lines {
		usage, steps = append(usage, line.ask), append(steps, line.price...)
	}
	return usage, steps
}
