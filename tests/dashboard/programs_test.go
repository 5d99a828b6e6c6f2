package dashboard_test

import (
	"net/http"
	"testing"

	. "windfall/tests/world"
)

// A program of purchases is made, and rewards both sides as it says.
func TestDASH55AProgramOfPurchases(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	b.Get("/dashboard/products?tab=referral-programs").Says("No referral programs yet.")
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten off"}))
	form := b.Get("/dashboard/products?tab=referral-programs").Click("+ Referral Program").Form("New referral program").
		Fill("Program ID", "friends").Choose("Reward", "Ten off").Choose("When", "Customer purchases a product")
	w.Want("choices of the guard", form.Options("Same fingerprint"), []string{"Off", "Hold for review", "Refuse"})
	for label, want := range map[string]string{"Same fingerprint": "refuse", "Same e-mail inbox": "refuse", "Same card": "off"} {
		w.Want(label, form.Value(label), want)
	}
	form.Press("Create").Refused(http.StatusUnprocessableEntity, "Choose at least one product: without one no purchase ever counts.")
	form.Check("pro").Fill("Max redemptions", "0").Press("Create").Refused(http.StatusUnprocessableEntity, "Max redemptions: “0” is no whole number of at least 1.")
	form.Fill("Max redemptions", "4").Choose("Received by", "Referrer and new customer").Choose("Same fingerprint", "Hold for review").Choose("Same e-mail inbox", "Hold for review").
		Press("Create").Said("Referral program created.")
	program := w.Get("/v1/reward_programs/friends")
	for field, want := range (JSON{"when": "checkout", "reward_id": "ten", "received_by": "all", "max_redemptions": 4, "product_ids": []string{"pro"}, "exclude_trial": true, "new_customers_only": false,
		"guard": JSON{"same_fingerprint": "flag", "same_email": "flag", "same_card": "off", "ring": "flag", "velocity": nil}}) {
		w.Want(field, program[field], want)
	}

	w.CustomerWithCard("r", "pro")
	w.CustomerWithCard("f")
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "r", "program_id": "friends"})["code"]
	w.Post("/v1/referrals/redeem", JSON{"code": code, "customer_id": "f"})
	w.Want("code", b.Get("/dashboard/codes").Row("Codes", code.(string))["Status"], "Active")
	w.Attach("f", "pro")
	w.AdvanceTo(T1)
	w.Want("r pays", totals(w, "r"), []int64{2000, 1800})
	row := b.Get("/dashboard/products?tab=referral-programs").Row("Referral Programs", "friends")
	for column, want := range map[string]string{"Reward": "Ten off", "When": "Customer purchases a product", "Received by": "Referrer and new customer", "Max redemptions": "4", "Rewarded": "1"} {
		w.Want(column, row[column], want)
	}
}

// An edit keeps the terms that the form does not have.
func TestDASH56AProgramIsEdited(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten off"}))
	w.Post("/v1/reward_programs", JSON{"id": "p", "when": "customer_creation", "internal_reward_id": "ten", "received_by": "all", "hold_days": 3, "max_redemptions": 2,
		"guard": JSON{"ring": "refuse", "velocity": JSON{"count": 3, "days": 2}}})
	b.Get("/dashboard/products?tab=referral-programs").Click("p").Says("When a new customer signs up, the referrer and the new customer get “Ten off”.", "The reward waits 3 days.").
		Click("Edit referral program").Form("Edit referral program").Fill("Max redemptions", "").Choose("Received by", "Referrer only").Choose("Same e-mail inbox", "Off").Check("New customers only").
		Press("Save").Said("Saved.")
	program := w.Get("/v1/reward_programs/p")
	for field, want := range (JSON{"received_by": "referrer", "max_redemptions": nil, "new_customers_only": true, "hold_days": 3,
		"guard": JSON{"same_fingerprint": "refuse", "same_email": "off", "same_card": "off", "ring": "refuse", "velocity": JSON{"count": 3, "days": 2, "mode": "flag"}}}) {
		w.Want(field, program[field], want)
	}
}

// A program without a reward, or with one that cannot be given, is refused with the reason.
func TestDASH57AProgramThatCanNeverPayOut(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	form := b.Get("/dashboard/products/referral-programs/new").Says("A program gives a reward, and there is none yet.").Form("New referral program").Fill("Program ID", "p")
	form.Press("Create").Refused(http.StatusUnprocessableEntity, "Create a reward first: a program gives one.")
	w.Post("/v1/products", JSON{"id": "paid", "name": "Paid", "is_add_on": true, "items": []JSON{{"price": 5, "interval": "month"}}})
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "paid"})
	p := b.Get("/dashboard/products/referral-programs/new").Form("New referral program").Fill("Program ID", "p").Choose("Reward", "Gift").Press("Create")
	if p.Status != http.StatusBadRequest || p.Alert() == "" {
		t.Errorf("a reward that recurs: %d %s", p.Status, p.Alert())
	}
	w.Want("programs", len(w.Get("/v1/reward_programs")["list"].([]any)), 0)
}
