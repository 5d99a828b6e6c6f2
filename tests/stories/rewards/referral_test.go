package rewards

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// worldOfReferrals is a world with the standard catalogue, the rewards monthOff and
// gift (the add-on bonus), and customers without a product.
func worldOfReferrals(t *testing.T, customers ...string) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	createReward(w, "monthOff", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 100, "duration_type": "months", "duration_value": 1, "apply_to_all": true}})
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"})
	for _, id := range customers {
		createCustomer(w, id, "")
	}
	return w
}

func createReward(w *World, id, kind string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/rewards", Merge(JSON{"id": id, "name": id, "type": kind}, more...))
}

func createProgram(w *World, id, when, reward string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/reward_programs", Merge(JSON{"id": id, "when": when, "internal_reward_id": reward,
		"received_by": "referrer"}, more...))
}

// createCheckoutProgram is the program P_checkout of the scenarios.
func createCheckoutProgram(w *World) {
	w.Helper()
	createProgram(w, "P_checkout", "checkout", "monthOff", JSON{"product_ids": []string{"pro"}, "max_redemptions": 2})
}

func createCustomer(w *World, id, fingerprint string) {
	w.Helper()
	w.Post("/v1/customers", JSON{"id": id, "name": "Name of " + id, "email": id + "@example.com", "fingerprint": fingerprint})
}

func referralCode(w *World, customer, program string) string {
	w.Helper()
	text, _ := w.Post("/v1/referrals/code", JSON{"customer_id": customer, "program_id": program})["code"].(string)
	return text
}

func redeem(w *World, code, customer string) JSON {
	w.Helper()
	return w.Post("/v1/referrals/redeem", JSON{"code": code, "customer_id": customer})
}

func redeemRefused(w *World, status int, reason, code, customer string) {
	w.Helper()
	before := w.TablesButGuesses()
	w.Refused(status, reason, "/v1/referrals/redeem", JSON{"code": code, "customer_id": customer})
	if w.TablesButGuesses() != before {
		w.Errorf("a refused redemption (%s) changed something", reason)
	}
}

func TestREF01TheCodeOfACustomerStaysTheSame(t *testing.T) {
	w := worldOfReferrals(t, "c1", "c2")
	createCheckoutProgram(w)
	createProgram(w, "P_other", "customer_creation", "gift")
	first := w.Post("/v1/referrals/code", JSON{"customer_id": "c1", "program_id": "P_checkout"})
	text := fmt.Sprint(first["code"])
	if !regexp.MustCompile(`^[A-Z0-9]{6}$`).MatchString(text) || first["customer_id"] != "c1" || len(first) != 3 {
		t.Errorf("answer %v", first)
	}
	w.Want("created_at", first["created_at"], T0.UnixMilli())
	w.Advance("2d")
	w.Want("asked again", w.Post("/v1/referrals/code", JSON{"customer_id": "c1", "program_id": "P_checkout"}), first)
	others := []string{referralCode(w, "c1", "P_other"), referralCode(w, "c2", "P_checkout")}
	if others[0] == text || others[1] == text || others[0] == others[1] {
		t.Errorf("codes %s and %v", text, others)
	}
	w.Refused(404, "reward_program_not_found", "/v1/referrals/code", JSON{"customer_id": "c1", "program_id": "x"})
	w.Refused(404, "customer_not_found", "/v1/referrals/code", JSON{"customer_id": "x", "program_id": "P_checkout"})
	w.Refused(404, "customer_not_found", "/v1/referrals/redeem", JSON{"customer_id": "x", "code": text})
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/x", nil); a.Status != 404 {
		t.Errorf("customer x was made on the way: %s", a.Text)
	}
}

func TestREF02NobodyRedeemsTheirOwnCode(t *testing.T) {
	w := worldOfReferrals(t, "c2")
	createCheckoutProgram(w)
	createCustomer(w, "c1", "device")
	createCustomer(w, "c1b", "device")
	createCustomer(w, "c1c", "")
	own := referralCode(w, "c1", "P_checkout")
	redeemRefused(w, 400, "customer_cannot_redeem_own_code", own, "c1")
	redeemRefused(w, 400, "customer_cannot_redeem_own_code", own, "c1b")
	redeem(w, referralCode(w, "c1c", "P_checkout"), "c2") // both without a fingerprint
	redeem(w, referralCode(w, "c2", "P_checkout"), "c1")
	redeemRefused(w, 400, "customer_already_redeemed_referral_code", own, "c1") // the earlier reason, even for the own code
}

func TestREF03TheAnswerToARedemption(t *testing.T) {
	w := worldOfReferrals(t, "c1", "c2", "r1")
	createCheckoutProgram(w)
	text := referralCode(w, "c1", "P_checkout")
	done := redeem(w, strings.ToLower(text), "r1")
	id := fmt.Sprint(done["id"])
	if !strings.HasPrefix(id, "rr_") {
		t.Errorf("id %s", id)
	}
	person := func(id string) JSON {
		return JSON{"id": id, "name": "Name of " + id, "email": id + "@example.com", "created_at": T0.UnixMilli()}
	}
	w.Want("answer", done, JSON{"id": id, "customer_id": "r1", "reward_id": "monthOff", "applied": false, "triggered": false,
		"redeemer_applied": false, "status": "pending",
		"referrer": person("c1"), "redeemer": person("r1")})
	kept := w.Get("/v1/redemptions/" + id)
	for key, want := range (JSON{"id": id, "triggered": false, "applied": false, "redeemer_applied": false, "customer_id": "r1",
		"referrer_id": "c1", "reward_id": "monthOff", "referral_code_id": text, "promo_code": nil}) {
		w.Want(key+" of the redemption", kept[key], want)
	}
	redeemRefused(w, 400, "customer_already_redeemed_referral_code", text, "r1")
	redeemRefused(w, 400, "customer_already_redeemed_referral_code", referralCode(w, "c2", "P_checkout"), "r1")
	redeemRefused(w, 404, "referral_code_not_found", "ZZZZZZ", "r1")
	redeemRefused(w, 404, "referral_code_not_found", strings.Repeat("A", 100_000), "r1")
	redeemRefused(w, 400, "invalid_inputs", " ", "r1")
	if a := w.Do(w.Stack.Key, "GET", "/v1/redemptions/rr_x", nil); a.Status != 404 || a.Body["code"] != "reward_redemption_not_found" {
		t.Errorf("an unknown redemption: %d %s", a.Status, a.Text)
	}
}

func TestREF12CreationRulesOfPrograms(t *testing.T) {
	w := worldOfReferrals(t)
	good := func(more JSON) JSON {
		return Merge(JSON{"id": "p", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"}, more)
	}
	w.Refused(400, "invalid_request", "/v1/reward_programs", good(JSON{"when": "checkout"}))
	w.Refused(400, "invalid_request", "/v1/reward_programs", good(JSON{"max_redemptions": 0}))
	w.Refused(404, "reward_not_found", "/v1/reward_programs", good(JSON{"internal_reward_id": "x"}))
	w.Refused(400, "invalid_inputs", "/v1/reward_programs", good(JSON{"max_redemption": 5}))
	made := w.Post("/v1/reward_programs", good(JSON{"max_redemptions": 3}))
	w.Refused(400, "invalid_request", "/v1/reward_programs", good(nil))
	made["max_redemptions"] = 5
	w.Want("after PUT", w.Call("PUT", "/v1/reward_programs/p", JSON{"when": "customer_creation", "reward_id": "gift", "received_by": "all", "max_redemptions": 5}), made)
	w.Want("after DELETE", w.Call("DELETE", "/v1/reward_programs/p", nil), made)
	if a := w.Do(w.Stack.Key, "DELETE", "/v1/reward_programs/p", nil); a.Status != 404 || a.Body["code"] != "reward_program_not_found" {
		t.Errorf("deleted twice: %d %s", a.Status, a.Text)
	}
}
