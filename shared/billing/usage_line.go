package billing

import (
	"fmt"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// price adds the line of closed usage to a bill: rounded up to whole packs,
// through the tiers in order, and to cents once. Usage of a period of which some was
// closed before goes on where that ended. A free tier makes no line, and
// an amount that no invoice can take is not billed.
func (bill *UsageBill) price(c *catalog.Catalog, cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) {
	p, before := ProductOf(c, cp), money.Packs(closed.After, item.Pack())
	all := money.Packs(closed.After.Add(closed.Units), item.Pack())
	packs := all.Sub(before)
	line := UsageLine{Closed: closed, within: closesWithin(c, cp, item, closed), Line: Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: catalog.PayPerUse, Quantity: packs,
		Description: fmt.Sprintf("%s: %s × %s", p.Name, item.FeatureID, packs.Mul(item.Pack()))}}
	var err error
	if line.Amount, err = item.Charge(all, bill.Currency); err == nil && before.IsPositive() {
		var charged money.Amount
		charged, err = item.Charge(before, bill.Currency)
		line.Amount -= charged
	}
	line.Amount -= min(line.Amount, closed.Less)
	switch {
	case err != nil || !fits(line.Amount, bill.Taxed, item.TaxBehavior):
		bill.NotBilled = append(bill.NotBilled, NotBilled{Line: line.Line, Major: item.MajorPrice(packs), Period: closed.Period})
		return
	case line.Amount == 0:
		return
	}
	known := c.StripePrices[item.ID]
	line.ask = NewUsage{Name: closed.Key() + "_0", ItemID: item.ID, PriceID: known, Period: closed.Period, Since: closed.Since(),
		Amount: line.Amount, Currency: bill.Currency, Description: line.Description, For: cp.SubscriptionID, TaxInside: item.TaxBehavior == catalog.TaxInclusive}
	if known == "" {
		line.price = []Step{{Name: "price_" + item.ID, Price: stripePrice(c, p, item)}}
	}
	bill.Lines = append(bill.Lines, line)
}

// Audit is the entry that says what the bill charged and why.
func (bill UsageBill) Audit(subscriptionID, invoiceID string, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "bill_usage", Rule: "overage_on_renewal",
		Why:      "Pay per use is billed when the period it was used in is over, and seats when a period begins.",
		Currency: bill.Currency, Stripe: map[string]string{"subscription": subscriptionID}}
	if bill.Alone {
		a.Rule, a.Why = "overage_alone", "No renewal will bill what was used until then, so an invoice of its own does."
		if len(bill.Jobs) == 1 { // the entry tells of that invoice, and of no other
			a.OperationID = bill.Jobs[0].Key
		}
	} else {
		a.Stripe["invoice"] = invoiceID
	}
	for _, l := range bill.Lines {
		a.Lines, a.Amount = append(a.Lines, l.Line), a.Amount+l.Amount
	}
	return a
}

// LastSpan is the report on a named range ending now: 24h in hours; 7d, 30d
// and 90d in days; last_cycle since the running billing period began, or over
// 30 days for a customer without one.
func LastSpan(name string, products []CustomerProduct, now time.Time) (entitlement.UsageRange, error) {
	end := now.Add(time.Millisecond) // what happens now counts
	switch name {
	case "24h":
		return entitlement.NewUsageRange(now.Add(-24*time.Hour), end, entitlement.HourBins)
	case "7d", "30d", "90d":
		days := map[string]int{"7d": 7, "30d": 30, "90d": 90}[name]
		return entitlement.NewUsageRange(now.AddDate(0, 0, -days), end, entitlement.DayBins)
	case "last_cycle", "1bc":
		start, _ := cycleStart(products, now)
		return entitlement.NewUsageRange(start, end, entitlement.DayBins)
	case "3bc":
		start, length := cycleStart(products, now)
		return entitlement.NewUsageRange(start.Add(-2*length), end, entitlement.DayBins)
	}
	return entitlement.UsageRange{}, refusal.Invalid(ReasonRangeUnknown, name)
}

// cycleStart is when the running billing period began, and how long it is; of several the
// one that began last. Without any it is 30 days.
func cycleStart(products []CustomerProduct, now time.Time) (start time.Time, length time.Duration) {
	for _, cp := range products {
		if cp.At(now) != Expired && cp.Period.Start.After(start) && cp.Period.Start.Before(now) {
			start, length = cp.Period.Start, cp.Period.End.Sub(cp.Period.Start)
		}
	}
	if start.IsZero() {
		return now.AddDate(0, 0, -30), 30 * 24 * time.Hour
	}
	return start, length
}
