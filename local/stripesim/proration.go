package stripesim

import (
	"fmt"
	"math/big"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/display"
	"windfall/local/stripesim/object"
)

// discountedCost is one period of an item after the subscription's discount.
// A fixed discount counts in full for each item, which is how Stripe's classic
// proration works.
//
// https://docs.stripe.com/billing/subscriptions/prorations
func (t *tx) discountedCost(sub *object.Subscription, item *object.SubscriptionItem, d *object.Discount) *big.Rat {
	full := calc.Int(itemCost(item))
	if d == nil || !t.running(d) || !t.covers(d.Coupon, item.Price) {
		return full
	}
	if off := d.Coupon.AmountOff; off != nil {
		if string(d.Coupon.Currency) != sub.Currency {
			return full
		}
		full.Sub(full, calc.Int(*off))
		if full.Sign() < 0 {
			return new(big.Rat)
		}
		return full
	}
	rest := new(big.Rat).Sub(big.NewRat(100, 1), calc.Rat(string(d.Coupon.PercentOff)))
	return full.Mul(full, rest.Quo(rest, big.NewRat(100, 1)))
}

// credit gives back the unused time of an item, at its present price even if
// that was never paid.
func (t *tx) credit(sub *object.Subscription, item *object.SubscriptionItem, at int64) {
	d, _ := t.discountOf(sub, t.customerOf(sub))
	amount := -calc.Prorate(t.discountedCost(sub, item, d), at, wholePeriod(sub), sub.CurrentPeriodEnd, calc.Step(sub.Currency))
	t.prorationItem(sub, item, "Unused time on", amount, at)
}

// debit charges the remaining time of an item.
func (t *tx) debit(sub *object.Subscription, item *object.SubscriptionItem, at int64) {
	d, _ := t.discountOf(sub, t.customerOf(sub))
	amount := calc.Prorate(t.discountedCost(sub, item, d), at, wholePeriod(sub), sub.CurrentPeriodEnd, calc.Step(sub.Currency))
	t.prorationItem(sub, item, "Remaining time on", amount, at)
}

// wholePeriod is when the current period would have begun if it were a whole
// one: the first period of a later anchor is shorter, at the same price a day.
func wholePeriod(sub *object.Subscription) int64 {
	return billingCycle(sub).Before(sub.BillingCycleAnchor, sub.CurrentPeriodEnd)
}

func (t *tx) customerOf(sub *object.Subscription) *object.Customer {
	cus, _ := find[*object.Customer](t, sub.Customer)
	return cus
}

// prorationItem waits for the next invoice. Metered items are never prorated.
func (t *tx) prorationItem(sub *object.Subscription, item *object.SubscriptionItem, what string, amount, at int64) {
	if metered(item.Price) {
		return
	}
	it := t.newInvoiceItem(sub.Customer, sub.Currency)
	name := t.nameOf(item.Price)
	if q := quantityOf(item); q != 1 {
		name = fmt.Sprintf("%d × %s", q, name)
	}
	it.Amount, it.Description = amount, object.Text(fmt.Sprintf("%s %s after %s", what, name, display.Day(at)))
	it.Discountable, it.Proration = false, true
	it.Period = object.Period{Start: at, End: sub.CurrentPeriodEnd}
	it.Price, it.Quantity, it.Subscription, it.SubscriptionItem = item.Price, quantityOf(item), object.Text(sub.ID), item.ID
	it.UnitAmount, it.UnitAmountDecimal = unitOf(amount, it.Quantity)
	it.State.Credited = &object.ProrationDetails{}
	if amount < 0 {
		it.State.Credited.CreditedItems = t.creditedLines(sub, item.ID)
	}
	t.emit("invoiceitem.created", it)
}

// unitOf: the whole amount when there is one unit.
func unitOf(amount, quantity int64) (*int64, object.Decimal) {
	if quantity == 0 {
		quantity = 1
	}
	unit := big.NewRat(amount, quantity)
	if unit.IsInt() {
		n := unit.Num().Int64()
		return &n, object.Decimal(unit.Num().String())
	}
	return nil, object.Decimal(unit.FloatString(12))
}

// creditedLines are the lines of the latest invoice that a credit gives back.
func (t *tx) creditedLines(sub *object.Subscription, item string) *object.CreditedItems {
	inv, ok := find[*object.Invoice](t, string(sub.LatestInvoice))
	if !ok {
		return nil
	}
	for _, line := range inv.Lines.Data {
		if line.SubscriptionItem == item && line.Amount > 0 {
			return &object.CreditedItems{Invoice: inv.ID, InvoiceLineItems: []string{line.ID}}
		}
	}
	return nil
}
