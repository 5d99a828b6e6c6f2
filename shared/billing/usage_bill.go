package billing

import (
	"fmt"
	"strings"
	"time"
)

// A UsageBill is the overage that an invoice of a subscription brings about.
type UsageBill struct {
	Freeze  []Balance      // rows whose period has just closed: to be saved before Stripe is asked
	Lines   []UsageLine    // what Stripe is asked for, one line for each price and period
	Settled []SettledUsage // what leaves the rows once Stripe has the lines
}

// A UsageLine is the overage of one price in one period.
type UsageLine struct {
	Line
	Closed  ClosedUsage
	Prepare []Step // makes the price known to Stripe
	Step    Step
}

// A SettledUsage is the closed usage of a balance before and after a bill.
type SettledUsage struct {
	FeatureID string
	Was, Left []ClosedUsage
}

// DecideUsageBill returns what to bill when an invoice of a subscription is
// heard of: all overage of the subscription's products that closed with the
// invoice's period or before. The rules are those of ClosedUsage; the moment
// is the later of now and the period's end, because our clock may be a little
// behind Stripe's.
//
// Only a renewal bills usage. An older invoice heard of again finds nothing,
// since what closed after its period is not its own.
func DecideUsageBill(s State, c *Catalog, in Invoice, now time.Time) UsageBill {
	if !in.Renewal {
		return UsageBill{}
	}
	draft := ""
	if in.Status == "draft" {
		draft = in.StripeID
	}
	at := now
	if at.Before(in.Period.End) {
		at = in.Period.End
	}
	return s.billUsage(c, in.SubscriptionID, in.Period.End, at, draft)
}

// billUsage bills what closed up to the end of a period; at is the moment at
// which the balances are looked at.
func (s State) billUsage(c *Catalog, subscriptionID string, upTo, at time.Time, draft string) UsageBill {
	var bill UsageBill
	for _, id := range sortedKeys(s.Balances) {
		row := s.Balances[id]
		b := row.At(at)
		settled := SettledUsage{FeatureID: id, Was: b.Closed}
		for _, closed := range b.Closed {
			cp, item, known := s.sold(c, closed.GrantID)
			if !known || cp.SubscriptionID != subscriptionID || closed.Period.End.After(upTo) {
				settled.Left = append(settled.Left, closed)
				continue
			}
			bill.Lines = append(bill.Lines, usageLines(c, cp, item, closed, draft)...)
		}
		if len(settled.Left) == len(settled.Was) {
			continue
		}
		bill.Settled = append(bill.Settled, settled)
		if len(b.Closed) != len(row.Closed) {
			bill.Freeze = append(bill.Freeze, b)
		}
	}
	return bill
}

// sold finds the customer product and the item that a grant comes from.
func (s State) sold(c *Catalog, grantID string) (CustomerProduct, Item, bool) {
	holder, itemID, _ := strings.Cut(grantID, "/")
	for _, cp := range s.Held {
		if cp.ID != holder {
			continue
		}
		for _, item := range c.Held(cp).Items {
			if item.ID == itemID && item.InArrears() {
				return cp, item, true
			}
		}
	}
	return CustomerProduct{}, Item{}, false
}

// maxLine is the largest amount Stripe takes in one line, in minor units.
//
// Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const maxLine Amount = 99_999_999

// usageLines prices closed usage: rounded up to whole packs, through the tiers
// in order, and to cents once. A free tier makes no line; what is beyond
// Stripe's largest line is split.
func usageLines(c *Catalog, cp CustomerProduct, item Item, closed ClosedUsage, draft string) []UsageLine {
	p, packs := c.Held(cp), Packs(closed.Units, item.Pack())
	total := Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: PayPerUse, Quantity: packs,
		Amount:      item.Charge(packs, DefaultCurrency),
		Description: fmt.Sprintf("%s: %s × %s", p.Name, item.FeatureID, packs.Mul(item.Pack()))}
	price := c.StripePrices[item.ID]
	var prepare []Step
	if price == "" {
		prepare = []Step{{Name: "price_" + item.ID, Price: stripePrice(p, item, DefaultCurrency)}}
	}
	var lines []UsageLine
	for left := total.Amount; left > 0; left -= maxLine {
		line := total
		line.Amount = min(left, maxLine)
		name := fmt.Sprintf("usage_%d", len(lines))
		lines = append(lines, UsageLine{Line: line, Closed: closed, Prepare: prepare, Step: Step{Name: name, Usage: &NewUsage{
			ItemID: item.ID, PriceID: price, SubscriptionID: cp.SubscriptionID, InvoiceID: draft, Period: closed.Period,
			Amount: line.Amount, Currency: DefaultCurrency, Description: line.Description,
		}}})
	}
	return lines
}

// Key names a closed period of one price of one customer for good: whoever
// asks Stripe to bill it uses the same name.
func (c ClosedUsage) Key() string {
	return fmt.Sprintf("usage_%s_%d", c.GrantID, c.Period.End.UnixMilli())
}

// Audit is the entry that says what a usage bill charged and why.
func (b UsageBill) Audit(in Invoice, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "bill_usage", Rule: "overage_on_renewal",
		Why:      "Pay per use is billed when the period it was used in is over.",
		Currency: DefaultCurrency, Stripe: map[string]string{"invoice": in.StripeID, "subscription": in.SubscriptionID}}
	for _, l := range b.Lines {
		a.Amount += l.Amount
	}
	return a
}
