package requests

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// nestedList is a list in a list, so many levels deep.
func nestedList(n int) any {
	var v any = "end"
	for range n {
		v = []any{v}
	}
	return v
}

func listOf(n int, one func(i int) any) (all []any) {
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

// A text, a list or a number beyond its limit is refused before anything is
// written, and the sentence names the field.
func TestWhatIsTooLongIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": 1}}})
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"}})
	w.Post("/v1/customers", JSON{"id": "c", "metadata": JSON{"kept": "yes"}})
	before := w.Stack.Tables()
	about := map[string]JSON{ // of a customer, in every call that takes it
		"email":       {"email": LongText(2035) + "@x.io"},
		"name":        {"name": LongText(257)},
		"fingerprint": {"fingerprint": LongText(3000)},
		"metadata":    {"metadata": JSON{"k": strings.Repeat("<", 17_000)}},
		"metadata: ":  {"metadata": JSON{"k": nestedList(11)}},
		"metadata:":   {"metadata": JSON{"k": strings.Repeat("\x01", 3000)}}, // six bytes each
	}
	type call struct {
		field, path string
		body        JSON
	}
	var calls []call
	for field, data := range about {
		calls = append(calls,
			call{field, "/v1/customers", Merge(JSON{"id": "new"}, data)},
			call{field, "/v1/customers", Merge(JSON{"email": "new@x.io"}, data)},
			call{field, "/v1/customers", Merge(JSON{"id": "c"}, data)},
			call{field, "/v1/customers/c", data},
			call{field, "/v1/check", JSON{"customer_id": "new", "feature_id": "messages", "customer_data": data}},
			call{field, "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "customer_data": data, "send_event": true}},
			call{field, "/v1/check", JSON{"customer_id": "new", "product_id": "pro", "customer_data": data}},
			call{field, "/v1/track", JSON{"customer_id": "new", "feature_id": "messages", "customer_data": data}},
			call{field, "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "customer_data": data}},
			call{field, "/v1/attach", JSON{"customer_id": "new", "product_id": "pro_trial", "customer_data": data}},
			call{field, "/v1/attach/preview", JSON{"customer_id": "new", "product_id": "pro", "customer_data": data}},
			call{field, "/v1/checkout", JSON{"customer_id": "new", "product_id": "pro", "customer_data": data}},
			call{field, "/v1/setup_payment", JSON{"customer_id": "new", "customer_data": data}})
	}
	attach := func(field string, more JSON) {
		for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
			calls = append(calls, call{field, path, Merge(JSON{"customer_id": "new", "product_id": "pro"}, more)})
		}
	}
	attach("metadata", JSON{"metadata": JSON{"k": strings.Repeat("<", 40_000)}})
	attach("metadata", JSON{"metadata": JSON{"k": LongText(501)}})
	attach("metadata", JSON{"metadata": JSON{LongText(41): "v"}})
	attach("metadata", JSON{"metadata": JSON{"k": nestedList(600)}})
	lots := JSON{}
	for i := range 41 {
		lots[fmt.Sprint("k", i)] = "v"
	}
	attach("metadata", JSON{"metadata": lots})
	attach("checkout_session_params", JSON{"checkout_session_params": JSON{"custom_text": JSON{"submit": JSON{"message": LongText(17_000)}}}})
	attach("success_url", JSON{"success_url": "https://x.io/" + LongText(2048)})
	attach("success_url", JSON{"success_url": "https://"})
	attach("success_url", JSON{"success_url": "https://x.io/a b\n"})
	attach("product_ids", JSON{"product_id": nil, "product_ids": listOf(21, func(i int) any { return fmt.Sprint("p", i) })})
	attach("messages", JSON{"product_id": "pro_prepaid", "options": listOf(2, func(int) any { return JSON{"feature_id": "messages", "quantity": 100} })})
	attach("items", JSON{"is_custom": true, "items": listOf(51, func(int) any { return BooleanFeature("admin") })})
	attach("tiers", JSON{"is_custom": true, "items": tieredItems(7)})
	calls = append(calls,
		call{"checkout_session_params", "/v1/setup_payment", JSON{"customer_id": "new", "checkout_session_params": JSON{"custom_text": JSON{"submit": JSON{"message": LongText(17_000)}}}}},
		call{"success_url", "/v1/setup_payment", JSON{"customer_id": "new", "success_url": "https://x.io/" + LongText(2048)}},
		call{"return_url", "/v1/customers/c/billing_portal", JSON{"return_url": "https://x.io/" + LongText(2048)}},
		call{"stripe_id", "/v1/customers", JSON{"id": "new", "stripe_id": "cus_" + LongText(3000)}},
		call{"stripe_id", "/v1/customers", JSON{"id": "new", "stripe_id": "../v1/charges?x=%"}},
		call{"stripe_id", "/v1/customers/c", JSON{"stripe_id": "cus_" + LongText(3000)}},
		call{"event_name", "/v1/track", JSON{"customer_id": "c", "event_name": LongText(201)}},
		call{"properties", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "properties": JSON{"k": LongText(1025)}}},
		call{"idempotency_key", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "idempotency_key": LongText(256)}},
		call{"balances", "/v1/customers/c/balances", JSON{"balances": listOf(51, func(int) any { return JSON{"feature_id": "messages", "balance": 1} })}},
		call{"id", "/v1/features", JSON{"id": LongText(65), "name": "F", "type": "single_use"}},
		call{"name", "/v1/features", JSON{"id": "f", "name": LongText(201), "type": "single_use"}},
		call{"display", "/v1/features", JSON{"id": "f", "name": "F", "type": "single_use", "display": JSON{"singular": LongText(201), "plural": "s"}}},
		call{"event name", "/v1/features", JSON{"id": "f", "name": "F", "type": "single_use", "event_names": listOf(101, func(i int) any { return fmt.Sprint("e", i) })}},
		call{"event name", "/v1/features", JSON{"id": "f", "name": "F", "type": "single_use", "event_names": []string{LongText(201)}}},
		call{"credit_schema", "/v1/features", JSON{"id": "f", "name": "F", "type": "credit_system", "credit_schema": listOf(101, func(int) any { return JSON{"metered_feature_id": "words", "credit_cost": 1} })}},
		call{"id", "/v1/products", JSON{"id": LongText(65), "name": "P"}},
		call{"name", "/v1/products", JSON{"id": "p", "name": LongText(201)}},
		call{"group", "/v1/products", JSON{"id": "p", "name": "P", "group": LongText(201)}},
		call{"items", "/v1/products", JSON{"id": "p", "name": "P", "items": listOf(51, func(int) any { return BooleanFeature("admin") })}},
		call{"tiers", "/v1/products", JSON{"id": "p", "name": "P", "items": tieredItems(7)}},
		call{"name", "/v1/rewards", JSON{"id": "r", "name": LongText(201), "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"}}},
		call{"promo_codes", "/v1/rewards", JSON{"id": "r", "name": "R", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"},
			"promo_codes": listOf(41, func(i int) any { return JSON{"code": fmt.Sprint("CODE", i)} })}},
		call{"code", "/v1/rewards", JSON{"id": "r", "name": "R", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"},
			"promo_codes": []JSON{{"code": LongText(65)}}}},
		call{"price_ids", "/v1/rewards", JSON{"id": "r", "name": "R", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off",
			"apply_to_all": false, "price_ids": listOf(101, func(i int) any { return fmt.Sprint("price", i) })}}},
		call{"product_ids", "/v1/reward_programs", JSON{"id": "r", "when": "checkout", "internal_reward_id": "gift", "received_by": "all",
			"product_ids": listOf(101, func(i int) any { return fmt.Sprint("p", i) })}},
		call{"feature_id", "/v1/events/list", JSON{"customer_id": "c", "feature_id": listOf(101, func(int) any { return "messages" })}},
		call{"bins", "/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": listOf(100, func(int) any { return "messages" }),
			"custom_range": JSON{"start": T0.AddDate(0, -1, 0).UnixMilli(), "end": T0.UnixMilli()}, "bin_size": "hour"}},
	)
	for _, c := range calls {
		a := w.Do(w.Stack.Key, "POST", c.path, c.body)
		message, _ := a.Body["message"].(string)
		if a.Status != http.StatusBadRequest || !strings.Contains(message, strings.TrimRight(c.field, ": ")) {
			t.Errorf("%s of POST %s: got %d %.300s", c.field, c.path, a.Status, a.Text)
		}
		if w.Stack.Tables() != before {
			t.Fatalf("%s of POST %s wrote to the table: %d %.200s", c.field, c.path, a.Status, a.Text)
		}
	}
	t.Logf("%d calls refused", len(calls))
}

// tieredItems is a list of items with fifty tiers each.
func tieredItems(n int) []any {
	tiers := listOf(49, func(i int) any { return JSON{"to": 10 * (i + 1), "amount": 1} })
	tiers = append(tiers, JSON{"to": "inf", "amount": 1})
	return listOf(n, func(int) any {
		return JSON{"feature_id": "words", "interval": "month", "usage_model": "pay_per_use", "tiers": tiers}
	})
}

// An invalid range, and an unknown cursor, are refused by every report; the
// ends of time are a valid range.
func TestRangesOfEventsAreRefusedOrAnswered(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Track("c", "messages", 1)
	before := w.Stack.Tables()
	now := T0.UnixMilli()
	year9999 := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMilli()
	for _, tt := range []struct {
		name    string
		span    JSON
		allowed bool // by events/list; reports may find it too long
	}{
		{"the end before the start", JSON{"start": now, "end": now - 1}, false},
		{"nothing between", JSON{"start": now, "end": now}, false},
		{"the largest number", JSON{"start": int64(math.MaxInt64)}, false},
		{"both the largest", JSON{"start": int64(math.MaxInt64) - 1, "end": int64(math.MaxInt64)}, false},
		{"an end that is the largest", JSON{"start": 1, "end": int64(math.MaxInt64)}, false},
		{"the year 10000", JSON{"start": now, "end": year9999 + 1000}, false},
		{"a start in the year 10000", JSON{"start": year9999 + 1000}, false},
		{"a start in years", JSON{"start": year9999}, false},
		{"below zero", JSON{"start": -1, "end": now}, false},
		{"an end below zero", JSON{"start": 1, "end": -1}, false},
		{"the smallest number", JSON{"start": int64(math.MinInt64)}, false},
		{"zero is open", JSON{"start": 0, "end": 0}, true},
		{"all of time", JSON{"start": 1, "end": year9999}, true},
		{"only an end", JSON{"end": now + 1}, true},
	} {
		for _, path := range []string{"/v1/events/list", "/v1/events/aggregate", "/v1/query"} {
			a := w.Do(w.Stack.Key, "POST", path, JSON{"customer_id": "c", "feature_id": "messages", "custom_range": tt.span})
			want := tt.allowed && path == "/v1/events/list"
			if want && a.Status != http.StatusOK || !want && (a.Status != http.StatusBadRequest || a.Body["code"] != "invalid_inputs") {
				t.Errorf("%s: POST %s: got %d %.200s", tt.name, path, a.Status, a.Text)
			}
		}
	}
	for name, body := range map[string]JSON{
		"offset": {"offset": -1}, "far offset": {"offset": 10_001}, "limit": {"limit": 0}, "large limit": {"limit": 1001},
		"cursor":       {"start_cursor": "no"},
		"long cursor":  {"start_cursor": base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%015d#", now) + LongText(1100)))},
		"cursor bytes": {"start_cursor": base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%015d#\xff", now)))},
	} {
		if a := w.Do(w.Stack.Key, "POST", "/v1/events/list", Merge(JSON{"customer_id": "c"}, body)); a.Status != http.StatusBadRequest {
			t.Errorf("%s: got %d %.200s", name, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a report wrote to the table")
	}
}
