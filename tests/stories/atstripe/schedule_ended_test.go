package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// newestAuditEntry is the newest entry of a customer's history.
func newestAuditEntry(w *World, customer string) JSON {
	w.Helper()
	return ValueAt(w.Get("/v1/customers/"+customer+"/audit?limit=1"), "list.0").(JSON)
}

// A subscription ends while another product is scheduled on it, in every way in
// which staff can end it: the scheduled product is dropped, the default product
// begins, and the history says it once.
func TestWHK06SubscriptionDeletedWithAChangeScheduled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end    func(w *World, subscription, schedule string)
		events []string // Stripe's events of it
		billed []int64
	}{
		"the subscription is deleted": {func(w *World, subscription, _ string) {
			w.Call("DELETE", "/_local/subscriptions/"+subscription, nil)
		}, []string{"subscription_schedule.canceled", "customer.subscription.deleted"}, []int64{5000}},
		"the schedule is cancelled": {func(w *World, _, schedule string) {
			w.CallStripe("POST", "/v1/subscription_schedules/"+schedule+"/cancel", "prorate=false")
		}, []string{"subscription_schedule.canceled", "customer.subscription.deleted"}, []int64{5000}},
		"the customer is deleted": {func(w *World, _, _ string) {
			w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
		}, []string{"subscription_schedule.canceled", "customer.subscription.deleted", "customer.deleted"}, []int64{5000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.CustomerWithCard("c", "premium")
			w.Attach("c", "pro")
			w.HasProducts("c", "premium active", "pro scheduled")
			w.Advance("10d")
			c.end(w, w.FirstSubscription("c"), ValueAt(w.AtStripe("c"), "schedules.0.id").(string))
			w.WaitIdle()
			w.HasProducts("c", "free active")
			w.HasBalance("c", "messages", true, 100)
			w.Want("the schedule", ValueAt(w.AtStripe("c"), "schedules.0.status"), "canceled")
			for _, kind := range c.events {
				w.Want("answers to "+kind, deliveryStatuses(w, kind), []int{200})
			}
			entry := newestAuditEntry(w, "c")
			w.Want("the history", []any{entry["action"], entry["started"], entry["ended"], entry["dropped"]},
				[]any{"follow", []string{"free"}, []string{"premium"}, []string{"pro"}})
			w.AdvanceTo(T2)
			w.HasProducts("c", "free active")
			w.Billed("c", c.billed...)
		})
	}
}

// A schedule that staff released leaves the subscription as it is.
func TestWHK07ReleasedScheduleSaysWhatIsDropped(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.CallStripe("POST", "/v1/subscription_schedules/"+ValueAt(w.AtStripe("c"), "schedules.0.id").(string)+"/release", "")
	w.HasProducts("c", "premium active")
	entry := newestAuditEntry(w, "c")
	w.Want("the history", []any{entry["started"], entry["ended"], entry["dropped"]}, []any{[]string{}, []string{}, []string{"pro"}})
}

// Every command names each product once that it starts, ends, schedules or
// drops.
func TestAuditNamesEachProductOnce(t *testing.T) {
	t.Parallel()
	premiumThenPro := func(w *World) { w.CustomerWithCard("c", "premium"); w.Attach("c", "pro") }
	for name, c := range map[string]struct {
		before, act                        func(w *World)
		started, ended, scheduled, dropped []string
	}{
		"cancel after a downgrade":                {premiumThenPro, func(w *World) { w.Cancel("c", "premium") }, nil, nil, []string{"free"}, []string{"pro"}},
		"cancel at once":                          {func(w *World) { w.CustomerWithCard("c", "pro") }, func(w *World) { w.Cancel("c", "pro", Immediately()) }, []string{"free"}, []string{"pro"}, nil, nil},
		"cancel at once after a downgrade":        {premiumThenPro, func(w *World) { w.Cancel("c", "premium", Immediately()) }, []string{"free"}, []string{"premium"}, nil, []string{"pro"}},
		"cancel of what waits":                    {premiumThenPro, func(w *World) { w.Cancel("c", "pro") }, nil, nil, nil, []string{"pro"}},
		"upgrade over a downgrade":                {premiumThenPro, func(w *World) { w.Attach("c", "ultra") }, []string{"ultra"}, []string{"premium"}, nil, []string{"pro"}},
		"another downgrade":                       {premiumThenPro, func(w *World) { w.Attach("c", "free") }, nil, nil, []string{"free"}, []string{"pro"}},
		"downgrade withdrawn":                     {premiumThenPro, func(w *World) { w.Attach("c", "premium") }, nil, nil, nil, []string{"pro"}},
		"downgrade made at once after a schedule": {premiumThenPro, func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) }, []string{"free"}, []string{"premium"}, nil, []string{"pro"}},
		"end withdrawn":                           {func(w *World) { w.CustomerWithCard("c", "pro"); w.Cancel("c", "pro") }, func(w *World) { w.Attach("c", "pro") }, nil, nil, nil, []string{"free"}},
		"an end that came": {func(w *World) { w.CustomerWithCard("c", "pro"); w.Cancel("c", "pro") }, func(w *World) { w.AdvancePastRenewal(T1) },
			[]string{"free"}, nil, nil, nil}, // the end of pro is another entry
		"upgrade": {func(w *World) { w.CustomerWithCard("c", "pro") }, func(w *World) { w.Attach("c", "premium") }, []string{"premium"}, []string{"pro"}, nil, nil},
		"items of one's own": {func(w *World) { w.CustomerWithCard("c", "pro") }, func(w *World) {
			w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Price(30), Messages(700)}})
		}, []string{"pro"}, []string{"pro"}, nil, nil},
		"bundle": {func(w *World) { w.CustomerWithCard("c") }, func(w *World) {
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
		}, []string{"pro", "addon_words"}, []string{"free"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			c.before(w)
			c.act(w)
			for _, e := range w.Get("/v1/customers/c/audit?limit=2")["list"].([]any) {
				entry := e.(JSON)
				if entry["action"] == "invoice" || entry["action"] == "follow" && len(entry["started"].([]any))+len(entry["ended"].([]any))+len(entry["dropped"].([]any)) == 0 {
					continue
				}
				w.Want("the history", []any{entry["started"], entry["ended"], entry["scheduled"], entry["dropped"]},
					[]any{append([]string{}, c.started...), append([]string{}, c.ended...), append([]string{}, c.scheduled...), append([]string{}, c.dropped...)})
				break
			}
		})
	}
}
