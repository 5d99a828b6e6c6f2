package walk

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"windfall/local/stripesim/object"
	"windfall/shared/billing"
)

// money: what Stripe charged, credited and has open is what the ledger says is
// due, over the customer's whole life, whenever nothing is on its way.
//
// A command that met a fault may have been carried out at any of several
// moments: the ledger takes Stripe's sum as it then is, and goes on from there.
// tests/chaos compares the money of such commands with undisturbed ones.
func (k *walker) money(t *rapid.T, who string, d deed, before, v view) {
	l := k.ledgers[who]
	if l == nil {
		l = &ledger{due: new(big.Rat), begun: map[string]charges{}, beyond: map[string]bool{}, billed: map[string]*big.Rat{}}
		k.ledgers[who] = l
	}
	if l.most = largest(v.currency, k.taxed); !v.exists {
		return
	}
	if l.last != nil && before.now.Unix() > l.last.now { // deliveries of other customers took time
		l.hear(before.moment(), byTime)
	}
	l.hear(v.moment(), d.ending(who))
	taken, quiet := v.taken()
	taken += k.forgiven[who]
	// A customer who is deleted at Stripe pays nothing any more.
	for _, s := range v.subs {
		l.unsure = l.unsure || l.beyond[s.ID]
	}
	if (d.disturbed && d.do != "clock" || d.reward != "") && people[d.who] == who || l.unsure || d.do == "leave" || before.unpriced() || v.unpriced() {
		l.due.SetInt64(taken + k.unbilled(v))
		l.unsure = false
		l.text = append(l.text, "Stripe's sum is taken, after a fault, a part payment, or while Stripe bills something else")
		return
	}
	if !quiet {
		return
	}
	k.compared++
	off := new(big.Rat).Sub(new(big.Rat).SetInt64(taken), l.due)
	if off.Abs(off).Cmp(new(big.Rat).SetInt64(l.lines)) > 0 {
		k.fail(t, "%s: Stripe has taken %d cents, and %s are due:\n%s%s", who, taken, l.due.FloatString(2), strings.Join(l.text, "\n"), lines(v.invoices))
	}
}

// unbilled is the price of the use that waits for its invoice.
func (k *walker) unbilled(v view) (cents int64) {
	for _, b := range v.rows.Balances {
		for _, c := range b.At(v.now).Closed {
			cents += k.costs(v, c.GrantID, c.Units)
		}
	}
	return cents
}

// unpriced reports whether a subscription costs something else than its products
// do in the shop: Stripe voids or keeps what a paused one would collect, a
// coupon is not in the shop, and neither are prices of others.
func (v view) unpriced() bool {
	return slices.ContainsFunc(v.subs, func(s *object.Subscription) bool {
		lowered := func(in *object.Invoice) bool {
			return len(in.TotalDiscountAmounts) > 0 // by a code: what it took off is not credited later
		}
		return slices.ContainsFunc(v.invoices, lowered) || s.EndedAt == 0 && (s.PauseCollection != nil || s.Discount != nil || len(foreigners(s)) > 0 || v.marked(s.ID))
	})
}

// foreigners are the items of a subscription with the price of no product.
func foreigners(s *object.Subscription) (items []*object.SubscriptionItem) {
	for _, i := range s.Items.Data {
		if i.Price.UnitAmount != nil && *i.Price.UnitAmount == foreignFee {
			items = append(items, i)
		}
	}
	return items
}

// taken adds up the customer's invoices at Stripe, and what waits for the next
// one. A draft that nobody will issue counts nothing, and neither does the
// invoice of a purchase that was not completed. quiet reports that nothing else
// is on its way.
func (v view) taken() (cents int64, quiet bool) {
	quiet = true
	dead := map[string]bool{}
	for _, s := range v.subs {
		dead[s.ID] = s.Status == "incomplete" || s.Status == "incomplete_expired"
	}
	for _, in := range v.invoices {
		if in.Status != "void" && !dead[string(in.Subscription)] && (in.Status != "draft" || in.AutoAdvance) {
			cents += in.Total
		}
	}
	for _, i := range v.waiting {
		cents += i.Amount
	}
	for _, b := range v.rows.Balances {
		quiet = quiet && len(b.At(v.now).Closed) == 0
	}
	return cents, quiet
}

// ending says what became of the time left of what a step ended.
func (d deed) ending(who string) ending {
	switch {
	case d.prorated:
		return prorated
	case d.silent:
		return silent
	case people[d.who] != who || d.do == "clock":
		return byTime
	case d.do == "end with credit":
		return refunded
	case d.path == "/v1/attach" || d.do == "pay page":
		return exchanged
	}
	return forfeited
}

// moment is a view in the ledger's terms: ids, dates, quantities, no money.
func (v view) moment() moment {
	m := moment{now: v.now.Unix(), subs: map[string]sub{}}
	for _, cp := range v.rows.Products {
		p := plan{id: cp.ID, currency: v.currency, product: cp.ProductID, sub: cp.SubscriptionID, start: cp.StartsAt.Unix(), times: int64(max(1, cp.Quantity)), units: map[string]int64{}, used: map[string]use{}}
		if !cp.EndsAt.IsZero() {
			p.end = cp.EndsAt.Unix()
		} else if cp.Status == billing.Expired {
			p.end = p.start
		}
		if !cp.TrialEnds.IsZero() {
			p.trial = cp.TrialEnds.Unix()
		}
		for _, q := range cp.Quantities {
			p.units[q.FeatureID] = q.Quantity.IntPart()
		}
		for feature, b := range v.rows.Balances {
			for _, g := range b.At(v.now).Grants {
				if g.CustomerProductID == cp.ID && g.Overage {
					units, _ := new(big.Rat).SetString(g.Used.String())
					p.used[feature] = use{units, g.ResetsAt.Unix()}
				}
			}
		}
		m.plans = append(m.plans, p)
	}
	for _, s := range v.subs {
		if s.Status == "incomplete" || s.Status == "incomplete_expired" {
			continue
		}
		whole, day, months := s.CurrentPeriodStart, time.Unix(s.BillingCycleAnchor, 0).UTC().Day(), monthsOf[s.Items.Data[0].Price.Recurring.Interval]*int(s.Items.Data[0].Price.Recurring.IntervalCount)
		if s.BillingCycleAnchorConfig != nil {
			day = int(s.BillingCycleAnchorConfig.DayOfMonth)
		}
		if s.Status != "trialing" {
			whole = min(whole, later(s.BillingCycleAnchor, s.CurrentPeriodEnd, day, -months))
		}
		m.subs[s.ID] = sub{whole: whole, day: day, from: s.CurrentPeriodStart, to: s.CurrentPeriodEnd, anchor: s.BillingCycleAnchor, ended: int64(s.EndedAt), trialing: s.Status == "trialing", paid: v.payment(s), paused: s.PauseCollection != nil, waits: v.waits(s.ID)}
	}
	return m
}

// waits reports whether prorations wait for the next invoice of a subscription.
// They are dropped with it, or charged, as it ends.
func (v view) waits(id string) bool {
	return slices.ContainsFunc(v.waiting, func(i *object.InvoiceItem) bool { return i.Proration && string(i.Subscription) == id })
}

// payment says what became of the invoices of a subscription's present period.
func (v view) payment(s *object.Subscription) payment {
	had, setOff := map[string]int{}, false
	for _, in := range v.invoices {
		if string(in.Subscription) == s.ID && (in.Created >= s.CurrentPeriodStart || in.Status == "draft" && in.AutoAdvance) && in.Total != 0 {
			if in.Status == "draft" && in.BillingReason != "subscription_cycle" {
				return partly // Stripe keeps it while an invoice before is not paid
			}
			if in.Status == "open" && in.AmountDue < in.Total { // credits paid some of it
				return partly
			}
			status := string(in.Status)
			for _, c := range v.charges {
				switch back := c.AmountRefunded > 0 || c.Disputed; {
				case string(c.Invoice) != in.ID || !back:
				case c.AmountRefunded == c.Amount && !c.Disputed:
					status = "given back"
				default: // in part, or until a bank has decided
					return partly
				}
			}
			had[status]++
			setOff = setOff || slices.ContainsFunc(in.Lines.Data, func(l *object.InvoiceLine) bool { return l.Amount < 0 })
		}
	}
	switch {
	case had["draft"] > 0 && had["paid"] > 0 && len(had) == 2 && setOff:
		return relied
	case had["draft"] > 0 && len(had) > 1:
		return partly
	case had["draft"] > 0:
		return drafted
	case had["open"]+had["uncollectible"]+had["void"]+had["given back"] == 0:
		return paid
	case had["paid"] > 0 || setOff: // what was credited to it had been paid
		return partly
	case had["open"] == 0:
		return dropped
	case had["uncollectible"]+had["void"]+had["given back"] == 0:
		return unpaid
	}
	return partly
}
