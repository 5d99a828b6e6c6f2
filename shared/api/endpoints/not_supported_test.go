package endpoints

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"windfall/shared/api"
	v2 "windfall/shared/api/v2"
	"windfall/shared/app"
)

// others are operations of the Python autumn-sdk 1.2.0 that autumn-js does not have.
const others = `billing.verify invoices.finalize invoices.issue_credit_note invoices.update platform.disconnect_stripe platform.get_stripe_connection
	webhooks.create webhooks.delete webhooks.get webhooks.list webhooks.preview_sync webhooks.sync webhooks.update`

// operations are all that the second generation of clients can ask for.
//
// Source: autumn-js 1.3.13, the paths of its 76 methods
const operations = `balances.batch_track balances.check balances.create balances.delete balances.finalize balances.track balances.track_tokens balances.update
	billing.attach billing.create_schedule billing.import billing.multi_attach billing.multi_update billing.open_customer_portal billing.preview_attach
	billing.preview_multi_attach billing.preview_multi_update billing.preview_update billing.setup_payment billing.update
	customers.advance_test_clock customers.delete customers.get customers.get_or_create customers.list customers.update
	entities.create entities.delete entities.get entities.list entities.update events.aggregate events.list
	features.create features.delete features.get features.list features.update
	invoices.create invoices.insert invoices.list invoices.listTemplates invoices.pay invoices.reissue invoices.void
	keys.mint keys.refresh keys.revoke licenses.attach licenses.release logs.search plans.create plans.delete plans.get plans.list plans.update
	platform.get_revenuecat_keys platform.link_revenuecat platform.sync_revenuecat
	referral_programs.create referral_programs.delete referral_programs.get referral_programs.list referral_programs.update referrals.create_code referrals.redeem_code
	rewards.create rewards.delete rewards.get rewards.list rewards.redeem rewards.update sandboxes.create sandboxes.delete sandboxes.list sandboxes.reset`

// Each operation is served, or refused with what to use instead: never both, and never
// neither.
func TestEveryOperationIsServedOrSaysWhatToUseInstead(t *testing.T) {
	t.Parallel()
	var served []string
	for _, f := range Functions(&app.App{}) {
		if f, ok := f.(*api.Function); ok {
			served = append(served, f.Routes()...)
		}
	}
	all := strings.Fields(operations)
	if len(all) != 76 {
		t.Errorf("%d operations", len(all))
	}
	for _, o := range slices.Concat(all, strings.Fields(others), []string{"customers/ada/transfer"}) {
		path := "/v1/" + o
		routed, instead := slices.Contains(served, "POST "+path), v2.WhyNotSupported(path)
		if routed == (instead != "") {
			t.Errorf("%s: served %t, and instead of it: %q", o, routed, instead)
			continue
		}
		_, err := v2.NoRoute(t.Context(), api.Request{Request: httptest.NewRequest("POST", path, nil)})
		if status, body := api.ErrorAnswer(err, "", nil); !routed && (status != 404 || body.Code != "not_supported" || !strings.HasPrefix(body.Message, o+" is not offered here. ") || !strings.HasSuffix(body.Message, ".")) {
			t.Errorf("%s: %d %+v", o, status, body)
		}
	}
	_, err := v2.NoRoute(t.Context(), api.Request{Request: httptest.NewRequest("POST", "/v1/v1/plans.list", nil)})
	if status, body := api.ErrorAnswer(err, "", nil); status != 404 || body.Code != "route_not_found" || !strings.Contains(body.Message, "twice") {
		t.Errorf("/v1/v1: %d %+v", status, body)
	}
	for _, path := range []string{"/v1/nothing", "/v1/plans", "/v1/customers/plans.list", "/plans.list"} {
		if instead := v2.WhyNotSupported(path); instead != "" {
			t.Errorf("%s: %q", path, instead)
		}
	}
}
