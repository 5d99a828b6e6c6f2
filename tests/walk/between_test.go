package walk

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pgregory.net/rapid"

	"windfall/shared/billing"
)

// between checks the invariants of a step, by the views before and after it.
func (k *walker) between(t *rapid.T, who string, d deed, before, after view) {
	k.lives(t, who, d, before, after)
	if d.do == "clock" {
		k.renewals(t, who, before, after)
	}
	k.usage(t, who, d, before, after)
	if d.disturbed || people[d.who] != who {
		return
	}
	switch {
	case d.path != "" && d.status != 200:
		same(t, k, "I-8 a refused call changed something of "+who, before.all(), after.all())
	case d.do == "redeliver" || d.do == "repeat":
		same(t, k, "I-9 a repetition changed something of "+who, before.all(), after.all())
	case d.do == "check":
		same(t, k, "I-22 a check changed something of "+who, before.all(), after.all())
	case d.path == "/v1/attach" || d.path == "/v1/cancel":
		k.apart(t, who, d, before, after)
		k.charge(t, who, d, before, after)
	}
}

// lives: I-3 and I-4, the allowed transitions of each customer product.
func (k *walker) lives(t *rapid.T, who string, d deed, before, after view) {
	if was := before.main("main"); was != nil && after.main("main") == nil && was.ProductID != "free" {
		k.fail(t, "I-3 %s: %s ended and no default followed", who, was.ProductID)
	}
	for _, was := range before.rows.Products {
		now := slices.IndexFunc(after.rows.Products, func(cp billing.CustomerProduct) bool { return cp.ID == was.ID })
		from := was.At(before.now)
		if now < 0 {
			if from != billing.Scheduled && from != billing.Expired {
				k.fail(t, "I-4 %s: %s was %s and is gone", who, was.ProductID, from)
			}
			continue
		}
		to := after.rows.Products[now].At(after.now)
		if from == billing.Expired && to != billing.Expired || from == billing.Active && to == billing.Trialing && !d.silent || from != billing.Scheduled && to == billing.Scheduled {
			k.fail(t, "I-4 %s: %s was %s and is %s", who, was.ProductID, from, to)
		}
	}
	for _, cp := range after.rows.Products {
		tried := 0
		for _, other := range after.rows.Products {
			if other.ProductID == cp.ProductID && !other.TrialEnds.IsZero() {
				tried++
			}
		}
		if tried > 1 && (d.silent || d.prorated) { // staff put its price on a subscription that is on trial
			k.tried[who+" "+cp.ProductID] = true
		}
		if tried > 1 && !k.tried[who+" "+cp.ProductID] {
			k.fail(t, "I-30 %s has had the trial of %s %d times", who, cp.ProductID, tried)
		}
	}
}

// apart: I-6 and I-7. A call leaves everything else as it is.
func (k *walker) apart(t *rapid.T, who string, d deed, before, after view) {
	if d.product == "" {
		return
	}
	about := offerOf(d.product)
	other := func(cp *billing.CustomerProduct) bool {
		o := offerOf(cp.ProductID)
		if !cp.CanceledAt.IsZero() {
			cp.CanceledAt = cp.EndsAt // Stripe has one date for a whole subscription
		}
		if about.addOn || o.addOn {
			return o.id != about.id
		}
		return o.group != about.group
	}
	same(t, k, fmt.Sprintf("I-6, I-7 a call about %s changed something else of %s", d.product, who), before.some(other), after.some(other))
}

// all lists everything that a call without effect leaves as it is.
func (v view) all() []string {
	out := v.some(func(*billing.CustomerProduct) bool { return true })
	for _, in := range v.invoices {
		out = append(out, fmt.Sprintf("invoice %s %s %d", in.ID, in.Status, in.Total))
	}
	for _, s := range v.subs {
		var items []string
		for _, i := range s.Items.Data {
			items = append(items, fmt.Sprintf("%s×%d", i.Price.ID, *i.Quantity))
		}
		out = append(out, fmt.Sprintf("subscription %s %s to %d, ends %t, schedule %q: %s", s.ID, s.Status, s.CurrentPeriodEnd, s.CancelAtPeriodEnd, s.Schedule, strings.Join(items, " ")))
	}
	return out
}

// some lists customer products and their grants.
func (v view) some(which func(*billing.CustomerProduct) bool) []string {
	var out []string
	chosen := map[string]bool{}
	for _, cp := range v.rows.Products {
		if which(&cp) {
			chosen[cp.ID] = true
			text, _ := json.Marshal(cp)
			out = append(out, "holding "+string(text))
		}
	}
	for feature, b := range v.rows.Balances {
		for _, g := range b.At(v.now).Grants {
			if chosen[g.CustomerProductID] {
				text, _ := json.Marshal(g)
				out = append(out, "grant of "+feature+" "+string(text))
			}
		}
	}
	sort.Strings(out)
	return out
}

func same(t *rapid.T, k *walker, what string, before, after []string) {
	t.Helper()
	if slices.Equal(before, after) {
		return
	}
	var lines []string
	for _, l := range before {
		if !slices.Contains(after, l) {
			lines = append(lines, "- "+l)
		}
	}
	for _, l := range after {
		if !slices.Contains(before, l) {
			lines = append(lines, "+ "+l)
		}
	}
	k.fail(t, "%s:\n%s", what, strings.Join(lines, "\n"))
}
