package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/tests/world"
)

// "All redemptions" of a program are its own, by pages of the index, and no others.
func TestPAGE03RedemptionsOfAProgram(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	w.Post("/v1/reward_programs", world.JSON{"id": "others", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"})
	other := w.Post("/v1/referrals/code", world.JSON{"customer_id": "joe", "program_id": "others"})["code"].(string)
	redeem(w, code, "r1", "one@example.com")
	redeem(w, other, "r2", "two@example.com")
	p := b.Get("/dashboard/products/referral-programs/others").Click("All redemptions").Titled("Redemptions")
	if rows := p.Table("Redemptions"); len(rows) != 2 || rows[1][0] != "New r2" || rows[1][2] != "others" {
		t.Errorf("of others: %v", rows)
	}
	if again := b.Get(p.Path); again.Requests > 3 {
		t.Errorf("%d requests", again.Requests)
	}
	b.Get("/dashboard/redemptions?status=all").Says("New r1", "New r2")
	b.Try("/dashboard/redemptions?program=none").Refused(http.StatusNotFound, "There is no referral program “none”. Back to redemptions")
	b.Try("/dashboard/redemptions?program=others&status=held").Refused(http.StatusNotFound, "There is no list of a status and a program together: choose one of them. Back to redemptions")
}

// A code of the list leads to its explanation, for the customer that it is for.
func TestPAGE04ACodeLeadsToItsExplanation(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	w.Post("/v1/rewards", world.JSON{"id": "ten", "name": "Ten", "type": "percentage_discount", "discount_config": world.JSON{"discount_value": 10, "duration_type": "forever", "duration_value": 0, "apply_to_all": true}, "promo_codes": []world.JSON{{"code": "TEN"}, {"code": "JOES", "customer_id": "joe"}}})
	for text, customer := range map[string]string{"TEN": "", "JOES": "joe", code: ""} {
		f := b.Get("/dashboard/codes").Click(text).Titled("Explain code").Form("Explain code")
		if got := f.Value("Code") + " " + f.Value("Customer ID"); got != text+" "+customer {
			t.Errorf("%s: the form has %q", text, got)
		}
	}
}

// Who rejects or approves a redemption reads whose it is, by name.
func TestPAGE05APreviewOfAVerdictNamesBothSides(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	redeem(w, code, "r1", "jo.e+1@gmail.com")
	for _, verdict := range []string{"Approve", "Reject"} {
		p := b.Get("/dashboard/redemptions").Press(verdict)
		will := p.Region("What will happen")
		if !strings.Contains(will, "New r1 redeemed the code "+code+" of Joe <b>.") || strings.Contains(will, "cus_") || strings.Contains(will, "rr_") {
			t.Errorf("%s: %q", verdict, will)
		}
	}
	b.Get("/dashboard/redemptions").Press("Reject").Press("Confirm reject").Said("Redemption rejected.")
	b.Get("/dashboard/customers/r1?tab=timeline").Says("The redemption of code " + code + " gives nothing.").SaysNot("rr_")
}

// An invoice has the number that is printed on it; a draft, which has none, its id at Stripe.
func TestPAGE06AnInvoiceHasItsNumber(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	number := w.Invoices("c")[0].Number
	if !strings.HasSuffix(number, "-0001") {
		t.Fatalf("Stripe's number is %q", number)
	}
	list := b.Get("/dashboard/customers/c?tab=invoices")
	if rows := list.Table("Invoices"); len(rows) != 2 || rows[1][0] != number {
		t.Errorf("the list is %v", rows)
	}
	list.Click(number).Titled("Invoice " + number)
}

// Every page below another one leads back to it in the same words.
func TestPAGE07TheWayBack(t *testing.T) {
	t.Parallel()
	w, b, _ := referrals(t)
	w.Post("/v1/products", world.JSON{"id": "plan", "name": "Plan", "items": []world.JSON{{"price": 5, "interval": "month"}}})
	for path, back := range map[string]string{
		"products/rewards/new": "rewards", "products/rewards/gift": "rewards", "products/rewards/gift/edit": "100 messages", "products/rewards/gift/delete": "",
		"products/referral-programs/new": "referral programs", "products/referral-programs/friends": "referral programs", "products/referral-programs/friends/edit": "friends",
		"products/products/new": "products", "products/products/plan/edit": "products", "products/features/new": "features", "codes/new": "codes", "codes/explain": "codes",
		"keys/new": "API keys", "settings/users/new": "settings", "customers/new": "customers", "customers/joe": "customers", "customers/joe/edit": "Joe <b>",
	} {
		p := b.Try("/dashboard/" + path)
		if back != "" && p.Href("Back to "+back) == "" {
			t.Errorf("%s does not lead back to %s", path, back)
		}
	}
}
