package rewards

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// A reward made in one dialect, read in the other and made again there is the same reward.
func TestGFT08ARewardIsCompleteInBothDialects(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		id, again := fmt.Sprint("r", n), fmt.Sprint("again", n)
		body := drawReward(r, n)
		made := w.Post("/v1/rewards", Merge(body, JSON{"id": id, "name": "Reward"}))
		second := w.Post("/v1/rewards.get", JSON{"reward_id": id})
		for _, kind := range []string{"coupon", "feature_grant"} {
			form, is := second[kind].(JSON)
			if !is {
				continue
			}
			delete(form, "created_at")
			form["id"] = again
			for _, c := range form["promo_codes"].([]any) {
				c.(JSON)["code"] = fmt.Sprint("AGAIN", c.(JSON)["code"])
			}
			w.Post("/v1/rewards.create", JSON{kind: form})
			// sent back as it is, it changes nothing
			change := JSON{"name": form["name"], "promo_codes": form["promo_codes"]}
			if kind == "coupon" {
				change["plan_ids"] = form["plan_ids"]
			} else {
				change["grants"] = form["grants"]
			}
			w.Want("updated", w.Post("/v1/rewards.update", JSON{"reward_id": again, kind: change}), w.Post("/v1/rewards.get", JSON{"reward_id": again}))
		}
		if got, want := plainReward(w.Get("/v1/rewards/"+again)), plainReward(made); fmt.Sprint(got) != fmt.Sprint(want) {
			r.Fatalf("%v\nis made again as\n%v\nby way of\n%v", want, got, second)
		}
	})
}

// drawReward makes up a reward that both dialects can make.
func drawReward(r *rapid.T, n int) JSON {
	codes := []JSON{}
	gift := rapid.Bool().Draw(r, "gift")
	for i := range rapid.IntRange(0, 2).Draw(r, "codes") {
		c := JSON{"code": fmt.Sprintf("C%dX%d", n, i)}
		if rapid.Bool().Draw(r, "limited") {
			c["max_redemptions"] = rapid.IntRange(1, 9).Draw(r, "limit")
		}
		if !gift && rapid.Bool().Draw(r, "first") {
			c["first_time_transaction"] = true
		}
		codes = append(codes, c)
	}
	if gift {
		grant := JSON{"feature_id": "messages", "included": rapid.SampledFrom([]float64{1, 0.5, 500}).Draw(r, "included")}
		if rapid.Bool().Draw(r, "ends") {
			grant["expiry"] = JSON{"type": rapid.SampledFrom([]string{"day", "week", "month", "year"}).Draw(r, "unit"), "length": rapid.IntRange(1, 12).Draw(r, "length")}
		}
		return JSON{"type": "feature_grant", "promo_codes": codes, "grants": []JSON{grant, {"feature_id": "dashboard"}}}
	}
	d := JSON{"discount_value": rapid.IntRange(1, 100).Draw(r, "value"), "duration_type": rapid.SampledFrom([]string{"one_off", "months", "forever"}).Draw(r, "duration")}
	if d["duration_type"] == "months" {
		d["duration_value"] = rapid.IntRange(1, 24).Draw(r, "months")
	}
	if rapid.Bool().Draw(r, "some") {
		d["product_ids"] = []string{"pro", "premium"}
	}
	return JSON{"type": rapid.SampledFrom([]string{"percentage_discount", "fixed_discount", "invoice_credits"}).Draw(r, "type"), "promo_codes": codes, "discount_config": d}
}

// plainReward is a reward without what differs between two of the same terms.
func plainReward(reward JSON) JSON {
	out := maps.Clone(reward)
	var codes []any
	for _, c := range out["promo_codes"].([]any) {
		c := c.(JSON)
		codes = append(codes, []any{c["max_redemptions"], c["restrictions"]})
	}
	out["promo_codes"] = codes
	for _, own := range []string{"id", "internal_id", "created_at"} {
		delete(out, own)
	}
	return out
}

// An update in the second dialect keeps what that dialect has no name for.
func TestTheSecondDialectKeepsTheLimitsOfACode(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "max_redemptions": 50, "promo_codes": []JSON{{"code": "LONG", "max_redemptions_per_customer": 2, "expires_at": T2.UnixMilli()}, {"code": "GONE"}}}))
	before := w.Get("/v1/rewards/ten/promo_codes/LONG")
	w.Post("/v1/rewards.update", JSON{"reward_id": "ten", "coupon": JSON{"name": "Other", "promo_codes": []JSON{{"code": "LONG"}}}})
	w.Want("the code", w.Get("/v1/rewards/ten/promo_codes/LONG"), before)
	w.Want("left out", w.Get("/v1/rewards/ten/promo_codes/GONE")["active"], false)
	w.Want("its limit", w.Get("/v1/rewards/ten")["max_redemptions"], 50.0)
	w.Refused(400, "invalid_promo_code", "/v1/rewards.update", JSON{"reward_id": "ten", "coupon": JSON{"promo_codes": []JSON{{"code": "LONG", "global_max_redemption": 7}}}})
	w.Post("/v1/rewards.update", JSON{"reward_id": "ten", "coupon": JSON{"promo_codes": []JSON{{"code": "LONG"}, {"code": "GONE"}}}})
	w.Want("named again, it is on", w.Get("/v1/rewards/ten/promo_codes/GONE")["active"], true)
	w.Post("/v1/reward_programs", JSON{"id": "p", "when": "customer_creation", "internal_reward_id": "ten", "received_by": "all", "hold_days": 3, "new_customers_only": true, "guard": JSON{"same_email": "flag"}})
	program := w.Get("/v1/reward_programs/p")
	w.Post("/v1/referral_programs.update", JSON{"referral_program_id": "p", "max_redemptions": 4})
	w.Want("the program", w.Get("/v1/reward_programs/p"), Merge(program, JSON{"max_redemptions": 4.0}))
}
