package walk

import (
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// charge: a call charges what its preview said (and I-10's sum), and nothing
// where the rules forbid it (I-11).
func (k *walker) charge(t *rapid.T, who string, d deed, before, after view) {
	sum, n := int64(0), 0
	for _, in := range after.since(before) {
		if in.Status == "void" || in.BillingReason == "subscription_cycle" && in.Created > before.now.Unix() {
			continue // or a renewal that came while refused events were delivered again
		}
		sum, n = sum+in.Total, n+1
	}
	switch d.code {
	case "downgrade_scheduled", "renewed_product", "upgraded_to_new_version", "checkout_created", "free_product_attached":
		if n > 0 {
			k.fail(t, "I-11 %s: %s made %d invoices of %d", who, d.code, n, sum)
		}
	case "product_canceled":
		if d.do == "cancel" && sum > 0 && !before.ends(d.product) {
			k.fail(t, "I-11 %s: a cancel charged %d", who, sum)
		}
	}
	if n > 1 && d.path == "/v1/attach" {
		k.fail(t, "I-9 %s: one attach made %d invoices", who, n)
	}
	if d.path == "/v1/attach" && d.preview != "" && n > 0 {
		if said := decimal.RequireFromString(d.preview).Shift(after.currency.Decimals()).IntPart(); said != sum {
			k.fail(t, "I-10 %s: the preview of %s said %d and it charged %d: %s", who, d.product, said, sum, lines(after.since(before)))
		}
	}
	if at, staff := k.staffed[who]; d.code == "upgraded_to_new_product" && staff && before.now.Sub(at) < 62*24*time.Hour {
		return // what they left without a charge, or for the next invoice, is not credited in full
	}
	if d.code == "upgraded_to_new_product" && !after.discounted() && !before.unpriced() && d.reward == "" {
		k.upgraded(t, who, d, before, after, sum)
	}
}

func (v view) paymentOf(subscription string) payment {
	for _, s := range v.subs {
		if s.ID == subscription {
			return v.payment(s)
		}
	}
	return paid
}

func (v view) discounted() bool {
	return slices.ContainsFunc(v.subs, func(s *object.Subscription) bool { return s.Discount != nil })
}

// ends reports whether a cancel of the product ends it at once, as it has no
// period to run out.
func (v view) ends(product string) bool {
	for _, cp := range v.held() {
		if cp.ProductID == product && cp.SubscriptionID == "" {
			return true
		}
	}
	return false
}

// upgraded: I-10 by the formula, computed from the shop alone.
func (k *walker) upgraded(t *rapid.T, who string, d deed, before, after view, sum int64) {
	from, to := before.main(offerOf(d.product).group), after.main(offerOf(d.product).group)
	if from == nil || to == nil || from.At(before.now) == billing.Trialing || to.At(after.now) == billing.Trialing {
		return
	}
	was, is := offerOf(from.ProductID).in(after.currency), offerOf(to.ProductID).in(after.currency)
	share := func(cents int64) *big.Rat {
		return new(big.Rat).Mul(calc.Int(cents), big.NewRat(from.Period.End.Unix()-before.now.Unix(), from.Period.End.Unix()-before.moment().subs[from.SubscriptionID].whole))
	}
	want := share(is.due(to.Quantities))
	if was.interval != is.interval || d.anchor == "now" { // a full period begins now
		want = calc.Int(is.due(to.Quantities))
	}
	switch before.paymentOf(from.SubscriptionID) {
	case partly:
		return
	case paid, drafted, relied:
		back := share(was.due(from.Quantities))
		if l := k.ledgers[who]; l != nil && l.billed[from.SubscriptionID] != nil {
			if len(before.moment().on(from.SubscriptionID, before.now.Unix())) > 1 {
				return // how much of it is for which product is not known here
			}
			back = least(back, new(big.Rat).Mul(l.billed[from.SubscriptionID], share(1)))
		}
		want.Sub(want, back)
	case unpaid: // more of the same is all that may be bought
		return
	case dropped: // there is nothing to give back
		if before.waits(from.SubscriptionID) {
			return // but what is charged with this invoice
		}
	}
	want.Add(want, calc.Int(k.overage(before, from.ID, before.now, true)))
	for _, i := range before.waiting { // staff left it for this invoice
		if i.Proration && string(i.Subscription) == from.SubscriptionID {
			want.Add(want, calc.Int(i.Amount))
		}
	}
	if off := new(big.Rat).Sub(want, calc.Int(sum)); off.Abs(off).Cmp(calc.Int(2)) > 0 {
		k.fail(t, "I-10 %s: from %s to %s charged %d, and the formula says %s", who, was.id, is.id, sum, want.FloatString(2))
	}
}

// due is the price of an offer for a whole period, in advance.
func (o offer) due(options []catalog.Quantity) int64 {
	sum := o.fee
	for _, g := range o.gives {
		sum += g.cents * g.packs(options)
	}
	return sum
}

// renewals: I-12. A renewal charges the products that continue or begin then,
// by the plan known before, and beside them only usage and what waited.
func (k *walker) renewals(t *rapid.T, who string, before, after view) {
	for _, in := range after.since(before) {
		if in.BillingReason != "subscription_cycle" {
			continue
		}
		sum, want, at := int64(0), int64(0), time.Time{}
		for _, l := range in.Lines.Data {
			switch {
			case l.Type == "subscription" && !l.Proration:
				sum, at = sum+l.Amount, time.Unix(l.Period.Start, 0).UTC()
			case before.waited(l):
			case l.Metadata["use"] == "":
				k.fail(t, "I-12 %s: a renewal has the line %s of %d", who, l.Description, l.Amount)
			}
		}
		if at.IsZero() && after.ended(string(in.Subscription)) {
			continue // the last invoice, of what waited
		}
		for _, cp := range before.rows.Products {
			if cp.SubscriptionID == string(in.Subscription) && cp.Running(at) {
				want += offerOf(cp.ProductID).in(after.currency).due(cp.Quantities)
			}
		}
		if sum != want && before.knows(string(in.Subscription)) && !before.marked(string(in.Subscription)) && !after.marked(string(in.Subscription)) {
			k.fail(t, "I-12 %s: the renewal of %s charged %d instead of %d: %s", who, day(at), sum, want, lines(after.since(before)))
		}
	}
}

// waited reports whether a line is a proration that staff left for the next invoice.
func (v view) waited(l *object.InvoiceLine) bool {
	return slices.ContainsFunc(v.waiting, func(i *object.InvoiceItem) bool {
		return i.Proration && i.Amount == l.Amount && i.Description == l.Description
	})
}

func (v view) ended(subscription string) bool {
	return slices.ContainsFunc(v.subs, func(s *object.Subscription) bool { return s.ID == subscription && s.EndedAt != 0 })
}

func (v view) knows(subscription string) bool {
	for _, s := range v.subs {
		if s.ID == subscription {
			return true
		}
	}
	return false
}

// lines lists the lines of invoices, for messages.
func lines(invoices []*object.Invoice) string {
	text := ""
	for _, in := range invoices {
		text += "\n  " + in.ID + " " + string(in.BillingReason) + " " + string(in.Status)
		for _, l := range in.Lines.Data {
			text += "\n    " + decimal.New(l.Amount, -2).StringFixed(2) + " " + string(l.Description)
		}
	}
	return text
}
