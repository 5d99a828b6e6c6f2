package payments

import (
	"maps"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76/form"

	"windfall/shared/billing"
)

// passOn adds the parameters that the caller gave for Stripe. They replace
// ours, but for what ties the page to the purchase: those metadata stay, and
// another customer, mode or set of lines would sell something else than what
// was decided, so it is refused.
func passOn(values *form.Values, extra map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		top, _, _ := strings.Cut(name, "[")
		switch top {
		case "customer", "customer_email", "mode", "line_items":
			return billing.Invalid("`checkout_session_params` can't hold `%s`: it follows from the product and the customer.", top)
		}
		if !ours(name) {
			values.Set(name, extra[name])
		}
	}
	return nil
}

// ours reports whether a parameter is metadata that we rely on.
func ours(name string) bool {
	for _, key := range []string{metaOperation, metaCustomer, metaInternal, metaProducts, metaEnv, metaRemovable} {
		if strings.HasSuffix(name, "metadata["+key+"]") || strings.HasSuffix(name, "[metadata]["+key+"]") {
			return true
		}
	}
	return false
}

// discounted reports whether the caller chose a discount. Stripe then takes no
// allow_promotion_codes, not even false.
func discounted(extra map[string]string) bool {
	for name := range extra {
		if name == "discounts" || strings.HasPrefix(name, "discounts[") {
			return true
		}
	}
	return false
}
