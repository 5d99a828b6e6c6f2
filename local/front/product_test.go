package front

import (
	"encoding/json"
	"testing"
)

// A price is formatted in its currency.
func TestAProductInALine(t *testing.T) {
	t.Parallel()
	for items, want := range map[string]string{
		`{"price":20,"interval":"month"}`:                          "$20.00 per month",
		`{"price":20.00,"interval":"month","interval_count":1}`:    "$20.00 per month",
		`{"price":1234567.5,"interval":"year","interval_count":2}`: "$1,234,567.50 every 2 years",
		`{"price":9.99}`: "$9.99 once",
		`{"feature_id":"messages","included_usage":500,"interval":"month"}`:                                            "500 messages each month",
		`{"feature_id":"messages","included_usage":500,"interval":"month","price":0.005,"billing_units":1}`:            "500 messages each month, then $0.005 each",
		`{"feature_id":"messages","included_usage":0,"price":9,"billing_units":250}`:                                   "messages at $9.00 per 250",
		`{"feature_id":"seats","included_usage":0,"interval":"month","price":10.5,"billing_units":1}`:                  "seats at $10.50 each per month",
		`{"feature_id":"words","included_usage":100,"interval":"week","interval_count":2,"price":1,"billing_units":5}`: "100 words every 2 weeks, then $1.00 per 5",
		`{"feature_id":"words","included_usage":0,"interval":"month","tiers":[{"to":"inf","amount":1}]}`:               "words in tiers per month",
		`{"feature_id":"words","included_usage":5,"interval":"month","tiers":[{"to":"inf","amount":1}]}`:               "5 words each month, then in tiers",
		`{"feature_id":"words","included_usage":"inf","interval":null,"price":null}`:                                   "unlimited words",
		`{"feature_id":"dashboard"},{"price":5,"interval":"week"}`:                                                     "dashboard; $5.00 per week",
	} {
		var p product
		if err := json.Unmarshal([]byte(`{"currency":"usd","items":[`+items+`]}`), &p); err != nil {
			t.Fatal(err)
		}
		if got := p.Text(); got != want {
			t.Errorf("%s: %q, want %q", items, got, want)
		}
	}
}
