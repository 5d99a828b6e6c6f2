package pageparams

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParametersOfAPage(t *testing.T) {
	t.Parallel()
	const pays, saves = PaysOnce | Subscribes, SavesCard
	for _, tt := range []struct {
		modes   Mode
		given   string
		refused string // the parameter that is named
	}{
		{pays, `{"locale":"de","cancel_url":"https://x.io","success_url":"http://x.io","client_reference_id":"r","allow_promotion_codes":false}`, ""},
		{pays, `{"automatic_tax":{"enabled":true},"tax_id_collection":{"enabled":true},"customer_update":{"name":"auto"},"phone_number_collection":{"enabled":true}}`, ""},
		{pays, `{"custom_fields":[{"key":"a","label":{"custom":"A","type":"custom"},"type":"text","text":{"maximum_length":9},"optional":true}]}`, ""},
		{pays, `{"consent_collection":{"terms_of_service":"required"},"custom_text":{"submit":{"message":"now"}},"shipping_address_collection":{"allowed_countries":["DE"]}}`, ""},
		{pays, `{"metadata":{"a":"b","n":1,"on":true},"locale":null}`, ""},
		{saves, `{"locale":"de","payment_method_types":["card"],"setup_intent_data":{"description":"d"}}`, ""},
		{pays, `{"subscription_data":{"trial_period_days":730}}`, "subscription_data[trial_period_days]"},
		{pays, `{"subscription_data":{"metadata":{"operation_id":"x"}}}`, "subscription_data[metadata]"},
		{pays, `{"subscription_data[trial_period_days]":730}`, "subscription_data[trial_period_days]"},
		{pays, `{"subscription_data":[{"trial_period_days":730}]}`, "subscription_data"},
		{pays, `{"payment_intent_data":{"setup_future_usage":"on_session"}}`, "payment_intent_data[setup_future_usage]"},
		{pays, `{"payment_method_collection":"if_required"}`, "payment_method_collection"},
		{pays, `{"payment_method_types":["sepa_debit"]}`, "payment_method_types"},
		{pays, `{"discounts":[{"coupon":"HALF"}]}`, "discounts"},
		{pays, `{"discounts":null}`, "discounts"},
		{pays, `{"expires_at":1}`, "expires_at"},
		{pays, `{"mode":"setup"}`, "mode"},
		{pays, `{"mode ":"setup"}`, "mode "},
		{pays, `{"Mode":"setup"}`, "Mode"},
		{pays, `{"customer":"cus_2"}`, "customer"},
		{pays, `{"line_items":[]}`, "line_items"},
		{pays, `{"shipping_options":[{"shipping_rate":"s"}]}`, "shipping_options"},
		{pays, `{"invoice_creation":{"enabled":false}}`, "invoice_creation"},
		{pays, `{"currency":"jpy"}`, "currency"},
		{pays, `{"ui_mode":"embedded"}`, "ui_mode"},
		{pays, `{"automatic_tax":{"liability":{"type":"account"}}}`, "automatic_tax[liability]"},
		{pays, `{"custom_text":{"submit][message":"x"}}`, "custom_text[submit][message]"},
		{pays, `{"locale":"xx"}`, "locale"},
		{pays, `{"locale":["de"]}`, "locale"},
		{pays, `{"success_url":"javascript:alert(1)"}`, "success_url"},
		{pays, `{"allow_promotion_codes":"yes"}`, "allow_promotion_codes"},
		{pays, `{"metadata":{"operation_id":"forged"}}`, "metadata[operation_id]"},
		{pays, `{"metadata":{"a][b":"x"}}`, "metadata[a][b]"},
		{pays, `{"metadata":{"a":{"b":"c"}}}`, "metadata[a]"},
		{pays, `{"metadata":{"a":"` + strings.Repeat("x", 501) + `"}}`, "metadata[a]"},
		{pays, `{"metadata":["a"]}`, "metadata"},
		{pays, `{"metadata[operation_id]":"x"}`, "metadata[operation_id]"},
		{saves, `{"allow_promotion_codes":true}`, "allow_promotion_codes"},
		{saves, `{"subscription_data":{"description":"d"}}`, "subscription_data"},
		{saves, `{"return_url":"https://x.io"}`, "return_url"},
	} {
		_, err := Read(read(t, tt.given), tt.modes)
		switch {
		case tt.refused == "" && err != nil:
			t.Errorf("%s: %v", tt.given, err)
		case tt.refused != "" && (err == nil || !strings.Contains(err.Error(), ": "+tt.refused+", ")):
			t.Errorf("%s: %v, want %s to be named", tt.given, err, tt.refused)
		}
	}
}

func TestParametersAreSpelledAsStripesForm(t *testing.T) {
	t.Parallel()
	got, err := Read(read(t, `{"custom_text":{"submit":{"message":"now"}},"shipping_address_collection":{"allowed_countries":["DE","FR"]},
		"allow_promotion_codes":false,"metadata":{"n":12345678901234567890}}`), PaysOnce)
	want := map[string]string{"custom_text[submit][message]": "now", "shipping_address_collection[allowed_countries][0]": "DE",
		"shipping_address_collection[allowed_countries][1]": "FR", "allow_promotion_codes": "false", "metadata[n]": "12345678901234567890"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, parameters (-want +got):\n%s", err, diff)
	}
}
