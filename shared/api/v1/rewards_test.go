package v1

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"windfall/shared/admin"
	. "windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

func TestARewardGoesInAndComesOut(t *testing.T) {
	ten := money.Int(10)
	cat := &catalog.Catalog{Settings: catalog.Settings{Currency: "usd"}, Products: map[string][]catalog.Product{"booster": {{ID: "booster", Version: 1, AddOn: true}},
		"pro": {{ID: "pro", Version: 1, Items: []catalog.Item{{ID: "pr_pro", Price: &ten, Cycle: money.Cycle{Interval: money.Month}}}}}}}
	code := func(text, limit, end, first, minimum, more string) string {
		return `{"code":"` + text + `","reward_id":"summer20","active":true,"status":"active","max_redemptions":` + limit + `,"max_redemptions_per_customer":null,"times_redeemed":0,"expires_at":` + end +
			`,"customer_id":null,"restrictions":{"first_time_transaction":` + first + `,"minimum_amount":` + minimum + `},"metadata":{},"created_at":1744797427206` + more + `}`
	}
	tests := []struct{ name, in, out, end string }{
		{"a percentage for some months", `{"id":"summer20","name":"Summer 20","type":"percentage_discount","promo_codes":[{"code":"summer20"},{"code":""}],
			"discount_config":{"discount_value":20,"duration_type":"months","duration_value":3,"should_rollover":false,"apply_to_all":true,"price_ids":[]}}`,
			`"type":"percentage_discount","promo_codes":[` + code("SUMMER20", "null", "null", "false", `null,"minimum_amount_currency":null`, "") + `],"has_more_promo_codes":false,"discount_config":{"discount_value":20,"currency":null,"duration_type":"months","duration_value":3,"should_rollover":false,"apply_to_all":true,"price_ids":[],"product_ids":[]},"free_product_id":null,"free_product_config":null,"max_redemptions":null,"max_redemptions_per_customer":null,`, "null,\"credits_expire_months\":null"},
		{"credits in the older spelling, with limits in other spellings", `{"id":"summer20","name":"Summer 20","type":"fixed_discount","credits_expire_months":6,"max_redemptions_per_customer":2,
			"promo_codes":[{"code":"A","max_uses":5,"expires_at":1800000000,"first_time_only":true,"restrictions":{"minimum_amount":30.5}}],
			"discount_config":{"discount_value":50.50,"duration_type":"one_off","duration_value":1,"should_rollover":true,"apply_to_all":true,"global_max_redemption":9,"expires_at":"2027-02-03T04:05:06Z"}}`,
			`"type":"invoice_credits","promo_codes":[` + code("A", "5", "1800000000000", "true", `30.5,"minimum_amount_currency":"usd"`, `,"global_max_redemption":5,"first_time_transaction":true`) + `],"has_more_promo_codes":false,"discount_config":{"discount_value":50.5,"currency":"usd","duration_type":"one_off","duration_value":0,"should_rollover":true,"apply_to_all":true,"price_ids":[],"product_ids":[]},"free_product_id":null,"free_product_config":null,"max_redemptions":9,"max_redemptions_per_customer":2,`, "1801627506000,\"credits_expire_months\":6"},
		{"a free product", `{"id":"summer20","name":"Summer 20","type":"free_product","discount_config":null,"product_id":"booster"}`,
			`"type":"free_product","promo_codes":[],"has_more_promo_codes":false,"discount_config":null,"free_product_id":"booster","free_product_config":null,"max_redemptions":null,"max_redemptions_per_customer":null,`, "null,\"credits_expire_months\":null"},
		{"free periods", `{"id":"summer20","name":"Summer 20","type":"free_product","free_product_config":{"product_id":"pro","duration_type":"months","duration_value":2}}`,
			`"type":"free_product","promo_codes":[],"has_more_promo_codes":false,"discount_config":null,"free_product_id":"pro","free_product_config":{"duration_type":"months","duration_value":2},"max_redemptions":null,"max_redemptions_per_customer":null,`, "null,\"credits_expire_months\":null"},
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
			created, err := catalog.DecideCreateReward(cat, cmd)
			if err != nil {
				t.Fatal(err)
			}
			wanted, err := in.codes()
			if err != nil {
				t.Fatal(err)
			}
			shown := admin.Reward{Reward: created, Used: 2}
			if wanted != nil {
				for _, w := range *wanted {
					p, err := reward.DecideCode(created, 0, inUSD(w.NewCode), cmd.Now)
					if err != nil {
						t.Fatal(err)
					}
					shown.Codes = append(shown.Codes, admin.Code{PromoCode: p, Reward: created, Status: reward.Active})
				}
			}
			got, _ := json.Marshal(rewardAnswer(shown, catalog.Sandbox))
			want := `{"internal_id":"rew_1","id":"summer20","name":"Summer 20",` + tt.out + `"times_redeemed":2,"redeem_by":` + tt.end + `,"org_id":"org_windfall","env":"sandbox","created_at":1744797427206}`
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
	for _, body := range []string{`{"max_redemptions":0}`, `{"max_uses":-1}`, `{"max_redemptions":"5"}`, `{"max_redemptions":1.5}`, `{"expires_at":"soon"}`, `{"expires_at":0}`,
		`{"max_redemptions":5,"max_uses":6}`, `{"customer_id":"a","customer":"b"}`, `{"minimum_amount":-1}`, `{"minimum_amount":1,"restrictions":{"minimum_amount":2}}`} {
		in, err := Decode[promoCodeRequest](Request{Body: []byte(body)})
		if err == nil {
			_, err = in.wanted()
		}
		if codeOf(err) != "invalid_inputs" {
			t.Errorf("code %s: %v", body, err)
		}
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
	given := catalog.Reward{ID: "month", InternalID: "rew_1"}
	p, err := catalog.DecideCreateProgram(&catalog.Catalog{Products: map[string][]catalog.Product{"pro": {{ID: "pro"}}},
		Rewards: map[string]catalog.Reward{"month": given}}, cmd)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(programAnswer(admin.Program{ReferralProgram: p, Reward: given}, catalog.Live))
	want := `{"internal_id":"rs_1","id":"free-month","when":"checkout","internal_reward_id":"rew_1","reward_id":"month","received_by":"referrer",` +
		`"max_redemptions":5,"unlimited_redemptions":false,"product_ids":["pro"],"exclude_trial":false,"new_customers_only":false,` +
		`"hold_days":0,"guard":{"same_fingerprint":"refuse","same_email":"refuse","same_card":"off","ring":"flag","velocity":null},"org_id":"org_windfall","env":"live","created_at":7}`
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
	_, body := ErrorAnswer(err, catalog.Sandbox, words.Of)
	return body.Code
}

func inUSD(w reward.NewCode) reward.NewCode { w.AmountIn = "usd"; return w }
