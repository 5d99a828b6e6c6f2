package v2

import (
	"encoding/json"
	"testing"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// One price of the catalog is known by the item's id; one in several currencies is
// not, as it may not be the customer's.
func TestABalanceInNumbers(t *testing.T) {
	t.Parallel()
	price, limit := money.Int(5), money.Int(150)
	seat := catalog.Item{ID: "pr_1", FeatureID: "messages", Included: money.Int(100), Price: &price, UsageModel: catalog.PayPerUse, UsageLimit: &limit}
	dear := catalog.Item{ID: "pr_2", FeatureID: "messages", Price: &price, Prices: catalog.Prices{"eur": price}}
	cat := &catalog.Catalog{Products: map[string][]catalog.Product{"pro": {{ID: "pro", Items: []catalog.Item{seat, dear}}}}}
	b := entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{
		{ID: "cp_1/pr_1", ProductID: "pro", Included: money.Int(100), Used: money.Int(120), Overage: true, UsageLimit: &limit,
			Cycle: money.Cycle{Interval: money.Month}, ResetsAt: now.AddDate(0, 0, 1)},
		{ID: "cp_1/pr_2", ProductID: "pro", Prepaid: money.Int(30), Extra: money.Int(2), Used: money.Int(1)},
		{ID: "cp_2/pr_3", ProductID: "old", Until: now}, // is over
	}}
	got, err := json.Marshal(balanceAnswer(b.At(now), itemsOf(cat), now))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"feature_id":"messages","granted":132,"remaining":11,"usage":121,"unlimited":false,"overage_allowed":true,"max_purchase":50,"next_reset_at":1807401600000,` +
		`"breakdown":[{"id":"cp_1/pr_1","plan_id":"pro","included_grant":100,"prepaid_grant":0,"remaining":0,"usage":120,"unlimited":false,` +
		`"reset":{"interval":"month","interval_count":1,"resets_at":1807401600000},` +
		`"price":{"amount":5,"tiers":null,"tier_behavior":null,"billing_units":1,"billing_method":"usage_based","max_purchase":50},"expires_at":null},` +
		`{"id":"cp_1/pr_2","plan_id":"pro","included_grant":2,"prepaid_grant":30,"remaining":31,"usage":1,"unlimited":false,"reset":null,"price":null,"expires_at":null}],"rollovers":[]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
