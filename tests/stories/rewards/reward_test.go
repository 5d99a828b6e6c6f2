package rewards

import (
	"fmt"
	"sync"
	"testing"

	. "windfall/tests/world"
)

func TestRWD11CreationRulesOfRewards(t *testing.T) {
	w := worldOfReferrals(t)
	made := w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}, PromoCodes("fall25")))
	w.Want("read back", w.Get("/v1/rewards/ten"), made)
	w.Want("read by our id", w.Get("/v1/rewards/"+made["internal_id"].(string)), made)
	w.Want("its code", ValueAt(made, "promo_codes.0.code"), "FALL25")
	w.Refused(400, "duplicate_reward_id", "/v1/rewards", TenPercentOff(JSON{"id": "ten"}))
	w.Refused(400, "duplicate_promo_code", "/v1/rewards", TenPercentOff(JSON{"id": "other"}, PromoCodes("Fall25")))
	w.Refused(400, "duplicate_promo_code", "/v1/rewards", TenPercentOff(JSON{"id": "other"}, PromoCodes("a", "A")))
	w.Refused(400, "invalid_reward", "/v1/rewards", JSON{"id": "other", "name": "O", "type": "free_product"})
	w.Refused(400, "invalid_reward", "/v1/rewards", JSON{"id": "other", "name": "O", "type": "free_product", "free_product_id": "pro"})
	w.Refused(400, "invalid_inputs", "/v1/rewards", TenPercentOff(JSON{"id": "other", "org_id": "another"}))
	if a := w.Do(w.Stack.Key, "GET", "/v1/rewards/other", nil); a.Status != 404 || a.Body["code"] != "reward_not_found" {
		t.Errorf("an unknown reward: %d %s", a.Status, a.Text)
	}
}

func TestRWD11OfParallelCreatesOneSucceeds(t *testing.T) {
	w := worldOfReferrals(t)
	for name, body := range map[string]func(n int) JSON{
		"duplicate_reward_id":  func(int) JSON { return TenPercentOff(JSON{"id": "same"}, PromoCodes("SAME")) },
		"duplicate_promo_code": func(n int) JSON { return TenPercentOff(JSON{"id": "r" + string(rune('a'+n))}, PromoCodes("ONE")) },
	} {
		answers := make([]Answer, 8)
		var wait sync.WaitGroup
		for i := range answers {
			wait.Go(func() { answers[i] = w.Do(w.Stack.Key, "POST", "/v1/rewards", body(i)) })
		}
		wait.Wait()
		made := 0
		for _, a := range answers {
			if a.Status == 200 {
				made++
			} else if a.Status != 400 || a.Body["code"] != name {
				t.Errorf("%s: %d %s", name, a.Status, a.Text)
			}
		}
		if made != 1 {
			t.Errorf("%s: %d were made", name, made)
		}
	}
}

// Of two edits of one reward at the same moment neither takes the other back.
func TestEditsAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	for n := range 20 {
		var wait sync.WaitGroup
		for _, body := range []JSON{{"max_redemptions": n + 5}, {"name": fmt.Sprint("Boost ", n)}} {
			wait.Go(func() {
				if a := w.Do(w.Stack.Key, "PUT", "/v1/rewards/boost", body); a.Status != 200 {
					t.Errorf("%v: %d %s", body, a.Status, a.Text)
				}
			})
		}
		wait.Wait()
		got := w.Get("/v1/rewards/boost")
		w.Want("both", []any{got["max_redemptions"], got["name"]}, []any{float64(n + 5), fmt.Sprint("Boost ", n)})
	}
}

// An id that looks like one of ours could be meant for another reward or program:
// codes know theirs by it, also when it is gone.
func TestNoIDLooksLikeOneOfOurs(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"})
	gift := JSON{"name": "G", "type": "free_product", "free_product_id": "booster"}
	reward := w.Get("/v1/rewards/boost")["internal_id"].(string)
	program := createProgram(w, "P", "customer_creation", "boost")["internal_id"].(string)
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "P"})["code"].(string)
	for range 2 { // there, and gone
		w.Refused(400, "invalid_inputs", "/v1/rewards", Merge(JSON{"id": reward}, gift))
		w.Refused(400, "invalid_inputs", "/v1/reward_programs", JSON{"id": program, "when": "customer_creation", "internal_reward_id": "boost", "received_by": "referrer"})
		if w.Do(w.Stack.Key, "GET", "/v1/reward_programs/P", nil).Status == 200 {
			w.Post("/v1/rewards/redeem", redemption("c", "BOOST"))
			w.Call("DELETE", "/v1/reward_programs/P", nil)
			w.Call("DELETE", "/v1/rewards/boost", nil)
			w.Post("/v1/rewards", Merge(JSON{"id": "boost"}, gift))
		}
	}
	w.Post("/v1/customers", JSON{"id": "d"})
	w.Refused(404, "referral_code_not_found", "/v1/referrals/redeem", redemption("d", code))
	w.Post("/v1/rewards", Merge(JSON{"id": "rew_summer"}, gift))
	createProgram(w, "rs_friends", "customer_creation", "rew_summer")
}

func TestRWD17ARewardOfAProgramStays(t *testing.T) {
	w := worldOfReferrals(t)
	createProgram(w, "P", "customer_creation", "gift")
	if a := w.Do(w.Stack.Key, "DELETE", "/v1/rewards/gift", nil); a.Status != 400 || a.Body["code"] != "invalid_request" {
		t.Errorf("while the program stands: %d %s", a.Status, a.Text)
	}
	w.Call("DELETE", "/v1/reward_programs/P", nil)
	w.Want("afterwards", w.Call("DELETE", "/v1/rewards/gift", nil), JSON{"success": true, "message": "Reward deleted successfully"})
}

// Codes that a reward loses, by an edit or with its end, can be used again.
func TestPromoCodesAreFreeAgainWhenGivenUp(t *testing.T) {
	w := worldOfReferrals(t)
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}, PromoCodes("a", "b")))
	w.Post("/v1/rewards/ten", PromoCodes("b", "c"))
	w.Refused(400, "duplicate_promo_code", "/v1/rewards", TenPercentOff(JSON{"id": "other"}, PromoCodes("c")))
	other := w.Post("/v1/rewards", TenPercentOff(JSON{"id": "other"}, PromoCodes("a")))
	w.Refused(400, "duplicate_promo_code", "/v1/rewards/ten", PromoCodes("a"))
	w.Call("DELETE", "/v1/rewards/ten", nil)
	edited := w.Post("/v1/rewards/other", PromoCodes("a", "b", "c"))
	w.Want("the codes", textsOf(edited["promo_codes"].([]any)), []string{"A active", "B active", "C active"})
	delete(edited, "promo_codes")
	delete(other, "promo_codes")
	w.Want("all but the codes", edited, other)
}

// textsOf lists codes with their status.
func textsOf(codes []any) []string {
	texts := []string{}
	for _, c := range codes {
		texts = append(texts, ValueAt(c, "code").(string)+" "+ValueAt(c, "status").(string))
	}
	return texts
}
