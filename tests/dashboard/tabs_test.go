package dashboard_test

import (
	"fmt"
	"net/http"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// What was used on each day is what the API's report has, also on a day that no sum tells.
func TestDASH40UsageIsDrawn(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.AdvanceTo(T0.AddDate(0, 0, 3))
	w.Track("ada", "messages", 5)
	w.AdvanceTo(T0.AddDate(0, 0, 4))
	w.Track("ada", "messages", 2.5)
	w.Track("ada", "messages", 1)
	w.WaitIdle()
	p := b.Get("/dashboard/customers/ada?tab=usage").Titled("Ada")
	want := map[string]string{"4 April 2027": "5", "5 April 2027": "3.5", "3 April 2027": "0"}
	for day, used := range want {
		if got := p.Row("Usage of messages per day", day)["Used"]; got != used {
			t.Errorf("%s: %s, want %s", day, got, used)
		}
	}
	if !p.Has("svg", "Usage of messages per day") {
		t.Error("there is no chart")
	}
	if rows := p.Table("Usage of messages per day"); len(rows) != 31 || rows[30][0] != "5 April 2027" {
		t.Errorf("%d days, the last %q", len(rows)-1, rows[len(rows)-1])
	}
	p.Says("8.5 in 30 days")
	report := w.Post("/v1/query", JSON{"customer_id": "ada", "feature_id": "messages", "range": "30d"})
	sum := 0.0
	for _, day := range report["list"].([]any) {
		if n, is := ValueAt(day, "messages").(float64); is {
			sum += n
		}
	}
	if sum != 8.5 {
		t.Errorf("the API reports %v", sum)
	}
	w.AdvanceTo(T0.AddDate(0, 0, 40))
	b.Get("/dashboard/customers/ada?tab=usage").Says("Nothing was used in the last 30 days.")
}

// Whom a customer referred, and by whom they were.
func TestDASH41ReferralsAreShown(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	b.Get("/dashboard/customers/ada?tab=referrals").Says("No referral codes.", "No referrals made.", "Not referred by anybody.")
	w.Post("/v1/rewards", Merge(TenPercentOff(), JSON{"id": "ten", "name": "Ten"}))
	w.Post("/v1/reward_programs", JSON{"id": "friends", "when": "customer_creation", "reward_id": "ten", "received_by": "referrer"})
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "ada", "program_id": "friends"})["code"].(string)
	w.Post("/v1/customers", JSON{"id": "new", "name": "Bob"})
	w.Post("/v1/referrals/redeem", JSON{"code": code, "customer_id": "new"})
	p := b.Get("/dashboard/customers/ada?tab=referrals")
	if row := p.Row("Referral codes", "friends"); row["Code"] != code {
		t.Errorf("code: %v", row)
	}
	if row := p.Row("Referrals made", "Bob"); row["Program"] != "friends" || row["Date"] != "1 April 2027" || row["Status"] != "Rewarded" {
		t.Errorf("made: %v", row)
	}
	p = p.Click("Bob").Titled("Bob")
	if row := p.Row("Referred by", "Ada"); row["Code"] != code || row["Status"] != "Rewarded" {
		t.Errorf("by: %v", row)
	}
	b.Get("/dashboard/customers").Form("Customers").Fill("Search customers", code).Press("Search").Titled("Ada")
}

// Each page of a customer asks the database three times at most.
func TestDASH42PagesAreCheap(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	w.Call("POST", "/v1/customers/ada", JSON{"fingerprint": "phone"})
	for i := range 3 {
		w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", i), "fingerprint": "phone"})
	}
	w.Track("ada", "messages", 3)
	w.WaitIdle()
	invoice := w.Invoices("ada")[0].ID
	for _, path := range []string{"", "?tab=usage", "?tab=invoices", "?tab=invoices&invoice=" + invoice, "?tab=referrals", "?tab=timeline", "/enable", "/reward", "/balance", "/edit"} {
		path = "/dashboard/customers/ada" + path
		b.Get(path)
		if p := b.Get(path); p.Requests > dashboard.MaxRequests {
			t.Errorf("%s takes %d requests", path, p.Requests)
		}
	}
	b.Get("/dashboard/customers/ada").Says("Shared with c2, c1, c0")
	b.Try("/dashboard/customers/ada?tab=invoices&invoice=in_nope").Refused(http.StatusNotFound, "Ada has no invoice “in_nope”.")
	b.Try("/dashboard/customers/ada?tab=invoices&invoice=<b>").Refused(http.StatusNotFound, "Ada has no invoice “<b>”.")
	b.Try("/dashboard/customers/ada?tab=nonsense").Refused(http.StatusNotFound, "A customer has no tab “nonsense”.")
	b.Try("/dashboard/customers/ada?tab=invoices&cursor=x").Refused(http.StatusBadRequest, "This page of the list is not there any more. First page")
	b.Try("/dashboard/customers/ada?tab=timeline&cursor=x").Refused(http.StatusBadRequest, "This page of the list is not there any more. First page")
}

// A customer of 50 products, 60 invoices and 200 credits stays within the size of a page.
func TestDASH43ALargeCustomer(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	for i := range 50 {
		w.Product(fmt.Sprintf("addon-%02d", i), "", Price(5)).AddOn()
	}
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada"})
	w.PutGoodCard("ada")
	for i := range 50 {
		w.Attach("ada", fmt.Sprintf("addon-%02d", i))
	}
	p := b.Get("/dashboard/customers/ada")
	if rows := p.Table("Products"); len(rows) != 51 {
		t.Errorf("%d products", len(rows)-1)
	}
	b.Get("/dashboard/customers/ada?tab=timeline")
	p = b.Get("/dashboard/customers/ada?tab=invoices")
	if rows := p.Table("Invoices"); len(rows) != 51 {
		t.Errorf("%d invoices", len(rows)-1)
	}
	b.Get("/dashboard/customers")
	b.Get("/dashboard/customers/ada/enable")
}
