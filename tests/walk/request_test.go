package walk

import (
	"strings"

	"windfall/tests/world"
)

// A slip is a field of a request with values that are right for some products
// and customers, and wrong for others or for all.
type slip struct {
	field  string
	values []any
}

func quantities(of ...any) []world.JSON {
	var out []world.JSON
	for i := 0; i < len(of); i += 2 {
		out = append(out, world.JSON{"feature_id": of[i], "quantity": of[i+1]})
	}
	return out
}

var slips = []slip{
	{"product_id", []any{"", "no_such", "retired", "edited", 7, nil}},
	{"customer_id", []any{"", "a/b", " ada", strings.Repeat("x", 256), "eve"}},
	{"product_ids", []any{[]string{"side_small", "more_words"}, []string{"pro", "premium"}, []string{"pro", "pro"}, []string{"pro_trial", "side_big"}, []string{"setup", "booster"}, []string{"side_year", "pro"}, []string{"pro_year", "side_small"}, []string{"side_year", "pro_year"}, []string{}}},
	{"options", []any{quantities("messages", 100), quantities("words", 250), quantities("words", 1), quantities("seats", 3), quantities("no_such", 1),
		quantities("messages", -1), quantities("messages", "many"), quantities("messages", 1e12), quantities("messages", 0), quantities("messages", 250, "words", 5),
		quantities("messages", 100, "messages", 200), []world.JSON{{"feature_id": "messages"}}}},
	{"version", []any{1, 2, 3, 0, -1, 99}},
	{"plan_schedule", []any{"immediate", "end_of_cycle", "sometime"}},
	{"force_checkout", []any{true, false, "yes"}},
	{"invoice_only", []any{true}},
	{"invoice", []any{true}},
	{"finalize_invoice", []any{false, true}},
	{"free_trial", []any{false, true, trial(3, true, true), trial(3, false, false), trial(-1, true, true), world.JSON{"length": 3}}},
	{"items", []any{[]world.JSON{world.Price(9)}, []world.JSON{{"price": -1, "interval": "month"}}, []world.JSON{}, []world.JSON{{"feature_id": "no_such", "included_usage": 4}},
		[]world.JSON{world.Price(9), world.Price(8)}, []world.JSON{{"feature_id": "messages", "included_usage": 40, "interval": "month"}}, []world.JSON{{"price": 999999.99, "interval": "month"}, {"price": 999999.99}}}},
	{"entity_id", []any{"floor_1"}},
	{"entity_data", []any{world.JSON{"feature_id": "seats"}, world.JSON{}}},
	{"reward", []any{"TENOFF", "", []string{"TENOFF"}}},
	{"billing_cycle_anchor", []any{1900000000000, nil}},
	{"new_billing_subscription", []any{true}},
	{"setup_payment", []any{true}},
	{"success_url", []any{"https://shop.example.com/done", "ftp://shop.example.com", "https://", "https://" + strings.Repeat("x", 3000)}},
	{"metadata", []any{world.JSON{"order": "7"}, world.JSON{"order": strings.Repeat("7", 501)}, world.JSON{"": "x"}, world.JSON{"customer_id": "x"}, "text"}},
	{"checkout_session_params", []any{world.JSON{"allow_promotion_codes": true}, world.JSON{"mode": "setup"}, world.JSON{"submit_type": "pay"}, world.JSON{"subscription_data": world.JSON{"description": "x"}}, world.JSON{"locale": "nowhere"}}},
	{"customer_data", []any{world.JSON{"email": "ada@example.com"}, world.JSON{"email": "no address"}, world.JSON{"email": "dan@example.com"}, world.JSON{"fingerprint": "device"},
		world.JSON{"fingerprint": strings.Repeat("x", 256)}, world.JSON{"name": strings.Repeat("x", 257)}, world.JSON{"metadata": world.JSON{"a": strings.Repeat("x", 20000)}}}},
	{"quantity", []any{3}},
}

// request draws a request: a customer and a product, often the one bought last,
// the quantities that it needs in most cases, and up to three slips.
func (k *refuser) request() world.JSON {
	who, o := buyers[k.r.IntN(len(buyers))], shop[k.r.IntN(len(shop))]
	if last, bought := k.had[who]; bought && k.r.IntN(4) == 0 {
		o = last
	}
	body := world.JSON{"customer_id": who, "product_id": o.id}
	if who == "dan" {
		body["customer_data"] = world.JSON{"email": "dan@example.com"}
	}
	for _, g := range o.gives {
		if g.pack > 0 && k.r.IntN(5) > 0 {
			body["options"] = quantities(g.feature, g.pack*int64(k.r.IntN(4)))
		}
	}
	for range []int{0, 0, 1, 1, 2, 3}[k.r.IntN(6)] {
		s := slips[k.r.IntN(len(slips))]
		body[s.field] = s.values[k.r.IntN(len(s.values))]
		switch {
		case s.field == "product_ids" && k.r.IntN(5) > 0:
			delete(body, "product_id")
		case s.field == "items" && k.r.IntN(5) > 0:
			body["is_custom"] = true
		}
		if set, is := body["free_trial"].(world.JSON); is && set != nil && k.r.IntN(3) > 0 {
			body["is_custom"] = true
		}
	}
	return body
}
