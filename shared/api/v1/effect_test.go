package v1

import (
	"strings"
	"testing"
	"time"

	"windfall/shared/billing"
)

func TestEveryEffectHasItsWords(t *testing.T) {
	t.Parallel()
	silent := map[billing.Effect]bool{billing.EffectCanceled: true, billing.EffectCustomerDeleted: true} // their answers have no sentence
	codes := map[string]bool{}
	for _, e := range billing.Effects() {
		code, message := worded(e, []string{"pro", "setup"}, billing.Subject{From: "Free", To: "Pro", Version: 2, At: time.UnixMilli(0)})
		if silent[e] {
			if code+message != "" {
				t.Errorf("%s says %q %q", e, code, message)
			}
			continue
		}
		if codes[code] || !strings.HasSuffix(message, ".") || !strings.Contains(message, "Free") && !strings.Contains(message, "pro, setup") {
			t.Errorf("%s: %q %q", e, code, message)
		}
		codes[code] = true
	}
	if len(codes) != len(effects) {
		t.Errorf("%d codes for %d effects", len(codes), len(effects))
	}
}

func TestTheNameOfAnAttach(t *testing.T) {
	t.Parallel()
	waits := []billing.CustomerProduct{{Status: billing.Scheduled}}
	begins := []billing.CustomerProduct{{Status: billing.Active}}
	for want, list := range map[string][]billing.Decision{
		"create_checkout":         {{Page: true, Branch: billing.BranchOneOff}},
		"schedule_product":        {{Start: waits, Branch: billing.BranchDowngrade}, {Start: waits, Branch: billing.BranchUpgrade}},
		"one_off":                 {{Start: begins, Branch: billing.BranchOneOff}},
		"renew":                   {{Branch: billing.BranchRenew}},
		"update_prepaid_quantity": {{Branch: billing.BranchQuantity}},
		"upgrade_diff_interval":   {{Start: begins, Branch: billing.BranchUpgrade, Restart: true}, {Branch: billing.BranchVersion, Restart: true}},
		"upgrade_same_interval": {{Start: begins, Branch: billing.BranchUpgrade}, {Branch: billing.BranchDowngrade}, {Branch: billing.BranchVersion},
			{Branch: billing.BranchCustom}, {Branch: billing.BranchCustomLimits}},
		"add_product": {{Start: begins, Branch: billing.BranchNew}, {Start: begins, Branch: billing.BranchFree}, {Branch: billing.BranchAddOn}},
	} {
		for _, d := range list {
			if got := funcOf(d); got != want {
				t.Errorf("%s (page %v, restart %v) is called %s, want %s", d.Branch, d.Page, d.Restart, got, want)
			}
		}
	}
}
