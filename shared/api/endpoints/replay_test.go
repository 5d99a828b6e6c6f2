package endpoints

import (
	"slices"
	"strings"
	"testing"

	"windfall/shared/api"
	"windfall/shared/app"
)

// A call that is not a GET changes something, so it honours Idempotency-Key.
// These change nothing (POST /v1/customers/list is a path of the second dialect), or come from Stripe, which sends no such key.
func TestEveryRouteThatChangesSomethingReplays(t *testing.T) {
	t.Parallel()
	without := []string{"POST /v1/attach/preview", "POST /v1/balances.list", "POST /v1/billing.preview_attach", "POST /v1/billing.preview_multi_attach", "POST /v1/billing.preview_multi_update", "POST /v1/billing.preview_update", "POST /v1/catalog.preview_update", "POST /v1/customers.get", "POST /v1/customers.list", "POST /v1/customers/{customer_id}", "POST /v1/entities.get", "POST /v1/entities.list", "POST /v1/events.aggregate", "POST /v1/events.list", "POST /v1/events/aggregate", "POST /v1/events/aggregate", "POST /v1/events/list", "POST /v1/events/list", "POST /v1/features.get", "POST /v1/features.list", "POST /v1/invoices.list", "POST /v1/plans.get", "POST /v1/plans.list", "POST /v1/purchases.list", "POST /v1/query", "POST /v1/referral_programs.get", "POST /v1/referral_programs.list", "POST /v1/rewards.get", "POST /v1/rewards.list", "POST /v1/rewards/explain", "POST /v1/subscriptions.list", "POST /webhooks/stripe"}
	var got []string
	for _, f := range Functions(&app.App{}) {
		served, ok := f.(*api.Function)
		if !ok {
			continue
		}
		for _, route := range served.Served() {
			if !route.Replays && !strings.HasPrefix(route.Pattern, "GET ") && route.Pattern != "$default" {
				got = append(got, route.Pattern)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, without) {
		t.Errorf("without Idempotency-Key are\n%q, want\n%q", got, without)
	}
}
