package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A PaymentReturn is what follows when a payment was refunded or disputed, or is
// the company's again.
type PaymentReturn struct {
	Settlement Settlement
	Noted      ReturnedPayment
	Changed    bool // else it was known, and there is nothing to save
}

// DecidePaymentReturn compares a payment with what is noted of it.
//
//   - Units that a one-off sold are taken back in the proportion of the money
//     returned to the total of the invoice, and all of them when all of it is.
//     Parts of a unit stay with the customer.
//   - Only unused units are taken. What the customer has of one product counts
//     together, whichever purchase it came from.
//   - A dispute that is won, or a refund that fails, gives back what was taken
//     for it.
//   - Nothing else changes: access by a subscription is up to EndsAccess.
func DecidePaymentReturn(s State, c *catalog.Catalog, paid PaidFor, noted ReturnedPayment, p Payment, now time.Time) PaymentReturn {
	out := PaymentReturn{Noted: noted, Settlement: Settlement{Customer: s.Customer}}
	if p.Refunded == noted.Refunded && p.Disputed == noted.Disputed || !s.concerns(paid) {
		return out
	}
	if noted.ChargeID == "" {
		noted.Units = s.boughtUnits(c, paid.Lines)
	}
	balances := maps.Clone(s.Balances)
	before := noted
	noted.ChargeID, noted.Refunded, noted.Disputed, noted.Units = p.ChargeID, p.Refunded, p.Disputed, slices.Clone(noted.Units)
	for i, u := range noted.Units {
		due := p.unitsDue(u.Bought, paid.Total)
		more, less := money.Max(money.Zero, due.Sub(u.Due)), money.Max(money.Zero, u.Taken.Total().Sub(due))
		balances[u.FeatureID], noted.Units[i].Taken = u.Taken.Change(balances[u.FeatureID], u.GrantID, more, less, now)
		noted.Units[i].Due = due
	}
	out.Noted, out.Changed = noted, true
	out.Settlement.Audit = returnEntry(paid, before, noted, p, now)
	for _, id := range slices.Sorted(maps.Keys(balances)) {
		if slices.ContainsFunc(noted.Units, func(u ReturnedUnits) bool { return u.FeatureID == id }) {
			if change := BalanceChange(s.Balances[id], balances[id], now); change.Old != change.New {
				out.Settlement.Balances = append(out.Settlement.Balances, balances[id])
				out.Settlement.Audit.Changes = append(out.Settlement.Audit.Changes, change)
			}
		}
	}
	return out
}

// unitsDue is how many of the units bought the returned money stands for.
func (p Payment) unitsDue(bought money.Decimal, total money.Amount) money.Decimal {
	total = max(total, p.Amount)
	if p.returned() >= total {
		return bought
	}
	whole, _ := bought.Mul(money.Int(int64(p.returned()))).QuoRem(money.Int(int64(total)), 0)
	return whole
}

// concerns reports whether a payment was for anything that is known here. Staff
// may charge for something else.
func (s State) concerns(paid PaidFor) bool {
	return len(paid.Lines) > 0 || len(paid.ProductIDs) > 0 || paid.SubscriptionID != "" &&
		slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.SubscriptionID == paid.SubscriptionID })
}

// boughtUnits lists what the lines of a purchase gave that lasts: the units of
// one-offs. Those of a subscription come back with each period.
func (s State) boughtUnits(c *catalog.Catalog, lines []Line) (out []ReturnedUnits) {
	for _, cp := range s.Products {
		p := ProductOf(c, cp)
		packs := map[string]money.Decimal{}
		for _, l := range lines {
			if slices.ContainsFunc(p.Items, func(i catalog.Item) bool { return i.ID == l.ItemID }) {
				packs[l.ItemID] = l.Quantity
			}
		}
		if len(packs) == 0 || cp.Status == Expired || !p.OneOff() {
			continue
		}
		for _, item := range p.Items {
			units := item.Included
			if item.UsageModel == catalog.Prepaid {
				units = units.Add(packs[item.ID].Mul(item.Pack()))
			}
			if item.FeatureID != "" && units.IsPositive() {
				out = append(out, ReturnedUnits{FeatureID: item.FeatureID, GrantID: cp.origin(false).GrantID(item), Bought: units})
			}
		}
	}
	return out
}

func returnEntry(paid PaidFor, before, after ReturnedPayment, p Payment, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "payment", Rule: PaymentRestored, Amount: p.returned(), Currency: p.Currency, OperationID: paid.OperationID,
		Stripe: map[string]string{"charge": p.ChargeID}}
	switch {
	case p.Disputed > before.Disputed:
		a.Rule = PaymentDisputed
	case p.Refunded > before.Refunded:
		a.Rule = PaymentRefunded
	}
	for kind, id := range map[string]string{"invoice": p.InvoiceID, "subscription": paid.SubscriptionID} {
		if id != "" {
			a.Stripe[kind] = id
		}
	}
	text := func(m money.Amount) string { return p.Currency.Major(m).StringFixed(p.Currency.Exponent()) }
	why := fmt.Sprintf("Of a payment of %s, %s is refunded and %s is disputed or lost in a dispute.", text(p.Amount), text(p.Refunded), text(p.Disputed))
	var units []string
	for _, u := range after.Units {
		units = append(units, fmt.Sprintf("%s of %s %s", u.Taken.Total(), u.Bought, u.FeatureID))
	}
	if len(units) > 0 {
		why += " Taken back, as far as unused: " + strings.Join(units, ", ") + "."
	}
	a.Why = why
	return a
}
