package v2

import (
	"testing"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

var now = time.Date(2027, 4, 10, 0, 0, 0, 0, time.UTC)

func TestWhatIsASubscriptionAndWhatAPurchase(t *testing.T) {
	t.Parallel()
	ten, month := money.Int(10), money.Cycle{Interval: money.Month}
	cat := &catalog.Catalog{Products: map[string][]catalog.Product{
		"free": {{ID: "free", Version: 1, Default: true}},
		"pro":  {{ID: "pro", Version: 1, Items: []catalog.Item{{ID: "pr_1", Price: &ten, Cycle: month}}}},
		"pack": {{ID: "pack", Version: 1, AddOn: true, Items: []catalog.Item{{ID: "pr_2", Price: &ten}}}},
	}}
	held := func(id string, status billing.Status, days int) billing.CustomerProduct {
		return billing.CustomerProduct{ID: "cp_" + id, ProductID: id, Version: 1, Status: status, StartsAt: now.AddDate(0, 0, days)}
	}
	trial, ended, due := held("pro", billing.Active, -2), held("pro", billing.Active, -9), held("pro", billing.PastDue, -4)
	trial.TrialEnds, ended.EndsAt = now.AddDate(0, 0, 5), now.AddDate(0, 0, -1)
	past := held("pro", billing.Active, -5)
	past.TrialEnds = now.AddDate(0, 0, -1)
	subscriptions, purchases := holdings(cat, []billing.CustomerProduct{held("pro", billing.Scheduled, 3), trial, ended, held("free", billing.Active, -8), held("pack", billing.Active, -1), due, past}, now)
	type row struct {
		plan, status     string
		auto, late, tria bool
	}
	want := []row{{"free", "active", true, false, false}, {"pro", "active", false, false, false}, {"pro", "active", false, true, false},
		{"pro", "active", false, false, true}, {"pro", "scheduled", false, false, false}}
	if len(subscriptions) != len(want) {
		t.Fatalf("got %d subscriptions %+v, want %d", len(subscriptions), subscriptions, len(want))
	}
	for i, s := range subscriptions {
		if got := (row{s.PlanID, s.Status, s.AutoEnable, s.PastDue, !time.Time(s.TrialEndsAt).IsZero()}); got != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, got, want[i])
		}
	}
	if len(purchases) != 1 || purchases[0].PlanID != "pack" || purchases[0].Quantity != 1 {
		t.Errorf("purchases: %+v", purchases)
	}
}
