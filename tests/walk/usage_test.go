package walk

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/shared/billing"
)

// usage: I-16. The usage that is billed, or waits on a row to be billed, is the
// usage beyond the allowance in all closed periods.
func (k *walker) usage(t *rapid.T, who string, d deed, before, after view) {
	billed := int64(0)
	for _, in := range after.invoices {
		for _, l := range in.Lines.Data {
			if use := l.Metadata["use"]; use != "" && !strings.HasPrefix(use, billing.UnpaidUse) && !strings.HasPrefix(use, "unbegun_") && !strings.HasPrefix(use, billing.RewardUse) {
				billed += l.Amount
			}
		}
	}
	for _, i := range after.waiting {
		if i.Metadata["use"] != "" {
			billed += i.Amount
		}
	}
	billed += k.unbilled(after)
	if d.disturbed || d.do == "leave" { // it is uncertain whether and when it closed anything; and a deleted customer can't be billed
		k.owed[who] = billed
		return
	}
	for _, was := range before.rows.Products {
		i := indexOf(after.rows.Products, was.ID)
		ended := i < 0 || after.rows.Products[i].At(after.now) == billing.Expired || anew(was, after.rows.Products[i])
		k.owed[who] += k.overage(before, was.ID, after.now, ended && was.At(before.now) != billing.Expired)
	}
	if billed != k.owed[who] {
		k.fail(t, "I-16 %s: %d billed for use, %d owed: %s", who, billed, k.owed[who], lines(after.invoices))
	}
}

// anew reports whether a period was cut short, as another one or a trial began.
func anew(was, is billing.CustomerProduct) bool {
	start := is.Period.Start
	return start.After(was.Period.Start) && start.Before(was.Period.End)
}

// overage is the price of usage of a customer product beyond its allowance, as
// far as its period, or the product, has ended by then. In a trial it is free.
func (k *walker) overage(v view, holding string, at time.Time, ended bool) (cents int64) {
	for _, b := range v.rows.Balances {
		for _, g := range b.At(v.now).Grants {
			i := indexOf(v.rows.Products, g.CustomerProductID)
			if g.CustomerProductID != holding || !g.Overage || i < 0 || v.rows.Products[i].At(v.now) == billing.Trialing {
				continue
			}
			if over := g.Used.Sub(g.Granted()); over.IsPositive() && (ended || !g.ResetsAt.After(at)) {
				cents += k.costs(v, g.ID, over)
			}
		}
	}
	return cents
}

// costs prices usage by the shop: no offer sells more than one feature by
// usage.
func (k *walker) costs(v view, grant string, units decimal.Decimal) int64 {
	for _, cp := range v.rows.Products {
		for _, g := range offerOf(cp.ProductID).in(v.currency).gives {
			if g.perUse && strings.HasPrefix(grant, cp.ID+"/") {
				if cents := units.Ceil().Mul(decimal.NewFromInt(g.cents)); cents.LessThanOrEqual(decimal.NewFromInt(largest(v.currency, k.taxed))) {
					return cents.IntPart()
				}
			}
		}
	}
	return 0
}

func indexOf(held []billing.CustomerProduct, id string) int {
	for i, cp := range held {
		if cp.ID == id {
			return i
		}
	}
	return -1
}
