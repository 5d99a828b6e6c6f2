package walk

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/shared/billing"
)

// always checks the invariants of a customer at any moment at which nothing is
// in flight.
func (k *walker) always(t *rapid.T, who string, v view) {
	if v.rows.Pending() != nil {
		k.fail(t, "%s: an operation is still pending: %+v", who, v.rows.Pending().Decision)
	}
	k.products(t, who, v)
	k.balances(t, who, v)
	k.mirror(t, who, v)
	k.invoices(t, who, v)
	k.credits(t, who, v)
	k.limits(t)
}

// products: I-1, I-2 and the first half of I-5.
func (k *walker) products(t *rapid.T, who string, v view) {
	for _, group := range []string{"main", "side"} {
		var runs, waits []billing.CustomerProduct
		for _, cp := range v.held() {
			if o := offerOf(cp.ProductID); o.addOn || o.group != group {
				continue
			}
			if cp.At(v.now) == billing.Scheduled {
				waits = append(waits, cp)
			} else {
				runs = append(runs, cp)
			}
			if cp.At(v.now) == billing.Trialing && !cp.TrialEnds.After(v.now) {
				k.fail(t, "I-5 %s: %s is trialing though its trial ended on %s", who, cp.ProductID, day(cp.TrialEnds))
			}
		}
		switch {
		case len(runs) > 1:
			k.fail(t, "I-1 %s: two main products run in group %s: %+v", who, group, runs)
		case len(waits) > 1:
			k.fail(t, "I-2 %s: two products are scheduled in group %s: %+v", who, group, waits)
		case len(waits) == 1 && len(runs) == 0:
			k.fail(t, "I-2 %s: %s is scheduled and nothing runs in group %s", who, waits[0].ProductID, group)
		case len(waits) == 1 && !runs[0].EndsAt.Equal(waits[0].StartsAt):
			k.fail(t, "I-2 %s: %s ends at %s and %s begins at %s", who, runs[0].ProductID, day(runs[0].EndsAt), waits[0].ProductID, day(waits[0].StartsAt))
		}
	}
	var want, got []string
	for _, cp := range v.held() {
		want = append(want, fmt.Sprint(cp.ProductID, " ", cp.At(v.now)))
	}
	for _, p := range v.api.Products {
		got = append(got, p.ID+" "+p.Status)
	}
	sort.Strings(want)
	if sort.Strings(got); !slices.Equal(got, want) {
		k.fail(t, "%s has %q by the API, and %q by the dates", who, got, want)
	}
}

// balances: I-17, I-18 and the second half of I-5. Grants are added up from the
// shop.
func (k *walker) balances(t *rapid.T, who string, v view) {
	granted, grants := map[string]decimal.Decimal{}, map[string]bool{}
	for _, cp := range v.held() {
		if s := cp.At(v.now); s != billing.Active && s != billing.Trialing {
			continue
		}
		for _, g := range offerOf(cp.ProductID).gives {
			grants[g.feature] = true
			granted[g.feature] = granted[g.feature].Add(decimal.NewFromInt(g.included * int64(max(1, cp.Quantity))))
			for _, o := range cp.Quantities {
				if o.FeatureID == g.feature && g.pack > 0 {
					granted[g.feature] = granted[g.feature].Add(o.Quantity.Div(decimal.NewFromInt(g.pack)).Ceil().Mul(decimal.NewFromInt(g.pack)))
				}
			}
		}
	}
	for feature := range v.api.Features {
		if !grants[feature] {
			k.fail(t, "I-5 %s has %s, which no running product gives", who, feature)
		}
	}
	for feature := range grants {
		f, ok := v.api.Features[feature]
		if !ok {
			k.fail(t, "I-17 %s has no %s, which a running product gives", who, feature)
		}
		balance, usage := decimal.RequireFromString(f.Balance.String()), decimal.RequireFromString(f.Usage.String())
		if all := balance.Add(usage); all.GreaterThan(granted[feature]) || all.LessThan(granted[feature]) && !v.tookBack(feature) {
			k.fail(t, "I-17 %s: %s balance %s + usage %s is not the %s granted by %v", who, feature, balance, usage, granted[feature], v.api.Products)
		}
	}
	for feature, b := range v.rows.Balances {
		for _, g := range b.At(v.now).Grants {
			if !g.Open(v.now) {
				continue
			}
			if over := g.Used.GreaterThan(g.Granted()) && !g.Overage; over || g.Used.IsNegative() {
				k.fail(t, "I-18 %s: %s of %s: %s used of %s", who, feature, g.ProductID, g.Used, g.Granted())
			}
		}
	}
}

// tookBack reports whether money for units that are paid once was given back, so
// that units may have gone with it.
func (v view) tookBack(feature string) bool {
	for _, c := range v.charges {
		for _, in := range v.invoices {
			if c.AmountRefunded == 0 && !c.Disputed || string(c.Invoice) != in.ID {
				continue
			}
			for _, l := range in.Lines.Data {
				for _, o := range shop {
					if o.once() && strings.Contains(string(l.Description), o.id) && slices.ContainsFunc(o.gives, func(g gift) bool { return g.feature == feature }) {
						return true
					}
				}
			}
		}
	}
	return false
}

// invoices: I-9 and I-13, and that Windfall's copy of every invoice is right.
func (k *walker) invoices(t *rapid.T, who string, v view) {
	var want, got []string
	bases, uses := map[string]string{}, map[string]string{}
	for _, in := range v.invoices {
		want = append(want, fmt.Sprintf("%s %s %d", in.ID, in.Status, in.Total))
		discount, charged := int64(0), int64(0)
		for _, d := range in.TotalDiscountAmounts {
			discount += d.Amount
		}
		for _, l := range in.Lines.Data {
			charged += max(0, l.Amount)
		}
		if in.Subtotal-discount < 0 && in.BillingReason == "subscription_create" || discount > charged {
			k.fail(t, "I-13 %s: invoice %s of %d, discount %d", who, in.ID, in.Total, discount)
		}
		for _, l := range in.Lines.Data {
			if use := l.Metadata["use"]; use != "" {
				if uses[use] != "" {
					k.fail(t, "I-16 %s: the use %s is on %s and on %s", who, use, uses[use], in.ID)
				}
				uses[use] = string(in.ID)
			}
			if l.Type != "subscription" || l.Proration || l.Amount <= 0 || in.Status == "void" {
				continue
			}
			name := fmt.Sprintf("%s of %s from %d", l.Price.ID, l.Subscription, l.Period.Start)
			if other := bases[name]; other != "" {
				k.fail(t, "I-9 %s: %s is charged on %s and on %s", who, name, other, in.ID)
			}
			bases[name] = in.ID
		}
	}
	for _, in := range v.api.Invoices {
		got = append(got, fmt.Sprintf("%s %s %s", in.StripeID, in.Status, in.beforeTax().Shift(v.currency.Decimals())))
	}
	sort.Strings(want)
	if sort.Strings(got); !slices.Equal(got, want) {
		k.fail(t, "%s: Windfall has the invoices\n%s\nand Stripe has\n%s", who, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
