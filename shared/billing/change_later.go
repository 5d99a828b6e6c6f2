package billing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// schedule lets the present product run to the end of its period, and another
// one follow.
func (ch change) schedule() (Decision, error) {
	to, end := ch.cmd.Products[0], ch.period.End
	if !ch.current.EndsAt.IsZero() && (!to.Recurring() || ch.current.SubscriptionID == "") {
		end = ch.current.EndsAt // an end within the period that is followed by something paid is withdrawn at Stripe
	}
	ch.trial = nil // what waits brings no trial
	d := ch.decided(EffectDowngradeScheduled, "A product that is not more expensive begins when the paid period ends.")
	if ch.branch != BranchDowngrade {
		d.Effect, d.Why = EffectUpgradeScheduled, "The change was asked for with the end of the paid period."
	}
	d.Subject = Subject{From: ch.from.Name, To: to.Name, At: end}
	d.Lines, d.Renews = nil, end
	d.Start[0].Status, d.Start[0].StartsAt = Scheduled, end
	if to.Recurring() {
		d.Start[0].SubscriptionID = ch.current.SubscriptionID
	}
	d.End = []Ending{{ch.current.ID, end}}
	d.lowers(ch.Billed, ch.current.SubscriptionID)
	d.Steps = ch.prepare()
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// renew withdraws the end of the present product.
func (ch change) renew() (Decision, error) {
	d := Decision{Branch: ch.branch, Effect: EffectRenewed, Currency: ch.currency, Taxed: ch.taxed(), Products: []string{ch.current.ProductID},
		Subject: Subject{From: ch.from.Name}, Keep: []string{ch.current.ID}, Quantities: ch.cmd.Quantities,
		Renews: ch.period.End, Why: "The present product was attached again, so it goes on and nothing follows it."}
	if w := ch.ScheduledPlan(ch.current.Group, ch.cmd.Now); w != nil && !ch.current.AddOn {
		d.Drop = []string{w.ID}
	}
	d.lowers(ch.Billed, ch.current.SubscriptionID)
	d.Steps = ch.prepare()
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// quantity changes how much of a feature is bought in advance each period. What
// was paid once with the product stays as it was bought.
func (ch change) quantity() (Decision, error) {
	now := ch.cmd.Now.Truncate(time.Second)
	if err := ch.overdue(); err != nil {
		return Decision{}, err
	}
	options := catalog.MergeQuantities(ch.current.Quantities, ch.cmd.Quantities)
	for _, item := range ch.from.Items {
		if !item.Cycle.Repeats() && !catalog.PacksOf(item, options).Equal(catalog.PacksOf(item, ch.current.Quantities)) {
			return Decision{}, refusal.Invalid(ReasonQuantityPaidOnce, item.FeatureID, ch.from.ID)
		}
	}
	if err := ch.fitsUse(options); err != nil {
		return Decision{}, err
	}
	from, added := withoutPairs(repeatingLines(linesOf(ch.from, ch.current.Quantities, ch.currency)), repeatingLines(linesOf(ch.from, options, ch.currency)))
	d := Decision{Branch: ch.branch, Effect: EffectQuantityUpdated, Currency: ch.currency, Taxed: ch.taxed(), Products: []string{ch.current.ProductID},
		Subject: Subject{From: ch.from.Name}, Bought: map[string][]catalog.Quantity{ch.current.ID: options}, Quantities: options,
		Renews: ch.period.End, Why: "Another quantity counts at once; the time left is charged and credited: " + quantities(ch.current.Quantities, options) + "."}
	ask := &ChangeSubscription{SubscriptionID: ch.current.SubscriptionID, At: now, ByInvoice: ch.cmd.ByInvoice,
		DraftInvoice: ch.cmd.DraftInvoice, CollectWithin: NetTerms, Taxed: ch.newTax(), KeepDay: ch.current.At(ch.cmd.Now) != Trialing && ch.startsPaying(added)}
	running := d.lowers(ch.Billed, ch.current.SubscriptionID)
	var limits, after []Step
	if ch.cmd.Uncharged {
		ask.NoCharge = true
		d.Why = "Another quantity counts at once; nothing is charged or credited before the next period, as was asked: " + quantities(ch.current.Quantities, options) + "."
		limits, after = ch.give(&d, ask, nil)
	} else if ch.current.At(ch.cmd.Now) == Trialing {
		d.Lines = discounted(waiting(ch.Billed, ch.current.SubscriptionID), running)
		limits, after = ch.give(&d, ask, nil)
	} else {
		credit := unused(from, ch.period, now, running, ch.currency)
		comes := prorated(added, ch.period, now, running, ch.currency)
		held, err := ch.credits(credit, comes, now)
		if err != nil {
			return Decision{}, err
		}
		next := waiting(ch.Billed, ch.current.SubscriptionID)
		d.Lines = discounted(slices.Concat(credit, held, comes, next), running)
		ask.Usage = withheldUsage(UnpaidUse+ch.cmd.OperationID, held, ch.Catalog, ch.current, ch.currency, now)
		limits, after = ch.give(&d, ask, comes)
		d.Sum = arithmetic(ch.period, now, lowered(from, running, ch.currency), lowered(added, running, ch.currency), d.DueNow()-Total(credit)-Total(comes), d.DueNow(), ch.currency)
	}
	old, steps := recurringLines(ch.Catalog, ch.from, ch.current.Quantities)
	next, prices := recurringLines(ch.Catalog, ch.from, options)
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
	d.Steps = slices.Concat(ch.prepare(), steps, prices, limits, []Step{ask.step()}, after)
	return ch.planned(ch.Catalog, d, ch.cmd.Now)
}

// fitsUse refuses quantities below what is used: what is left of the time is
// credited, so used packs would come back as money, and going up again would
// fill them anew.
func (ch change) fitsUse(options []catalog.Quantity) error {
	for _, item := range ch.from.Items {
		packs := catalog.PacksOf(item, options).Mul(item.Pack())
		for _, g := range ch.Balances[item.FeatureID].At(ch.cmd.Now).Grants {
			if g.ID != ch.current.ID+"/"+item.ID || g.Overage || !packs.LessThan(g.Prepaid) || !g.InUse().GreaterThan(g.Included.Add(g.Extra).Add(packs)) {
				continue
			}
			until := "Free some first."
			if !g.ResetsAt.IsZero() {
				until = "Ask again after " + g.ResetsAt.UTC().Format(time.DateOnly) + ", when its use starts anew."
			}
			return refusal.Invalid(ReasonQuantityBelowUse, g.InUse(), item.FeatureID, packs, until)
		}
	}
	return nil
}

// quantities words how much was bought before and is now: "messages 200 → 500".
func quantities(from, to []catalog.Quantity) string {
	var changed []string
	for _, o := range to {
		was := money.Zero
		for _, old := range from {
			if old.FeatureID == o.FeatureID {
				was = old.Quantity
			}
		}
		if !was.Equal(o.Quantity) {
			changed = append(changed, fmt.Sprintf("%s %s → %s", o.FeatureID, was, o.Quantity))
		}
	}
	return strings.Join(changed, ", ")
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
