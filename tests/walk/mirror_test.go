package walk

import (
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/local/stripesim/object"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// mirror: Stripe bills what the customer has, price by price, in the same
// period and state; and nothing is billed twice in a group.
func (k *walker) mirror(t *rapid.T, who string, v view) {
	subs := map[string]*object.Subscription{}
	for _, s := range v.subs {
		if subs[s.ID] = s; s.Status == "canceled" || s.Status == "incomplete_expired" {
			continue
		}
		var want, got []string
		for _, cp := range v.held() {
			if cp.SubscriptionID == s.ID && cp.Running(v.now) {
				want = append(want, offerOf(cp.ProductID).in(v.currency).lines(cp.Quantities)...)
			}
		}
		for _, i := range s.Items.Data {
			got = append(got, fmt.Sprintf("%s × %d", i.Price.UnitAmountDecimal, *i.Quantity))
		}
		sort.Strings(want)
		if sort.Strings(got); !slices.Equal(got, want) && !v.marked(s.ID) {
			k.fail(t, "I-9 %s: subscription %s (%s) bills %q, and the customer has %q", who, s.ID, s.Status, got, want)
		}
	}
	for _, cp := range v.held() {
		s := subs[cp.SubscriptionID]
		if cp.SubscriptionID == "" || cp.At(v.now) == billing.Scheduled {
			continue
		}
		switch {
		case s == nil || s.Status == "canceled" || s.Status == "incomplete_expired":
			k.fail(t, "%s: %s runs on a subscription that has ended", who, cp.ProductID)
		case (cp.Status == billing.PastDue) != (s.Status != "active" && s.Status != "trialing"):
			k.fail(t, "%s: %s is %s, and Stripe says %s", who, cp.ProductID, cp.Status, s.Status)
		case cp.Period.End.Unix() != s.CurrentPeriodEnd || cp.Period.Start.Unix() != s.CurrentPeriodStart:
			k.fail(t, "%s: %s has the period %s to %s, which is not Stripe's", who, cp.ProductID, day(cp.Period.Start), day(cp.Period.End))
		case (s.Status == "trialing") != (cp.At(v.now) == billing.Trialing):
			k.fail(t, "%s: %s is %s, and Stripe says %s", who, cp.ProductID, cp.At(v.now), s.Status)
		case s.Schedule == "" && (s.CancelAt != 0) != !cp.EndsAt.IsZero():
			k.fail(t, "%s: %s ends at %s, and Stripe ends the subscription: %t", who, cp.ProductID, day(cp.EndsAt), s.CancelAtPeriodEnd)
		}
	}
}

// marked reports whether a subscription has prices that are not followed: its
// products stay what they are.
func (v view) marked(subscription string) bool {
	return slices.ContainsFunc(v.held(), func(cp billing.CustomerProduct) bool {
		return cp.SubscriptionID == subscription && cp.ChangedAtStripe != "" && cp.ChangedAtStripe != billing.PausedAtStripe
	})
}

// strange reports whether any subscription is marked for its prices.
func (v view) strange() bool {
	return slices.ContainsFunc(v.subs, func(s *object.Subscription) bool { return v.marked(s.ID) })
}

// lines are the prices of an offer on a subscription.
func (o offer) lines(options []catalog.Quantity) []string {
	var out []string
	if o.fee > 0 {
		out = append(out, fmt.Sprintf("%d × 1", o.fee))
	}
	for _, g := range o.gives {
		if n := g.packs(options); n > 0 {
			out = append(out, fmt.Sprintf("%d × %d", g.cents, n))
		}
	}
	if len(out) == 0 {
		out = append(out, "0 × 1") // billed by usage alone
	}
	return out
}

// packs is the number of packs bought of a gift.
func (g gift) packs(options []catalog.Quantity) int64 {
	for _, o := range options {
		if g.pack > 0 && o.FeatureID == g.feature {
			return o.Quantity.Div(decimal.NewFromInt(g.pack)).Ceil().IntPart()
		}
	}
	return 0
}
