package v1

import (
	"fmt"
	"strings"
	"time"

	"windfall/shared/billing"
)

// effects has the code and the sentence of each effect of attach. A sentence
// gets the ids of the products bought, or the subject of a change.
var effects = map[billing.Effect]struct {
	code string
	say  func(bought string, s billing.Subject) string
}{
	billing.EffectFreeAttached: {"free_product_attached", func(bought string, _ billing.Subject) string {
		return fmt.Sprintf("Successfully attached free product %s.", bought)
	}},
	billing.EffectCheckoutCreated: {"checkout_created", func(bought string, _ billing.Subject) string {
		return fmt.Sprintf("Successfully created checkout for customer, product(s) %s.", bought)
	}},
	billing.EffectAttached: {"new_product_attached", func(bought string, _ billing.Subject) string {
		return fmt.Sprintf("Successfully attached product(s) %s.", bought)
	}},
	billing.EffectPurchased: {"one_off_product_attached", func(bought string, _ billing.Subject) string {
		return fmt.Sprintf("Successfully purchased %s and attached to the customer.", bought)
	}},
	billing.EffectUpgraded: {"upgraded_to_new_product", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully upgraded from %s to %s.", s.From, s.To)
	}},
	billing.EffectChanged: {"updated_product_successfully", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully changed from %s to %s.", s.From, s.To)
	}},
	billing.EffectVersionTaken: {"upgraded_to_new_version", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully updated %s to version %d.", s.From, s.Version)
	}},
	billing.EffectItemsUpdated: {"updated_same_product", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully updated product %s.", s.From)
	}},
	billing.EffectDowngradeScheduled: {"downgrade_scheduled", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully downgraded from %s to %s: it begins on %s.", s.From, s.To, day(s.At))
	}},
	billing.EffectUpgradeScheduled: {"upgrade_scheduled", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully scheduled the upgrade from %s to %s: it begins on %s.", s.From, s.To, day(s.At))
	}},
	billing.EffectRenewed: {"renewed_product", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully renewed product %s.", s.From)
	}},
	billing.EffectQuantityUpdated: {"prepaid_quantity_updated", func(_ string, s billing.Subject) string {
		return fmt.Sprintf("Successfully updated the quantity of %s.", s.From)
	}},
}

// worded returns the code and the sentence of an effect; both are empty if the
// answer of its command has none.
func worded(e billing.Effect, products []string, s billing.Subject) (code, message string) {
	known, found := effects[e]
	if !found {
		return "", ""
	}
	return known.code, known.say(strings.Join(products, ", "), s)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// funcOf names the kind of an attach.
func funcOf(d billing.Decision) string {
	switch {
	case d.Page:
		return "create_checkout"
	case len(d.Start) > 0 && d.Start[0].Status == billing.Scheduled:
		return "schedule_product"
	}
	switch d.Branch {
	case billing.BranchOneOff:
		return "one_off"
	case billing.BranchRenew:
		return "renew"
	case billing.BranchQuantity:
		return "update_prepaid_quantity"
	case billing.BranchUpgrade, billing.BranchDowngrade, billing.BranchVersion, billing.BranchCustom, billing.BranchCustomLimits:
		if d.Restart {
			return "upgrade_diff_interval"
		}
		return "upgrade_same_interval"
	default: // new products, or an upgrade out of a trial
	}
	return "add_product"
}
