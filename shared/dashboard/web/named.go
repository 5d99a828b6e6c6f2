package web

import (
	"cmp"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// reasonTyped begins the part of a sentence that a person typed.
const reasonTyped = " Reason: "

// Named is a sentence of the history in which products, features, rewards and rules of a guard have their names. What has none
// any more, and what a person typed, stays as it is.
func Named(text string, c *catalog.Catalog) string {
	said, typed, _ := strings.Cut(text, reasonTyped)
	if typed != "" {
		typed = reasonTyped + typed
	}
	quoted := strings.Split(namedRules(withoutRedemption(said)), `"`)
	if len(quoted)%2 == 0 {
		return text // a name within it has a quotation mark
	}
	var out strings.Builder
	for i, part := range quoted {
		switch name := ""; {
		case i%2 == 0:
			out.WriteString(part)
			continue
		case !strings.HasPrefix(quoted[i+1], " redeemed "): // else it is a customer
			name = nameOf(quoted[i-1], part, c)
			fallthrough
		default:
			if name != "" {
				out.WriteString("“" + name + "”")
			} else {
				out.WriteString(`"` + part + `"`)
			}
		}
	}
	return out.String() + typed
}

// nameOf is the name of what an id stands for after these words, "" for none.
func nameOf(before, id string, c *catalog.Catalog) string {
	reward, feature := c.Rewards[id].Name, c.Features[id].Name
	switch {
	case strings.HasSuffix(before, "eward "):
		return reward
	case strings.HasSuffix(before, "eature "):
		return feature
	}
	p, _ := c.Product(id) // without one it has no name
	return cmp.Or(p.Name, feature, reward)
}

// withoutRedemption leaves out the id of a redemption, which no page leads to.
func withoutRedemption(text string) string {
	before, id, found := strings.Cut(text, "edemption "+billing.RedemptionPrefix)
	if !found {
		return text
	}
	after := strings.TrimLeft(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
	if of, inside := strings.CutSuffix(before, " of r"); inside {
		return of + after
	}
	return strings.TrimSuffix(before, "R") + "A redemption" + after
}

// namedRules gives a list of rules their names: "[same_email]" is the rule Same e-mail inbox.
func namedRules(text string) string {
	before, rest, found := strings.Cut(text, ": [")
	list, after, ends := strings.Cut(rest, "]")
	if !found || !ends {
		return text
	}
	var rules []referral.Rule
	for id := range strings.FieldsSeq(list) {
		rules = append(rules, referral.Rule(id))
	}
	return before + ": " + strings.Join(GuardRules(rules), ", ") + after
}
