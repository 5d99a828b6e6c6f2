package payments

import (
	"context"
	"maps"
	"math/big"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/ledger"
	"windfall/shared/money"
)

// creditPaid adds a credit that is no more than its share of what was paid, once.
// Two calls more than putUsage: what was billed, and what waits; one more where it
// was added before.
func (j job) creditPaid(ctx context.Context, n *billing.NewUsage, r billing.Results) (billing.Results, error) {
	r.Credited = maps.Clone(r.Credited)
	if r.Credited == nil {
		r.Credited = map[string]money.Amount{}
	}
	item, err := j.findUsage(ctx, n, r.CustomerID)
	if err != nil {
		return r, err
	}
	if item != nil {
		r.Credited[n.Name] = money.Amount(item.Amount)
		return r, nil
	}
	invoices, err := j.billedSince(ctx, r.CustomerID, n.Limit.From.AddDate(0, 0, -1))
	if err != nil {
		return r, err
	}
	waiting, err := j.waiting(ctx, r.CustomerID, n.Currency)
	if err != nil {
		return r, err
	}
	billed := billing.Bills{Billed: ledger.Billed{Invoices: invoices, Waiting: waiting}.Before(n.ItemID, n.Period.Start, j.ref.OperationID)}
	use := *n
	use.Limit, use.List, use.ListAll = nil, -n.Amount, n.Limit.All
	use.Amount = -n.Limit.Share(-n.Amount, billed, n.ItemID, n.Period.Start, n.Currency)
	r.Credited[n.Name] = use.Amount // one of 0 is put there, too: it tells what later credits are no share of
	return r, j.putUsage(ctx, &use, r)
}

// listPrice is what a whole period of a price costs; nil for one with tiers.
func listPrice(p *stripe.Price, quantity int64) *big.Rat {
	if p == nil || p.Recurring == nil || p.BillingScheme == stripe.PriceBillingSchemeTiered {
		return nil
	}
	unit := new(big.Rat).SetFloat64(p.UnitAmountDecimal)
	if p.TransformQuantity != nil || unit == nil {
		return nil
	}
	return unit.Mul(unit, new(big.Rat).SetInt64(quantity))
}
