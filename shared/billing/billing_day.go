package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// What a purchase that names its billing day costs first, and a change that begins
// a full period.

// longestPage is how long a checkout page is open. A billing day comes a day from now
// at the soonest.
//
// Source: https://docs.stripe.com/api/checkout/sessions/create, expires_at
const longestPage = 24 * time.Hour

// beginOn finds the first period of a purchase that names a billing day: it ends on
// that day, and is charged for the share that it is of a whole one. In a month that is
// too short the day is the last one.
//
//   - Only what is billed by months or years has such a day.
//   - A trial's end is the billing day, so there is no other.
//   - Stripe's pages know a moment and no day. They can't have a day that the first
//     month is too short for, as it would drift.
//   - A page is paid before the day comes; on the day itself, before the next one.
func (p *purchase) beginOn(page bool) error {
	day, cycle := p.cmd.BillingDay, p.cycle()
	switch {
	case p.cmd.BeginNow && p.trial != nil && !p.cmd.BeginIfCan:
		return refusal.Invalid(ReasonBillingDayOfATrial, p.names())
	case day == 0:
		return nil
	case !cycle.Repeats():
		return refusal.Invalid(ReasonBillingDayOfNothing, p.names())
	case cycle.Months() == 0:
		return refusal.Invalid(ReasonBillingDayOfWeeks, p.names(), cycle)
	case p.trial != nil:
		return refusal.Invalid(ReasonBillingDayOfATrial, p.names())
	}
	now := p.cmd.Now.Truncate(time.Second)
	a := money.AnchorOn(day, now)
	switch {
	case a.At.After(now):
		p.first = money.Period{Start: now, End: a.At, Whole: a.Before(cycle, a.At), Anchor: a}
	case a.At.Day() != day: // it is today, in a month that is too short
		p.first = money.Period{Start: now, End: a.Next(cycle, now), Anchor: a}
	}
	if p.onPage = p.first; !a.At.After(now) {
		a = money.Anchor{At: a.Next(cycle, now), Day: day}
		p.onPage = money.Period{Start: now, End: a.At, Whole: a.Before(cycle, a.At), Anchor: a}
	}
	if page && p.offPage() {
		return refusal.Invalid(ReasonBillingDayOnAPage, day, p.onPage.End.Format("January"))
	}
	return nil
}

// offPage reports whether a page can't have the billing day.
func (p purchase) offPage() bool {
	return p.cmd.BillingDay > 0 && !p.onPage.End.IsZero() && p.onPage.End.Day() != p.cmd.BillingDay
}

// cycle is the interval in which the purchase is billed; zero where nothing repeats.
func (p purchase) cycle() money.Cycle {
	i := slices.IndexFunc(p.cmd.Products, catalog.Product.Recurring)
	if i < 0 {
		return money.Cycle{}
	}
	return p.cmd.Products[i].BillingCycle()
}

// firstPeriod turns the recurring lines into what a first period costs. Stripe takes
// them for charges of a period, which a discount lowers.
//
// assumption: that a discount lowers the first invoice of a later billing day.
func firstPeriod(lines []Line, p money.Period, c money.Currency) []Line {
	if p.Whole.IsZero() {
		return lines
	}
	out := slices.Clone(lines)
	for i, l := range out {
		if l.Recurring {
			out[i].Amount, out[i].First = p.Prorate(l.Amount, p.Start, c), true
			out[i].Description = l.Description + " until " + day(p.End)
		}
	}
	return out
}

// checkAnchor refuses a billing day of what is held already, and a full period now where
// nothing is charged for one.
func (ch *change) checkAnchor(waits bool) error {
	why, of := refusal.Reason(""), ch.from.ID
	switch {
	case ch.cmd.BillingDay > 0:
		return refusal.Invalid(ReasonBillingDayOfAChange, of)
	case !ch.cmd.BeginNow:
		return nil
	case waits:
		why, of = ReasonBeginsLater, ch.cmd.Products[0].ID
	case ch.trial != nil:
		why, of = ReasonBillingDayOfATrial, ch.names()
	case ch.branch == BranchRenew || ch.branch == BranchQuantity || ch.uncharged() || ch.same() && ch.current.At(ch.cmd.Now) == Trialing:
		why = ReasonBeginsNothing
	case ch.shared():
		why = ReasonBeginsOthers
	default:
		return nil
	}
	if ch.cmd.BeginIfCan {
		ch.cmd.BeginNow = false
		return nil
	}
	return refusal.Invalid(why, of)
}
