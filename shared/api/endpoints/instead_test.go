package endpoints

import (
	"strings"
	"testing"
)

// TestARefusedFieldSaysWhatToUseInstead asks every route for what clients of the second dialect
// can ask for and is not offered.
func TestARefusedFieldSaysWhatToUseInstead(t *testing.T) {
	t.Parallel()
	names := strings.Fields(`auto_enable_plan_id auto_topups spend_limits usage_limits usage_alerts overage_allowed balance_allocations disable_pooled_balance disable_overage_billing
		ignore_past_due custom_line_items no_billing_changes carry_over_usages carry_over_balances license_quantities starts_at ends_at long_lived_checkout processor_subscription_id tax_rate_id
		remove_plan_ids invoice_template_id subscription_id refund_last_payment subscription_params recalculate_balances configuration_id upsert_licenses remove_licenses licenses
		base_plan_id base_variant_id variants update_variant_ids update_license_parents migration all_versions force_version is_default interval billing_cycle_anchor
		model_markups default_markup provider_markups lock`)
	parents := map[string]string{"auto_topups": "billing_controls", "spend_limits": "billing_controls", "usage_limits": "billing_controls", "usage_alerts": "billing_controls",
		"overage_allowed": "billing_controls", "balance_allocations": "billing_controls", "disable_pooled_balance": "config", "disable_overage_billing": "config", "ignore_past_due": "config",
		"invoice_template_id": "invoice_mode", "upsert_licenses": "customize", "remove_licenses": "customize"}
	said := map[string]int{}
	eachBody(t, func(t *testing.T, route string, ask func(string) (int, string)) {
		for _, name := range names {
			body, path := `{"`+name+`":[{"enabled":true}]}`, name
			if parent := parents[name]; parent != "" {
				body, path = `{"`+parent+`":`+body+`}`, parent+"."+name
			}
			status, says := ask(body)
			if status != 400 {
				t.Errorf("%s: %s: %d %s", route, path, status, says)
			}
			if strings.Contains(route, ".") && strings.Contains(says, "not available in this version. Leave it out.") {
				t.Errorf("%s does not say what to use instead: %s", route, says)
			}
			if strings.HasPrefix(says, path+": ") && len(says) > len(path)+30 && !strings.Contains(says, "expected") {
				said[name]++
			}
		}
	})
	for _, name := range names {
		if said[name] == 0 && name != "interval" && name != "billing_cycle_anchor" {
			t.Errorf("no route says what to use instead of %s", name)
		}
	}
}
