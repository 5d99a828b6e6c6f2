package currency

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// since lists what rows have had since there are currencies, taxes and periods within
// periods: attributes of a row, and fields of the JSON in it.
var since = map[string][]string{
	"CUSTOMER":   {"currency", "address", "untold"},
	"PRODUCT#":   {"anchor", "anchor_day", "pwhole", "taxed", "usage_at", "prices", "tax_behavior"},
	"SETTINGS":   {"currency", "priced", "own_prices", "automatic_tax", "tax_id_collection"},
	"REWARD#":    {"currency"},
	"BALANCE#":   {"pw"},
	"INVOICE#":   {"anchor", "whole", "tax"},
	"OPERATION#": {"automatic_tax", "key", "first", "anchor", "whole", "usage_at", "ask_address", "ask_tax_id", "tax_optional", "month", "reset_day", "address", "tax_behavior", "prices"},
	"DONE":       {"anchor", "whole", "tax"},
	"AUDIT#":     {"first"},
}

// asBefore has the rows of a world as they were stored before.
func asBefore(w *World) {
	w.Helper()
	aged := map[string]int{}
	for line := range strings.Lines(w.Stack.Tables()) {
		table, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		var item map[string]map[string]any
		if err := json.Unmarshal([]byte(text), &item); err != nil {
			w.Fatal(err)
		}
		key, _ := item["SK"]["S"].(string)
		for prefix, fields := range since {
			if strings.HasPrefix(key, prefix) && ageRow(item, fields) {
				aged[prefix]++
				put(w, table, item)
			}
		}
	}
	w.Logf("rows that were as new: %v", aged)
	for _, must := range []string{"CUSTOMER", "SETTINGS", "REWARD#"} {
		if aged[must] == 0 {
			w.Errorf("no row %s had anything new", must)
		}
	}
	w.Advance("2h") // a catalog is read whole again within an hour
}

func ageRow(item map[string]map[string]any, fields []string) (changed bool) {
	for _, f := range fields {
		if _, has := item[f]; has {
			delete(item, f)
			changed = true
		}
	}
	for _, attribute := range item {
		text, is := attribute["S"].(string)
		if !is || !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			continue
		}
		read := json.NewDecoder(strings.NewReader(text))
		read.UseNumber()
		var data any
		if read.Decode(&data) == nil && age(data, fields) {
			aged, _ := json.Marshal(data)
			attribute["S"], changed = string(aged), true
		}
	}
	return changed
}

func age(v any, fields []string) (changed bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			changed = age(one, fields) || changed
		}
	case map[string]any:
		for _, f := range fields {
			if _, has := v[f]; has {
				delete(v, f)
				changed = true
			}
		}
		for _, one := range v {
			changed = age(one, fields) || changed
		}
	}
	return changed
}

func put(w *World, table string, item any) {
	w.Helper()
	body, err := json.Marshal(JSON{"TableName": table, "Item": item})
	if err != nil {
		w.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/_dynamodb", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local")
	rec := httptest.NewRecorder()
	if w.Stack.DB.ServeHTTP(rec, r); rec.Code != http.StatusOK {
		w.Fatalf("put: %d %s", rec.Code, rec.Body)
	}
}

// Customers, products, rewards and open pages of before there were currencies are billed
// as they were: in the environment's. A tax that is switched on is of what is bought from
// then on.
func TestCUR23RowsOfBeforeCurrencies(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/rewards", fixed("five", "fixed_discount", 5, "", JSON{"code": "FIVE"}))
	w.CustomerWithCard("use", "pro_use")
	w.CustomerWithCard("up", "pro")
	w.CustomerWithCard("down", "premium")
	w.CustomerWithCard("packs")
	w.Attach("packs", "pro_prepaid", Quantity("messages", 200))
	w.CustomerWithCard("seats", "pro_seats")
	w.CustomerWithCard("own")
	w.Attach("own", "pro", JSON{"is_custom": true, "items": []JSON{Price(33), Messages(700)}})
	w.CustomerWithCard("new")
	page := w.Attach("page", "pro")["checkout_url"].(string)
	w.Track("use", "messages", 150)
	asBefore(w)
	w.Want("in none that was chosen", w.Customer("up")["currency"], nil)
	w.Want("the environment's", w.Get("/v1/settings")["currency"], "usd")
	w.Pay(page)
	w.Refused(400, "customer_currency_fixed", "/v1/attach", JSON{"customer_id": "up", "product_id": "premium", "currency": "eur"})
	refused := w.Do(w.Stack.Key, "PATCH", "/v1/settings", JSON{"currency": "eur"})
	w.Want("something is priced", []any{refused.Status, refused.Body["code"]}, []any{400, "settings_currency_fixed"})

	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("up", "premium")
	w.Billed("up", 2000, 1500)
	w.Want("what is bought fixes it", w.Customer("up")["currency"], "usd")
	w.Attach("down", "pro")
	w.Attach("packs", "pro_prepaid", Quantity("messages", 400))
	w.Track("seats", "seats", 3)
	w.Attach("new", "pro", JSON{"promo_code": "FIVE"})
	w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
	w.Post("/v1/customers", JSON{"id": "taxed", "address": JSON{"country": "DE"}})
	w.PutGoodCard("taxed")
	w.Attach("taxed", "pro")
	w.Call("PATCH", "/v1/customers/own", JSON{"address": JSON{"country": "DE"}})
	w.Attach("own", "premium", JSON{"automatic_tax": true})
	w.AdvancePastRenewal(T1)
	w.Billed("use", 2000, 2500) // 50 × 0.10
	w.HasBalance("use", "messages", true, 100)
	w.Billed("up", 2000, 1500, 5000)
	w.Billed("down", 5000, 2000)
	w.Billed("packs", 4000, 1000, 6000)
	w.Billed("seats", 2000, 1200, 4400) // 15/30 × 2 × 12
	w.Billed("page", 2000, 2000)
	w.Billed("new", 1500)
	w.Billed("taxed", 2380)
	w.Billed("own", 3300, 1011, 5950) // 15/30 × (50 − 33), with 4.75 − 3.14
	for _, customer := range []string{"use", "up", "down", "packs", "seats", "page", "new", "taxed", "own"} {
		for _, currency := range currencies(w, customer) {
			w.Want("what "+customer+" was billed in", currency, "usd")
		}
	}
}
