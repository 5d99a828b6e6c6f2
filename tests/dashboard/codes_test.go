package dashboard_test

import (
	"net/http"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// Each way in which a code stands has its word.
func TestDASH60HowCodesStand(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	b.Get("/dashboard/codes").Says("No codes yet.")
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "GOOD"}, {"code": "OLD", "expires_at": T0.AddDate(0, 0, 5).UnixMilli()}, {"code": "ONCE", "max_redemptions": 1}, {"code": "OFF", "active": false}}}))
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "gone", "promo_codes": []JSON{{"code": "GONE"}}}))
	w.Call("DELETE", "/v1/rewards/gone", nil)
	w.CustomerWithCard("c")
	w.Attach("c", "pro", JSON{"reward": "ONCE"})
	w.AdvanceTo(T0.AddDate(0, 0, 6))
	list := b.Get("/dashboard/codes")
	for code, want := range map[string]string{"GOOD": "Active", "OLD": "Expired", "ONCE": "Used up", "OFF": "Inactive", "GONE": "Reward deleted"} {
		w.Want(code, list.Row("Codes", code)["Status"], want)
	}
	w.Want("used", []any{list.Row("Codes", "ONCE")["Used"], list.Row("Codes", "ONCE")["Limit"], list.Row("Codes", "OLD")["Expires"]}, []any{"1", "1", "6 April 2027"})
	if n := b.Get("/dashboard/codes").Requests; n > dashboard.MaxRequests {
		t.Errorf("%d requests", n)
	}
}

// A code is made with its rules, and each rule is explained.
func TestDASH61ACodeWithRules(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten"}))
	w.CustomerWithCard("c")
	b.Get("/dashboard/codes").Click("+ Code").Form("New code").Choose("Reward", "Ten").Fill("Code", "spring").Fill("Only for customer", "c").Check("First-time customers only").
		Fill("Minimum amount", "30").Fill("Expires on", "2027-05-31").Fill("Maximum redemptions", "5").Press("Create").Said("Code created.")
	code := w.Get("/v1/rewards/ten/promo_codes/SPRING")
	for field, want := range (JSON{"customer_id": "c", "max_redemptions": 5, "expires_at": time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC).UnixMilli() - 1,
		"restrictions": JSON{"first_time_transaction": true, "minimum_amount": 30, "minimum_amount_currency": "usd"}}) {
		w.Want(field, code[field], want)
	}
	w.Want("listed", b.Get("/dashboard/codes").Row("Codes", "SPRING")["Expires"], "31 May 2027")

	explain := b.Get("/dashboard/codes").Click("Explain code").Titled("Explain code").Form("Explain code")
	p := explain.Fill("Code", "Spring").Fill("Customer ID", "c").Choose("Product", "pro").Press("Explain")
	var said []string
	for _, row := range p.Table("Rules")[1:] {
		said = append(said, row[1])
	}
	w.Want("rules", said, []string{"Yes", "Yes", "Yes", "Yes", "Yes", "Yes", "Yes", "Yes", "No", "Yes", "Yes"})
	explain.Fill("Code", "nothing").Press("Explain").Says("The customer cannot use it.")
	explain.Fill("Customer ID", "").Press("Explain").Refused(http.StatusUnprocessableEntity, "Enter the customer's ID.")
}

// Codes are deactivated in two steps, together, by editors.
func TestDASH62CodesAreDeactivated(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten", "promo_codes": []JSON{{"code": "A1"}, {"code": "B2"}, {"code": "C3", "customer_id": "c"}}}))
	form := func() *dashboard.Form { return b.Get("/dashboard/codes").FormOf("Deactivate selected") }
	form().Press("Deactivate selected").Refused(http.StatusUnprocessableEntity, "Choose the codes to deactivate first.")

	seen := form().Check("Select A1").Check("Select C3").Press("Deactivate selected")
	seen.Says("Nobody can use A1 any more.", "Nobody can use C3 any more.").SaysNot("B2")
	w.Want("before", w.Get("/v1/rewards/ten/promo_codes/A1")["active"], true)
	stale := form().Check("Select A1").Check("Select B2").Press("Deactivate selected")
	seen.Press("Deactivate 2 codes").Said("2 codes deactivated.")
	for code, want := range map[string]bool{"A1": false, "B2": true, "C3": false} {
		w.Want(code, w.Get("/v1/rewards/ten/promo_codes/" + code)["active"], want)
	}
	stale.Press("Deactivate 2 codes").Refused(http.StatusConflict, "Something changed since this preview. Nothing was done. Please look again.").
		Says("A1 is not active, and stays as it is.").Press("Deactivate 1 code").Said("1 code deactivated.")

	w.Post("/v1/rewards/ten/promo_codes", JSON{"code": "D4"})
	viewer := userOf(t, w, "vera@example.com", app.Viewer)
	p := viewer.Get("/dashboard/codes").FormOf("Deactivate selected").Check("Select D4").Press("Deactivate selected").Says("Nobody can use D4 any more.")
	if p.Has("button", "Deactivate 1 code") {
		t.Error("a viewer has the button")
	}
	if viewer.Get("/dashboard/codes").Href("+ Code") != "" {
		t.Error("a viewer is led to the form of a new code")
	}
}
