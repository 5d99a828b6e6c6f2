package v1

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"windfall/shared/admin"
	. "windfall/shared/api"
	"windfall/shared/catalog"
)

func TestARewardGoesInAndComesOut(t *testing.T) {
	cat := &catalog.Catalog{Products: map[string][]catalog.Product{"booster": {{ID: "booster", Version: 1, AddOn: true}}}}
	tests := []struct{ name, in, out string }{
		{"a percentage for some months", `{"id":"summer20","name":"Summer 20","type":"percentage_discount","promo_codes":[{"code":"summer20"},{"code":""}],
			"discount_config":{"discount_value":20,"duration_type":"months","duration_value":3,"should_rollover":false,"apply_to_all":true,"price_ids":[]}}`,
			`"type":"percentage_discount","promo_codes":[{"code":"SUMMER20"}],"discount_config":{"discount_value":20,"duration_type":"months","duration_value":3,"should_rollover":false,"apply_to_all":true,"price_ids":[]},"free_product_id":null`},
		{"credits in the older spelling", `{"id":"summer20","name":"Summer 20","type":"fixed_discount","promo_codes":[{"code":"A","max_redemptions":5}],
			"discount_config":{"discount_value":50.50,"duration_type":"one_off","duration_value":0,"should_rollover":true,"apply_to_all":true}}`,
			`"type":"invoice_credits","promo_codes":[{"code":"A","global_max_redemption":5}],"discount_config":{"discount_value":50.5,"duration_type":"one_off","duration_value":0,"should_rollover":true,"apply_to_all":true,"price_ids":[]},"free_product_id":null`},
		{"a free product", `{"id":"summer20","name":"Summer 20","type":"free_product","discount_config":null,"free_product_id":"booster"}`,
			`"type":"free_product","promo_codes":[],"discount_config":null,"free_product_id":"booster"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, err := Decode[rewardRequest](Request{Body: []byte(tt.in)})
			if err != nil {
				t.Fatal(err)
			}
			cmd, err := in.command("")
			if err != nil {
				t.Fatal(err)
			}
			cmd.InternalID, cmd.Now = "rew_1", time.UnixMilli(1744797427206)
			change, err := catalog.DecideCreateReward(cat, cmd)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := json.Marshal(rewardAnswer(change.Reward, catalog.Sandbox))
			want := `{"internal_id":"rew_1","id":"summer20","name":"Summer 20",` + tt.out + `,"org_id":"org_windfall","env":"sandbox","created_at":1744797427206}`
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMisspeltFieldsOfRewardsAndProgramsAreRefused(t *testing.T) {
	for _, body := range []string{
		`{"id":"a","org_id":"another"}`, `{"id":"a","promo_codes":[{"code":"A","limit":5}]}`,
		`{"discount_config":{"discount_valeu":5}}`, `{"promo_codes":"A"}`, `{"discount_config":{"duration_value":1.5}}`,
	} {
		if _, err := Decode[rewardRequest](Request{Body: []byte(body)}); codeOf(err) != "invalid_inputs" {
			t.Errorf("reward %s: %v", body, err)
		}
	}
	for _, body := range []string{`{"id":"a","max_redemption":5}`, `{"max_redemptions":"5"}`, `{"max_redemptions":1.5}`} {
		if _, err := Decode[programRequest](Request{Body: []byte(body)}); codeOf(err) != "invalid_inputs" {
			t.Errorf("program %s: %v", body, err)
		}
	}
	limit := 0
	if _, err := (promoCodeJSON{Code: "A", MaxOld: &limit}).promoCode(); codeOf(err) != "invalid_inputs" {
		t.Errorf("a limit of nothing: %v", err)
	}
}

func TestAProgramGoesInAndComesOut(t *testing.T) {
	in, err := Decode[programRequest](Request{Body: []byte(`{"id":"free-month","when":"checkout","internal_reward_id":"rew_1",
		"received_by":"referrer","max_redemptions":5,"product_ids":["pro"],"exclude_trial":false}`)})
	if err != nil {
		t.Fatal(err)
	}
	cmd, err := in.command("")
	if err != nil {
		t.Fatal(err)
	}
	cmd.InternalID, cmd.Now = "rs_1", time.UnixMilli(7)
	reward := catalog.Reward{ID: "month", InternalID: "rew_1"}
	p, err := catalog.DecideCreateProgram(&catalog.Catalog{Products: map[string][]catalog.Product{"pro": {{ID: "pro"}}},
		Rewards: map[string]catalog.Reward{"month": reward}}, cmd)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(programAnswer(admin.Program{ReferralProgram: p, Reward: reward}, catalog.Live))
	want := `{"internal_id":"rs_1","id":"free-month","when":"checkout","internal_reward_id":"rew_1","reward_id":"month","received_by":"referrer",` +
		`"max_redemptions":5,"unlimited_redemptions":false,"product_ids":["pro"],"exclude_trial":false,"new_customers_only":false,` +
		`"org_id":"org_windfall","env":"live","created_at":7}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestAProgramNamesOneReward(t *testing.T) {
	for _, tt := range []struct{ body, reward, code string }{
		{`{"internal_reward_id":"a"}`, "a", ""},
		{`{"reward_id":"a"}`, "a", ""},
		{`{"reward_id":"a","internal_reward_id":"b"}`, "", "invalid_inputs"},
		{`{}`, "", "invalid_inputs"},
		{`{"reward_id":"a","unlimited_redemptions":true,"max_redemptions":2}`, "", "invalid_request"},
	} {
		in, err := Decode[programRequest](Request{Body: []byte(tt.body)})
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := in.command("")
		if codeOf(err) != tt.code || err == nil && cmd.Reward != tt.reward {
			t.Errorf("%s: %q, %v", tt.body, cmd.Reward, err)
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	_, body := ErrorAnswer(err, catalog.Sandbox, words)
	return body.Code
}
