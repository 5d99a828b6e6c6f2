package hosted

import (
	"fmt"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// fillRenewal says what is paid today and afterwards.
func fillRenewal(v *pages.Checkout, cs *object.CheckoutSession, comes Outcome) {
	if inv := comes.Invoice; inv != nil {
		v.Adjustments = adjustments(cs, inv)
		v.Due, v.Total = inv.AmountDue, minor(inv.AmountDue, inv.Currency)
	}
	if comes.Renewal == nil {
		return
	}
	text := renewalText(comes.Renewal)
	switch {
	case cs.State.TrialDays > 0:
		v.Renewal = fmt.Sprintf("%s free, then %s.", count(cs.State.TrialDays, "day"), text)
	case cs.Trialing():
		v.Renewal = fmt.Sprintf("Free until %s, then %s.", longDay(cs.State.TrialEnd), text)
	default:
		v.Renewal = fmt.Sprintf("%s today, then %s.", v.Total, text)
	}
	if cs.Trialing() {
		v.Renewal += " You can cancel before."
	}
}

// adjustments are what the first invoice has besides the order: a first period
// that is shorter or longer, and the customer's balance.
func adjustments(cs *object.CheckoutSession, inv *object.Invoice) []pages.Adjustment {
	var out []pages.Adjustment
	if cs.AmountTotal != nil && inv.Total != *cs.AmountTotal {
		out = append(out, pages.Adjustment{Name: "Adjusted to the first period", Amount: minor(inv.Total-*cs.AmountTotal, inv.Currency)})
	}
	if inv.AmountDue != inv.Total {
		out = append(out, pages.Adjustment{Name: "Applied balance", Amount: minor(inv.AmountDue-inv.Total, inv.Currency)})
	}
	return out
}

// renewalText is like "$15.00 each month from 1 May 2027, and $20.00 from 1
// July 2027": the next invoice, and that after the discount.
func renewalText(r *Renewal) string {
	next := r.Next
	text := fmt.Sprintf("%s %s from %s", minor(next.Total, next.Currency), everyText(r.Every), longDay(r.At))
	if full := r.Full; full != nil && full.Total != next.Total {
		text += fmt.Sprintf(", and %s from %s", minor(full.Total, full.Currency), longDay(r.FullFrom))
	}
	if r.Metered {
		text += ", plus what is used"
	}
	return text
}

func everyText(r *object.Recurring) string {
	if r.IntervalCount > 1 {
		return "every " + count(r.IntervalCount, r.Interval)
	}
	return "each " + r.Interval
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
