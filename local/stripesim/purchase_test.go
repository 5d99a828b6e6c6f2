package stripesim_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// What a machine buys by is read as strictly as Stripe reads a form: a field
// that would be ignored would be a purchase nobody asked for.
func TestCompleteIgnoresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cs := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")).str("id")
	good := `"payment_method":"pm_card_visa","email":"b@example.com"`
	for body, want := range map[string]string{
		`{` + good + `,"promotionCode":"X"}`:                   "promotionCode",
		`{` + good + `,"Payment_Method":"pm_card_mastercard"}`: "Payment_Method",
		`{` + good + `,"payment_method":"pm_card_mastercard"}`: "payment_method",
		`{` + good + `,"quantities":{"a":1,"a":2}}`:            "a",
		`{` + good + `,"quantities":[1]}`:                      "quantities",
		`{` + good + `,"quantities":{"a":1.5}}`:                "quantities",
		`{` + good + `,"name":7}`:                              "name",
		`{` + good + `} {}`:                                    "JSON",
		`{` + good:                                             "JSON",
		`[]`:                                                   "JSON",
		`{` + good + `,"` + strings.Repeat("x", 5000) + `":1}`: "xxx",
	} {
		status, out := w.machine("/pay/"+cs+"/complete", body)
		message := out.str("error.message")
		if status != 400 || !strings.Contains(message, want) || len(message) > 200 || strings.Contains(message, "json:") {
			t.Errorf("%.90s: %d %.300s", body, status, message)
		}
	}
	for _, email := range []string{"notmail", "@", "b@", "@example.com", "b@x@example.com", "b c@example.com", " b@example.com", "b@example.com\n"} {
		body, err := json.Marshal(map[string]string{"payment_method": "pm_card_visa", "email": email})
		if err != nil {
			t.Fatal(err)
		}
		status, out := w.machine("/pay/"+cs+"/complete", string(body))
		if status != 400 || out.str("error.code") != "email_invalid" || out.str("error.param") != "email" {
			t.Errorf("%q: %d %s %s", email, status, out.str("error.code"), out.str("error.message"))
		}
		form := url.Values{"payment_method": {"pm_card_visa"}, "email": {email}, "action": {"complete"}}
		if status, page, _ := w.person("POST", "/pay/"+cs, form); status != 400 || !strings.Contains(page, "Invalid email address") {
			t.Errorf("%q on the page: %d", email, status)
		}
	}
	for _, path := range []string{"/v1/customers", "/pay/" + cs} {
		status, out := w.machine(path+"?%zz", "")
		if message := out.str("error.message"); status == 400 && strings.Contains(message, "escape") {
			t.Errorf("%s: not in our words: %s", path, message)
		}
	}
	if w.complete(cs, `{`+good+`,"quantities":{},"name":"Ada","promotion_code":""}`).str("status") != "complete" {
		t.Error("a whole purchase is refused")
	}
}
