package requests

import (
	"encoding/json"
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// extremes are numbers at the edges of what texts, words and rows hold.
var extremes = []string{"9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551616", "999999999999999999", "1e18", "1000000000000",
	"2147483648", "106751991167", "92233720368547758.07", "999999.99", "1000000", "0.000000000000001", "-1", "99999999999999999999999", "1e400", "1e-400"}

// numbered are calls with one number each.
var numbered = []struct {
	path string
	body func(n json.Number) JSON
}{
	{"/v1/products", func(n json.Number) JSON { return oneItem(JSON{"price": n, "interval": "month"}) }},
	{"/v1/products", func(n json.Number) JSON { return oneItem(JSON{"price": 5, "interval": "month", "interval_count": n}) }},
	{"/v1/products", func(n json.Number) JSON { return oneItem(Merge(Consumable("words", 1), JSON{"included_usage": n})) }},
	{"/v1/products", func(n json.Number) JSON { return oneItem(Merge(Overage("words", 1, 1, 1), JSON{"usage_limit": n})) }},
	{"/v1/products", func(n json.Number) JSON { return oneItem(Merge(Overage("words", 1, 1, 1), JSON{"billing_units": n})) }},
	{"/v1/products", func(n json.Number) JSON { return oneItem(Merge(Prepaid("words", 1, 1, "month"), JSON{"price": n})) }},
	{"/v1/products", func(n json.Number) JSON {
		return oneItem(Merge(Overage("words", 1, 1, 1), JSON{"price": nil, "tiers": []JSON{{"to": n, "amount": 0}, {"to": "inf", "amount": n}}}))
	}},
	{"/v1/products", func(n json.Number) JSON {
		return Merge(oneItem(Price(5)), JSON{"free_trial": JSON{"length": n, "duration": "day"}})
	}},
	{"/v1/features", func(n json.Number) JSON {
		return JSON{"id": "f" + slug(n), "name": "f", "type": "single_use", "write_shards": n}
	}},
	{"/v1/features", func(n json.Number) JSON {
		return JSON{"id": "k" + slug(n), "name": "k", "type": "credit_system", "credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": n}}}
	}},
	{"/v1/rewards", func(n json.Number) JSON {
		return JSON{"id": "r" + slug(n), "name": "R", "type": "fixed_discount", "discount_config": JSON{"discount_value": n, "duration_type": "one_off"}}
	}},
	{"/v1/rewards", func(n json.Number) JSON {
		return JSON{"id": "m" + slug(n), "name": "R", "type": "fixed_discount", "discount_config": JSON{"discount_value": 1, "duration_type": "months", "duration_value": n}}
	}},
	{"/v1/rewards", func(n json.Number) JSON {
		return TenPercentOff(JSON{"id": "c" + slug(n), "promo_codes": []JSON{{"code": "C" + slug(n), "max_redemptions": n}}})
	}},
	{"/v1/attach", func(n json.Number) JSON { return JSON{"customer_id": "d", "product_id": "pro", "version": n} }},
	{"/v1/attach", func(n json.Number) JSON {
		return JSON{"customer_id": "d", "product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": n}}}
	}},
	{"/v1/attach/preview", func(n json.Number) JSON {
		return JSON{"customer_id": "d", "product_id": "pro", "is_custom": true, "free_trial": JSON{"length": n, "duration": "year"}}
	}},
	{"/v1/attach/preview", func(n json.Number) JSON {
		return JSON{"customer_id": "c", "product_id": "premium", "is_custom": true, "items": []JSON{{"price": n, "interval": "month"}}}
	}},
	{"/v1/customers/c/balances", func(n json.Number) JSON { return JSON{"balances": []JSON{{"feature_id": "messages", "balance": n}}} }},
	{"/v1/check", func(n json.Number) JSON {
		return JSON{"customer_id": "c", "feature_id": "messages", "required_balance": n}
	}},
	{"/v1/check", func(n json.Number) JSON {
		return JSON{"customer_id": "c", "feature_id": "messages", "required_balance": n, "send_event": true}
	}},
	{"/v1/track", func(n json.Number) JSON { return JSON{"customer_id": "c", "feature_id": "messages", "value": n} }},
	{"/v1/track", func(n json.Number) JSON { return JSON{"customer_id": "c", "feature_id": "seats", "value": n} }},
	{"/v1/track", func(n json.Number) JSON {
		return JSON{"customer_id": "c", "feature_id": "messages", "value": n, "idempotency_key": slug(n)}
	}},
	{"/v1/usage", func(n json.Number) JSON { return JSON{"customer_id": "c", "feature_id": "messages", "value": n} }},
}

func oneItem(item JSON) JSON {
	return JSON{"id": "x", "name": "x", "group": "x", "items": []JSON{item}}
}

func slug(n json.Number) string { return fmt.Sprintf("%x", string(n)) }

// Whatever number is sent, wherever, the answer is 200 or a refusal that says why;
// afterwards customers are read, billed, changed and deleted as ever.
func TestNumbersAtTheEdges(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("all", "main", Price(20), Overage("messages", 100, 0.1, 1), Seats("seats", 1, 12, "", ""))
	w.CustomerWithCard("c", "all")
	w.CustomerWithCard("d")
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 1_000_000_000_000_000_000})
	taken := 0
	for _, n := range extremes {
		for _, call := range numbered {
			body := call.body(json.Number(n))
			a := w.Do(w.Stack.Key, "POST", call.path, body)
			if a.Status == 200 {
				taken++
			} else if a.Status != 400 && a.Status != 404 || a.Body["code"] == nil || a.Body["message"] == nil {
				text, _ := json.Marshal(body)
				t.Errorf("POST %s %s: %d %.300s", call.path, text, a.Status, a.Text)
			}
			if call.path == "/v1/products" && a.Status == 200 { // what can be made can be bought, or the refusal says why
				if b := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "d", "product_id": "x"}); b.Status != 200 && b.Status != 400 {
					text, _ := json.Marshal(body)
					t.Errorf("attach %s: %d %.300s", text, b.Status, b.Text)
				}
				w.Do(w.Stack.Key, "POST", "/v1/cancel", JSON{"customer_id": "d", "product_id": "x", "cancel_immediately": true})
				w.Do(w.Stack.Key, "DELETE", "/v1/products/x?all_versions=true", nil)
			}
		}
	}
	if taken < 20 {
		t.Errorf("%d of the calls were taken", taken)
	}
	w.AdvancePastRenewal(T1)
	for _, c := range []string{"c", "d"} {
		w.Customer(c, "invoices")
		w.Call("DELETE", "/v1/customers/"+c+"?cancel=true", nil)
	}
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			w.Want("answer to "+e.Type, d.Status, 200)
		}
	}
}

// An interval is counted from 1 wherever it is given.
func TestAnIntervalOfABalanceIsCountedFromOne(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	for _, n := range []string{"-1", "-9223372036854775808"} {
		w.Refused(400, "invalid_request", "/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 5, "interval": "month", "interval_count": json.Number(n)}}})
	}
	w.HasBalance("c", "messages", true, 500)
}
