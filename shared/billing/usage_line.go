package billing

import (
	"fmt"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// maxLine is the largest amount Stripe takes in one line, in minor units.
//
// Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const maxLine money.Amount = 99_999_999

// usageLines prices closed usage: rounded up to whole packs, through the tiers
// in order, and to cents once. A free tier makes no line; what is beyond
// Stripe's largest line is split.
func usageLines(c *catalog.Catalog, cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) []UsageLine {
	p, packs := ProductOf(c, cp), money.Packs(closed.Units, item.Pack())
	about := Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: catalog.PayPerUse, Quantity: packs,
		Description: fmt.Sprintf("%s: %s × %s", p.Name, item.FeatureID, packs.Mul(item.Pack()))}
	known := c.StripePrices[item.ID]
	var lines []UsageLine
	for left := item.Charge(packs, money.DefaultCurrency); left > 0; left -= maxLine {
		line := UsageLine{Line: about, Closed: closed}
		line.Amount = min(left, maxLine)
		line.ask = NewUsage{Name: fmt.Sprintf("%s_%d", closed.Key(), len(lines)), ItemID: item.ID, PriceID: known,
			Period: closed.Period, Since: closed.Since(), Amount: line.Amount, Currency: money.DefaultCurrency, Description: about.Description}
		if known == "" {
			line.price = []Step{{Name: "price_" + item.ID, Price: stripePrice(p, item, money.DefaultCurrency)}}
		}
		lines = append(lines, line)
	}
	return lines
}

// Audit is the entry that says what the bill charged and why.
func (b UsageBill) Audit(subscriptionID, invoiceID string, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "bill_usage", Rule: "overage_on_renewal",
		Why:      "Pay per use is billed when the period it was used in is over, and seats when a period begins.",
		Currency: money.DefaultCurrency, Stripe: map[string]string{"subscription": subscriptionID}}
	if b.Alone {
		a.Rule, a.Why = "overage_alone", "No renewal will bill what was used until then, so an invoice of its own does."
	} else {
		a.Stripe["invoice"] = invoiceID
	}
	for _, l := range b.Lines {
		a.Lines, a.Amount = append(a.Lines, l.Line), a.Amount+l.Amount
	}
	return a
}
