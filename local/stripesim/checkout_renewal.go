package stripesim

import (
	"fmt"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// fillRenewal says what is paid today and afterwards. Both come from the
// purchase itself, made with a card that works on a fork that is thrown away.
func (t *tx) fillRenewal(v *pages.Checkout, cs *object.CheckoutSession) {
	if cs.Mode != "subscription" {
		return
	}
	f := t.fork()
	f.dry, f.present = false, true
	done, err := f.complete(cs.ID, purchase{PaymentMethod: "pm_card_visa"})
	if err != nil {
		return // pressing the button says why
	}
	sub, _ := find[*object.Subscription](f, string(done.Subscription))
	if inv, ok := find[*object.Invoice](f, string(done.Invoice)); ok {
		v.Adjustments = adjustments(cs, inv)
		v.Due, v.Total = inv.AmountDue, minor(inv.AmountDue, inv.Currency)
	}
	text := f.renewalText(sub)
	switch {
	case text == "":
	case cs.State.TrialDays > 0:
		v.Renewal = fmt.Sprintf("%s free, then %s.", count(cs.State.TrialDays, "day"), text)
	case trialing(cs):
		v.Renewal = fmt.Sprintf("Free until %s, then %s.", longDay(cs.State.TrialEnd), text)
	default:
		v.Renewal = fmt.Sprintf("%s today, then %s.", v.Total, text)
	}
	if v.Renewal != "" && trialing(cs) {
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
// July 2027": the next invoice, and that after the discount. It is "" when the
// subscription does not renew.
func (t *tx) renewalText(sub *object.Subscription) string {
	next, err := t.preview(sub.ID)
	if err != nil || sub.CancelAt != 0 && int64(sub.CancelAt) <= sub.CurrentPeriodEnd {
		return ""
	}
	text := fmt.Sprintf("%s %s from %s", minor(next.Total, next.Currency), everyText(sub.Items.Data[0].Price.Recurring), longDay(sub.CurrentPeriodEnd))
	if full, from := t.afterDiscount(sub); full != nil && full.Total != next.Total {
		text += fmt.Sprintf(", and %s from %s", minor(full.Total, full.Currency), longDay(from))
	}
	for _, item := range sub.Items.Data {
		if metered(item.Price) {
			return text + ", plus what is used"
		}
	}
	return text
}

// afterDiscount is the first renewal without the discount, and its date.
func (t *tx) afterDiscount(sub *object.Subscription) (*object.Invoice, int64) {
	if sub.Discount == nil || sub.Discount.Coupon.Duration == "forever" {
		return nil, 0
	}
	n, interval := int64(0), subscriptionInterval(sub)
	from := sub.CurrentPeriodEnd
	for from < int64(sub.Discount.End) || sub.Discount.Coupon.Duration == "once" && n == 0 {
		n++
		from = interval.Add(sub.CurrentPeriodEnd, n)
	}
	f := t.fork()
	edit[*object.Subscription](f, sub.ID).Discount = nil
	full, err := f.lookAhead(sub.ID)
	if err != nil {
		return nil, 0
	}
	return full, from
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
