package payments_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

func TestRunningSubscriptionsAreAllThatHaveNotEnded(t *testing.T) {
	t.Parallel()
	rec := always(200, `{"object":"list","has_more":false,"url":"/v1/subscriptions","data":[{"id":"sub_1","status":"active"},{"id":"sub_2","status":"trialing"},
		{"id":"sub_3","status":"past_due"},{"id":"sub_4","status":"unpaid"},{"id":"sub_5","status":"incomplete"},{"id":"sub_6","status":"paused"},
		{"id":"sub_7","status":"incomplete_expired"},{"id":"sub_8","status":"canceled"}]}`)
	ids, err := over(rec).Running(t.Context(), catalog.Sandbox, "cus_1")
	if want := []string{"sub_1", "sub_2", "sub_3", "sub_4", "sub_5", "sub_6"}; err != nil || !slices.Equal(ids.Subscriptions, want) {
		t.Errorf("%v, %v; want %v", ids, err, want)
	}
	if len(rec.seen) != 2 || rec.seen[0].Params.Get("customer") != "cus_1" || rec.seen[0].Params.Has("status") || rec.last().Params.Get("scheduled") != "true" {
		t.Errorf("asked %v %v", rec.paths(), rec.last().Params)
	}
	for status, ok := range map[int]bool{404: true, 500: false, 429: false, 401: false} {
		body := `{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such customer"}}`
		if !ok {
			body = `{"error":{"type":"api_error","message":"No"}}`
		}
		if ids, err := over(always(status, body)).Running(t.Context(), catalog.Sandbox, "cus_1"); (err == nil) != ok || len(ids.Subscriptions)+len(ids.Schedules) > 0 {
			t.Errorf("answered %d: %v, %v", status, ids, err)
		}
	}
}

// Stripe lists a hundred at a time.
func TestRunningSubscriptionsOfSeveralPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.mustTake(billing.Results{}, customerStep)
	price := w.must("POST", "/v1/prices", url.Values{"currency": {"usd"}, "unit_amount": {"0"}, "recurring[interval]": {"month"}, "product_data[name]": {"X"}}).text("id")
	for range 101 {
		w.must("POST", "/v1/subscriptions", url.Values{"customer": {r.CustomerID}, "items[0][price]": {price}})
	}
	ids, err := w.pay.Running(t.Context(), catalog.Sandbox, r.CustomerID)
	if slices.Sort(ids.Subscriptions); err != nil || len(slices.Compact(ids.Subscriptions)) != 101 {
		t.Errorf("%d subscriptions, %v", len(ids.Subscriptions), err)
	}
	w.must("DELETE", fmt.Sprint("/v1/customers/", r.CustomerID), nil)
	if ids, err := w.pay.Running(t.Context(), catalog.Sandbox, r.CustomerID); err != nil || len(ids.Subscriptions) != 0 {
		t.Errorf("deleted at Stripe: %v, %v", ids, err)
	}
}
