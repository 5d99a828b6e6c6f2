package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// A sign-up program gives its add-on to both sides when the code is redeemed,
// and again to the referrer with each friend.
func TestSignUpGivesAFreeProductToBothSides(t *testing.T) {
	w := worldOfReferrals(t, "c1", "r1", "r2", "r3")
	createProgram(w, "P_signup", "customer_creation", "gift", JSON{"received_by": "all", "max_redemptions": 2})
	text := referralCode(w, "c1", "P_signup")
	w.Track("c1", "messages", 30)
	w.HasBalance("r1", "messages", true, 100) // of the default product
	done := redeem(w, text, "r1")
	w.Want("applied", []any{done["applied"], done["triggered"], done["reward_id"]}, []any{true, true, "gift"})
	w.Want("redeemer_applied", w.Get("/v1/redemptions/" + fmt.Sprint(done["id"]))["redeemer_applied"], true)
	w.HasBalance("c1", "messages", true, 170)
	w.HasBalance("r1", "messages", true, 200)
	w.HasProducts("c1", "bonus active", "free active")
	redeem(w, text, "r2")
	w.HasBalance("c1", "messages", true, 270)
	w.HasProducts("c1", "bonus active", "free active")
	redeemRefused(w, 400, "referral_code_max_redemptions_reached", text, "r3")
	redeemRefused(w, 400, "referral_code_max_redemptions_reached", text, "r1") // comes before "already redeemed"
	redeemRefused(w, 400, "referral_code_max_redemptions_reached", text, "c1") // and before "own code"
	w.HasBalance("r3", "messages", true, 100)
	w.Advance("1 month")
	w.HasBalance("c1", "messages", true, 300) // the gift never resets and never ends
}

func TestSignUpForTheReferrerAlone(t *testing.T) {
	w := worldOfReferrals(t, "c1", "r1")
	createProgram(w, "P_signup", "customer_creation", "gift")
	done := redeem(w, referralCode(w, "c1", "P_signup"), "r1")
	w.Want("applied", done["applied"], true)
	w.Want("redeemer_applied", w.Get("/v1/redemptions/" + fmt.Sprint(done["id"]))["redeemer_applied"], false)
	w.HasBalance("c1", "messages", true, 200)
	w.HasBalance("r1", "messages", true, 100)
	w.HasProducts("r1", "free active")
}

// A gift of a product that is otherwise paid once is free, and stays.
func TestREF14APaidOneOffAddOnAsReward(t *testing.T) {
	w := worldOfReferrals(t, "c1", "r1")
	w.Product("pack", "", OneTimePrice(100), Lifetime("messages", 100)).AddOn()
	createReward(w, "packGift", "free_product", JSON{"free_product_id": "pack"})
	createProgram(w, "P_pack", "customer_creation", "packGift", JSON{"received_by": "all"})
	redeem(w, referralCode(w, "c1", "P_pack"), "r1")
	for _, id := range []string{"c1", "r1"} {
		w.HasProducts(id, "free active", "pack active")
		w.HasBalance(id, "messages", true, 200)
		w.Billed(id)
	}
	w.Advance("35d")
	for _, id := range []string{"c1", "r1"} {
		w.HasProducts(id, "free active", "pack active")
		w.Billed(id)
	}
}

func TestOnlyNewCustomersRedeemWhereAProgramSaysSo(t *testing.T) {
	w := worldOfReferrals(t, "c1", "payer", "fresh")
	createProgram(w, "P_new", "customer_creation", "gift", JSON{"new_customers_only": true})
	w.PutGoodCard("payer")
	w.Buy("payer", "pro")
	text := referralCode(w, "c1", "P_new")
	redeemRefused(w, 400, "customer_not_new", text, "payer")
	redeem(w, text, "fresh")
	w.HasBalance("c1", "messages", true, 200)
}

func TestREF16CodesOfADeletedProgramAreGone(t *testing.T) {
	w := worldOfReferrals(t, "c1", "r1", "r2")
	createProgram(w, "P_signup", "customer_creation", "gift", JSON{"received_by": "all"})
	text := referralCode(w, "c1", "P_signup")
	redeem(w, text, "r1")
	w.Call("DELETE", "/v1/reward_programs/P_signup", nil)
	redeemRefused(w, 404, "referral_code_not_found", text, "r2")
	w.Refused(404, "reward_program_not_found", "/v1/referrals/code", JSON{"customer_id": "c1", "program_id": "P_signup"})
	w.HasBalance("c1", "messages", true, 200) // what was given stays
	createProgram(w, "P_signup", "customer_creation", "gift", JSON{"received_by": "all"})
	redeemRefused(w, 404, "referral_code_not_found", text, "r2") // the new program is another one
	again := referralCode(w, "c1", "P_signup")
	if again == text {
		t.Errorf("the old code %s came back", text)
	}
	redeem(w, again, "r1") // redeems for the first time in it
	w.HasBalance("c1", "messages", true, 300)
}
