package dashboard_test

import (
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// Each status of a product is a word with its day, and says what comes next.
func TestDASH47Statuses(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.PlanChangeCatalog()
	for _, id := range []string{"tia", "pat"} {
		w.Post("/v1/customers", JSON{"id": id, "name": id})
	}
	status := func(customer, product string) map[string]string {
		t.Helper()
		return b.Get("/dashboard/customers/"+customer).Row("Products", product)
	}
	w.PutGoodCard("tia")
	p := preview(b, "tia", "premium_trial", "Charge the card on file").Says("A trial of premium_trial runs until 15 April 2027.", "Nothing is charged today.")
	p.Press("Enable premium_trial").Said("premium_trial enabled.")
	if got := status("tia", "premium_trial"); got["Status"] != "Trialing, until 15 April 2027" {
		t.Errorf("trial: %v", got)
	}
	if got := b.Get("/dashboard/customers/tia").Region("Upcoming"); !strings.Contains(got, "Trial of premium_trial ends on 15 April 2027") || !strings.Contains(got, "premium_trial renews on 15 April 2027 for $50.00") {
		t.Errorf("upcoming: %s", got)
	}
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Billed("tia", 0, 5000)
	if got := status("tia", "premium_trial"); got["Status"] != "Active" || got["Next"] != "Renews on 15 May 2027" {
		t.Errorf("after the trial: %v", got)
	}

	w.CustomerWithCard("pat", "pro")
	w.PutFailingCard("pat")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 45))
	if got := status("pat", "pro"); got["Status"] != "Past due" {
		t.Errorf("past due: %v", got)
	}
	// What is outstanding, and where. A page with all that costs a request stays within the budget.
	w.Post("/v1/customers/pat", JSON{"fingerprint": "laptop"})
	b.Get("/dashboard/customers/pat")
	pat := b.Get("/dashboard/customers/pat").Says("Outstanding $20.00: invoice of 16 May 2027 for $20.00")
	if pat.Requests > dashboard.MaxRequests {
		t.Errorf("%d requests", pat.Requests)
	}
	pat.Click("invoice of 16 May 2027 for $20.00").Says("Status Open")
	b.Get("/dashboard/customers/tia").SaysNot("Outstanding")
	f := b.Get("/dashboard/customers/pat").Click("Cancel pro").Form("Cancel pro").Choose("When", "Now")
	f.Press("Preview").Says("is not paid and stays owed").Press("Confirm cancel").Said("pro cancelled.")
	if got := status("pat", "pro"); got["Status"] != "Expired" || got["Next"] != "" {
		t.Errorf("expired: %v", got)
	}
	if p := b.Get("/dashboard/customers"); p.Row("Customers", "pat")["Products"] != "free" {
		t.Errorf("listed: %v", p.Row("Customers", "pat"))
	}
}
