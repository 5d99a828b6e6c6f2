package dashboard_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A customer is made, found, opened and changed; what cannot be is said, and nothing is changed.
func TestDASH20ACustomerIsMade(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	b.Get("/dashboard/customers").Titled("Customers").Says("No customers yet.")
	p := b.Get("/dashboard/customers").Click("Create Customer").Titled("New customer")
	p.Says("Make sure it is the e-mail they sign in with.")
	p.Form("New customer").Fill("Name", "Nobody").Press("Create Customer").Refused(http.StatusUnprocessableEntity, "E-mail: Enter an e-mail or an ID.")
	p = p.Form("New customer").Fill("Name", "Ada Lovelace").Fill("E-mail", "ada@example.com").Fill("ID", "ada").Fill("Fingerprint", "phone").Press("Create Customer")
	p.Said("Customer created.").Titled("Ada Lovelace")
	if got := p.Region("Details"); !strings.Contains(got, "ada@example.com") || !strings.Contains(got, "phone") || !strings.Contains(got, "1 April 2027") {
		t.Errorf("details: %s", got)
	}
	if got := p.Row("Products", "free")["Status"]; got != "Active" {
		t.Errorf("the default product: %q", got)
	}
	if got := p.Row("Balances", "messages"); got["Left"] != "100" || got["Used"] != "0" || got["Granted"] != "100" || got["Resets on"] != "1 May 2027" {
		t.Errorf("balance: %v", got)
	}
	before := w.Stack.Tables()
	p = b.Get("/dashboard/customers/new").Form("New customer").Fill("Name", "Other").Fill("ID", "ada").Press("Create Customer")
	p.Refused(http.StatusConflict, "A customer with the ID ada exists already.")
	if p.Href("Open Ada Lovelace") != "/dashboard/customers/ada" {
		t.Errorf("the link leads to %q", p.Href("Open Ada Lovelace"))
	}
	if got := w.Get("/v1/customers/ada"); got["name"] != "Ada Lovelace" || !strings.Contains(before, "Lovelace") {
		t.Errorf("the customer was changed: %v", got["name"])
	}
	if row := b.Get("/dashboard/customers").Row("Customers", "Ada Lovelace"); row["ID"] != "ada" || row["E-mail"] != "ada@example.com" || row["Products"] != "free" || row["Created"] != "1 April 2027" {
		t.Errorf("listed: %v", row)
	}
	b.Try("/dashboard/customers/grace").Refused(http.StatusNotFound, "There is no customer “grace” in sandbox.").Titled("Not found").Click("Back to customers").Titled("Customers")
}

// One who has not come yet is known by the e-mail, and claimed by the first call with it.
func TestDASH21ACustomerBeforeTheFirstCall(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	p := b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "grace@example.com").Press("Create Customer").Said("Customer created.").Titled("grace@example.com")
	p.Says("No ID yet. The first call of your application with this e-mail claims this customer.")
	b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "GRACE@example.com").Press("Create Customer").Refused(http.StatusConflict, "without an ID exists already")
	// The address was wrong: with the new one they are claimed.
	p = p.Click("Edit details").Form("Edit customer").Fill("E-mail", "hopper@example.com").Fill("Name", "Grace").Press("Save").Said("Saved.").Titled("Grace")
	row := p.Click("Timeline").Table("Timeline")[1]
	if row[1] != "local" || !strings.Contains(row[2], "email: grace@example.com → hopper@example.com") || !strings.Contains(row[2], "name: nothing → Grace") {
		t.Errorf("timeline: %q", row)
	}
	b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "grace@example.com").Press("Create Customer").Said("Customer created.")
	taken := p.Click("Edit details").Form("Edit customer").Fill("E-mail", "grace@example.com").Press("Save")
	taken.Refused(http.StatusConflict, "grace@example.com")
	taken.Form("Edit customer").Fill("E-mail", "").Press("Save").Refused(http.StatusBadRequest, "needs an e-mail address")
	w.Post("/v1/customers", JSON{"id": "grace", "email": "hopper@example.com"})
	p = b.Get("/dashboard/customers/grace").Titled("Grace")
	b.Get("/dashboard/customers/new").Form("New customer").Fill("ID", "ada").Press("Create Customer").Said("Customer created.")
	p.Click("Edit details").Form("Edit customer").Fill("ID", "ada").Press("Save").Refused(http.StatusConflict, "A customer with the ID ada exists already.")
	p = p.Click("Edit details").Form("Edit customer").Fill("ID", "hopper").Press("Save").Said("Saved.")
	if p.Path != "/dashboard/customers/hopper" {
		t.Errorf("it leads to %s", p.Path)
	}
	p.Click("Edit details").Form("Edit customer").Fill("ID", "").Press("Save").Refused(http.StatusUnprocessableEntity, "An ID cannot be taken away")
}

// What stands for one customer leads there, and a promotion code to Codes; anything else is a list.
func TestDASH22CustomersAreFound(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	for _, c := range []JSON{{"id": "Ada-1", "name": "Ada Lovelace", "email": "countess@example.com"}, {"id": "bob", "name": "Bob", "email": "ada@example.com"}, {"id": "carl", "name": "Carl"}} {
		w.Post("/v1/customers", c)
	}
	w.CustomerWithCard("carl", "pro")
	w.Post("/v1/rewards", JSON{"id": "fall", "name": "Fall", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}, "promo_codes": []JSON{{"code": "FALL25"}}})
	search := func(text string) *dashboard.Page {
		t.Helper()
		return b.Get("/dashboard/customers").Form("Customers").Fill("Search customers", text).Press("Search")
	}
	names := func(p *dashboard.Page) (all []string) {
		t.Helper()
		for _, row := range p.Table("Customers")[1:] {
			all = append(all, row[0])
		}
		return all
	}
	if got := names(search("ADA")); !slices.Equal(got, []string{"Bob", "Ada Lovelace"}) {
		t.Errorf("ADA finds %q", got)
	}
	if row := search("car").Row("Customers", "Carl"); row["Products"] != "pro" {
		t.Errorf("Carl: %v", row)
	}
	search("aDA-1").Titled("Ada Lovelace")
	search(" bob ").Titled("Bob")
	search(w.StripeID("carl")).Titled("Carl")
	search("lovelace").Says("No customers match “lovelace”.")
	for _, text := range []string{"lovelace", "aDA-1", w.StripeID("carl")} { // each step of a search is a page, with the requests of one
		steps := 0
		for at := "/dashboard/customers?q=" + text; at != "" && steps < 4; steps++ {
			b.Raw(http.MethodGet, at, nil) // now the functions are warm
			a := b.Raw(http.MethodGet, at, nil)
			if n := requests(t, a); n > 3 {
				t.Errorf("%s: %d requests", at, n)
			}
			at = a.Header().Get("Location")
		}
		if steps > 3 {
			t.Errorf("a search for %s takes %d pages", text, steps)
		}
	}
	search("<b>").Says("No customers match “<b>”.")
	if p := b.Raw(http.MethodGet, "/dashboard/customers?q=fall25", nil); p.Code != http.StatusSeeOther || p.Header().Get("Location") != "/dashboard/codes?q=FALL25" {
		t.Errorf("a promotion code leads to %d %s", p.Code, p.Header().Get("Location"))
	}
	b.Try("/dashboard/customers?q="+strings.Repeat("x", 300)).Refused(http.StatusBadRequest, "search")
	b.Try("/dashboard/customers?q=a%00b").Refused(http.StatusBadRequest, "search")
	b.Try("/dashboard/customers?cursor=nonsense").Refused(http.StatusBadRequest, "This page of the list is not there any more. First page")
	for _, path := range []string{"/dashboard/customers", "/dashboard/customers?q=ada"} {
		b.Get(path)
		if p := b.Get(path); p.Requests > dashboard.MaxRequests {
			t.Errorf("%s takes %d requests", path, p.Requests)
		}
	}
}

// The pages of a long list lead forth and back.
func TestDASH23PagesOfCustomers(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	for i := range 120 {
		w.Post("/v1/customers", JSON{"id": string(rune('a'+i/26)) + string(rune('a'+i%26)), "name": "Same"})
		w.Advance("1s")
	}
	for _, start := range []string{"/dashboard/customers", "/dashboard/customers?q=same"} {
		var pages [][]string
		p := b.Get(start)
		for {
			var ids []string
			for _, row := range p.Table("Customers")[1:] {
				ids = append(ids, row[1])
			}
			pages = append(pages, ids)
			if p.Href("Next") == "" {
				break
			}
			p = p.Click("Next")
		}
		if all := slices.Concat(pages...); len(all) != 120 || len(pages) != 3 {
			t.Fatalf("%s: %d customers on %d pages", start, len(all), len(pages))
		} else if slices.Sort(all); len(slices.Compact(all)) != 120 {
			t.Fatalf("%s: some are shown twice", start)
		}
		for n := len(pages) - 2; n >= 0; n-- {
			p = p.Click("Previous")
			if got := p.Table("Customers")[1][1]; got != pages[n][0] {
				t.Errorf("%s: page %d begins with %s, want %s", start, n, got, pages[n][0])
			}
		}
		if p.Href("Previous") != "" {
			t.Errorf("%s: the first page has one before", start)
		}
	}
}

// Whatever a customer is called, it is shown as it is, and can be opened.
func TestDASH24HostileNames(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	names := []string{"<b>bold</b>", "\"><script>alert(1)</script>", "😀 Zoë", "=1+2", "a&amp;b", "' OR 1=1"}
	for i, id := range []string{"new", "import", "export", "<b>", "a@b.co", "a b", "😀", "=1+2", "a#b", "a+b", "a&b=c", "...", "-", "search", "ünï"} {
		name := names[i%len(names)]
		w.Post("/v1/customers", JSON{"id": id, "name": name, "email": "x@example.com"})
		w.Advance("1s")
		p := b.Get("/dashboard/customers")
		if got := p.Table("Customers")[1]; got[0] != name || got[1] != id {
			t.Errorf("listed as %q", got)
		}
		for _, tab := range []string{"Usage", "Invoices", "Referrals", "Timeline"} {
			b.Get(p.Href(name)).Titled(name).Click(tab).Titled(name)
		}
		p = b.Get(p.Href(name)).Click("Edit details").Titled("Edit customer").Form("Edit customer").Fill("Name", name+"!").Press("Save").Said("Saved.").Titled(name + "!")
		if got := p.Region("Details"); !strings.Contains(got, id) {
			t.Errorf("%q: details of another: %s", id, got)
		}
		if found := b.Get("/dashboard/customers").Form("Customers").Fill("Search customers", id).Press("Search"); found.H1() != name+"!" {
			t.Errorf("%q leads to %q", id, found.H1())
		}
	}
}
