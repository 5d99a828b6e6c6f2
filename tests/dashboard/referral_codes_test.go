package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/tests/world"
)

// A referral code that is deactivated is redeemed by nobody, and its owner gets no other one: in both dialects. What was
// redeemed before stays. Activated again, it is the same code.
func TestPAGE08AReferralCodeIsDeactivated(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	redeem(w, code, "early", "early@example.com")
	w.HasBalance("joe", "messages", true, 200)
	b.Get("/dashboard/codes").FormOf("Deactivate selected").Check("Select " + code).Press("Deactivate selected").Titled("Deactivate codes").
		Says("Nobody can redeem " + code + " any more, and its owner gets no other code in “friends”.").Press("Deactivate 1 code").Said("1 code deactivated.")
	if status := b.Get("/dashboard/codes").Row("Codes", code)["Status"]; status != "Inactive" {
		t.Errorf("it is %s", status)
	}
	w.Post("/v1/customers", world.JSON{"id": "late", "name": "Late", "email": "late@example.com"})
	for _, call := range []struct {
		path string
		body world.JSON
	}{
		{"/v1/referrals/redeem", world.JSON{"code": code, "customer_id": "late"}},
		{"/v1/referrals.redeem_code", world.JSON{"code": code, "customer_id": "late"}},
		{"/v1/referrals/code", world.JSON{"customer_id": "joe", "program_id": "friends"}},
		{"/v1/referrals.create_code", world.JSON{"customer_id": "joe", "program_id": "friends"}},
	} {
		if said := w.Refused(http.StatusBadRequest, "referral_code_inactive", call.path, call.body); !strings.Contains(said, code) {
			t.Errorf("%s says %q", call.path, said)
		}
	}
	w.HasBalance("joe", "messages", true, 200)
	w.HasBalance("early", "messages", true, 200)
	b.Get("/dashboard/customers/joe?tab=timeline").Says("The referral code " + code + " was deactivated.")
	if of := b.Get("/dashboard/activity").Row("Dashboard actions", b.Get("/dashboard/activity").Table("Dashboard actions")[1][0]); of["What"] != "Deactivate code" || of["Of"] != "Joe <b>" {
		t.Errorf("what was done here: %v", of)
	}

	b.Get("/dashboard/codes").FormOf("Activate selected").Check("Select "+code).Press("Deactivate selected").Refused(http.StatusUnprocessableEntity, "None of these codes is active any more: there is nothing to deactivate. Back to codes")
	viewer := userOf(t, w, "vera@example.com", app.Viewer)
	if p := viewer.Get("/dashboard/codes").FormOf("Activate selected").Check("Select " + code).Press("Activate selected"); p.Has("button", "Activate 1 code") {
		t.Error("a viewer has the button")
	}
	b.Get("/dashboard/codes").FormOf("Activate selected").Check("Select " + code).Press("Activate selected").Titled("Activate codes").
		Says("New customers can redeem " + code + " again").Press("Activate 1 code").Said("1 code activated.")
	if same := w.Post("/v1/referrals/code", world.JSON{"customer_id": "joe", "program_id": "friends"})["code"]; same != code {
		t.Errorf("the code is %v, was %s", same, code)
	}
	w.Post("/v1/referrals/redeem", world.JSON{"code": code, "customer_id": "late"})
	w.HasBalance("joe", "messages", true, 300)
}

// It is inactive wherever its owner goes: under another id, and so are redemptions that wait kept as they were promised.
func TestPAGE09AnInactiveCodeStaysSo(t *testing.T) {
	t.Parallel()
	w, b, _ := referrals(t)
	w.Post("/v1/reward_programs", world.JSON{"id": "buyers", "when": "checkout", "product_ids": []string{"pro"}, "internal_reward_id": "gift", "received_by": "all"})
	code := w.Post("/v1/referrals/code", world.JSON{"customer_id": "joe", "program_id": "buyers"})["code"].(string)
	w.CustomerWithCard("waits")
	w.Post("/v1/referrals/redeem", world.JSON{"code": code, "customer_id": "waits"})
	b.Get("/dashboard/codes").FormOf("Deactivate selected").Check("Select " + code).Press("Deactivate selected").Press("Deactivate 1 code").Said("1 code deactivated.")
	b.Get("/dashboard/customers/joe/edit").Form("Edit customer").Fill("ID", "joseph").Press("Save").Said("Saved.")
	w.Refused(http.StatusBadRequest, "referral_code_inactive", "/v1/referrals/code", world.JSON{"customer_id": "joseph", "program_id": "buyers"})
	w.Post("/v1/attach", world.JSON{"customer_id": "waits", "product_id": "pro"})
	w.WaitIdle()
	if row := b.Get("/dashboard/redemptions?status=all").Row("Redemptions", "waits"); row["Status"] != "Rewarded" {
		t.Errorf("what was promised is %v", row)
	}
	b.Get("/dashboard/codes").FormOf("Activate selected").Check("Select " + code).Press("Activate selected").Press("Activate 1 code").Said("1 code activated.")
	if same := w.Post("/v1/referrals/code", world.JSON{"customer_id": "joseph", "program_id": "buyers"})["code"]; same != code {
		t.Errorf("the code is %v, was %s", same, code)
	}
}

// A referral code is explained by the rules of its program.
func TestPAGE10AReferralCodeIsExplained(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	redeem(w, code, "early", "early@example.com")
	w.Post("/v1/customers", world.JSON{"id": "new", "email": "new@example.com"})
	explain := func(customer string) (answers []string, said string) {
		p := b.Get("/dashboard/codes").Click(code).Form("Explain code").Fill("Customer ID", customer).Press("Explain")
		p.Says("It is Joe <b>'s code in the referral program “friends”.")
		for _, row := range p.Table("Rules")[1:] {
			answers = append(answers, row[1])
		}
		return answers, p.Region("Answer")
	}
	for customer, want := range map[string]struct {
		answers []string
		said    string
	}{
		"new":   {[]string{"Yes", "Yes", "Yes", "Yes", "Yes"}, "The customer can redeem it."},
		"early": {[]string{"Yes", "Yes", "No", "Yes", "Yes"}, "The customer cannot redeem it. The customer has redeemed a code of this referral program already."},
		"joe":   {[]string{"Yes", "Yes", "Yes", "No", "Yes"}, "The customer cannot redeem it. A customer can't redeem their own referral code."},
	} {
		answers, said := explain(customer)
		w.Want(customer, answers, want.answers)
		if !strings.Contains(said, want.said) {
			t.Errorf("%s: %q", customer, said)
		}
	}
	b.Get("/dashboard/codes").Click(code).Form("Explain code").Fill("Customer ID", "nobody").Press("Explain").Refused(http.StatusNotFound, "nobody")
}
