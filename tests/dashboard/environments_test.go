package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/local/stack"
	"windfall/shared/app"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// openBoth is a stack with both environments: ada is a customer of each, with another name, and eve of live alone.
func openBoth(t *testing.T) (*world.World, *dashboard.Browser) {
	t.Helper()
	w := world.With(t, stack.Options{Live: true})
	w.Post("/v1/customers", world.JSON{"id": "ada", "name": "Ada of the sandbox", "email": "ada@example.com"})
	for _, c := range []world.JSON{{"id": "ada", "name": "Ada who pays", "email": "ada@example.com"}, {"id": "eve", "name": "Eve who pays", "email": "eve@example.com"}} {
		if a := w.Do(stack.LiveKey, "POST", "/v1/customers", c); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Text)
		}
	}
	w.WaitIdle()
	return w, dashboard.Open(t, w.Stack.BaseURL, w.Stack)
}

// A form that was opened in one environment does nothing in the other, and nothing in its own.
func TestDASH16AFormOfTheOtherEnvironment(t *testing.T) {
	t.Parallel()
	w, b := openBoth(t)
	first := b.Get("/dashboard/customers/new").Form("New customer").Fill("Name", "Grace").Fill("ID", "grace")
	enable := b.Get("/dashboard/customers/ada/edit").Form("Edit customer").Fill("Name", "Changed")
	p := b.Get("/dashboard/customers").Press("Live").Titled("Customers")
	if !strings.Contains(p.Banner(), "Live") || p.Path != "/dashboard/customers" {
		t.Errorf("%s: the banner: %s", p.Path, p.Banner())
	}
	before := rows(w)
	const opened = "This form was opened in sandbox, and you are in live now. Nothing was done. Open the page again."
	first.Press("Create Customer").Refused(http.StatusConflict, opened)
	enable.Press("Save").Refused(http.StatusConflict, opened)
	if rows(w) != before {
		t.Error("a row changed")
	}
	old := b.Get("/dashboard/customers")
	b.Get("/dashboard").Press("Sandbox")
	old.Press("Live").Titled("Customers") // a tab that is behind chooses all the same, and signs out
	behind := b.Get("/dashboard")
	behind.Press("Sandbox")
	first.Press("Create Customer").Said("Customer created.") // it is back where it was opened
	behind.Press("Sign out")
	if a := dashboard.Open(t, b.Base, w.Stack.Gateway); a.Try("/dashboard").H1() != "Sign in" || b.Cookies["__Host-windfall"] != "" {
		t.Errorf("signed out, the browser has %v", b.Cookies)
	}
}

// Pages of one environment show nothing of the other, whatever leads to them.
func TestDASH16EachHasItsOwnCustomers(t *testing.T) {
	t.Parallel()
	w, b := openBoth(t)
	search := func(q string) *dashboard.Page {
		return b.Get("/dashboard/customers").Form("Customers").Fill("Search customers", q).Press("Search")
	}
	b.Get("/dashboard/customers/ada").Titled("Ada of the sandbox")
	b.Try("/dashboard/customers/eve").Refused(http.StatusNotFound, "There is no customer “eve” in sandbox.")
	b.Get("/dashboard/customers").SaysNot("who pays")
	search("eve@example.com").Says("No customers match “eve@example.com”.")
	b.Get("/dashboard").Press("Live")
	b.Get("/dashboard/customers/ada").Titled("Ada who pays")
	b.Get("/dashboard/customers/eve").Titled("Eve who pays")
	b.Get("/dashboard/customers").SaysNot("of the sandbox").Says("Ada who pays", "Eve who pays")
	search("Ada of").Says("No customers match “Ada of”.")
	for _, listed := range dashboard.Pages(t, ".") {
		if p := b.Try(listed.Path); strings.Contains(p.Words(), "of the sandbox") {
			t.Errorf("%s in live shows a customer of the sandbox", listed.Path)
		}
	}
	made := b.Get("/dashboard/customers/new").Form("New customer").Fill("Name", "Made in live").Fill("ID", "made").Press("Create Customer").Said("Customer created.")
	if !strings.Contains(made.Banner(), "Live") {
		t.Error("it leads to the other environment")
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/made", nil); a.Status != http.StatusNotFound {
		t.Errorf("a customer made in live is in the sandbox: %d", a.Status)
	}
}

// A key of the API opens its own environment: an id of the other one is unknown to it.
func TestDASH16KeysOpenTheirOwnEnvironment(t *testing.T) {
	t.Parallel()
	w, b := openBoth(t)
	if a := w.Do(stack.LiveKey, "GET", "/v1/customers/ada", nil); a.Body["name"] != "Ada who pays" || a.Body["env"] != "live" {
		t.Errorf("the live key reads %s", a.Text)
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/eve", nil); a.Status != http.StatusNotFound {
		t.Errorf("the key of the sandbox reads a customer of live: %d", a.Status)
	}
	w.Post("/v1/features", world.JSON{"id": "messages", "type": "single_use"})
	w.Post("/v1/products", world.JSON{"id": "free", "items": []world.JSON{{"feature_id": "messages", "included_usage": 5}}})
	for _, c := range []struct {
		path string
		body world.JSON
	}{
		{"/v1/attach", world.JSON{"customer_id": "ada", "product_id": "free"}},
		{"/v1/check", world.JSON{"customer_id": "ada", "feature_id": "messages"}},
		{"/v1/track", world.JSON{"customer_id": "ada", "feature_id": "messages", "value": 1}},
	} {
		if a := w.Do(stack.LiveKey, "POST", c.path, c.body); a.Status != http.StatusNotFound || a.Body["env"] != "live" {
			t.Errorf("%s in live finds what the sandbox sells: %d %s", c.path, a.Status, a.Text)
		}
	}
	sandbox := b.Get("/dashboard/keys").Table("API keys")
	live := b.Get("/dashboard/keys").Press("Live").Table("API keys")
	if len(sandbox) != 3 || len(live) != 3 || !strings.HasPrefix(live[1][2], "am_") || sandbox[1][2] == live[1][2] {
		t.Errorf("keys: %q and %q", sandbox, live)
	}
}

// A purchase in live is Stripe's account of live, with events of its own; both live under one clock.
func TestDASH16MoneyOfLive(t *testing.T) {
	t.Parallel()
	w, b := openBoth(t)
	b.Get("/dashboard").Press("Live")
	if p := b.Get("/dashboard/products/products/new").Form("New product").Fill("Name", "Pro").Fill("Base price", "20").Press("Create"); p.Alert() != "" {
		t.Fatal(p.Alert())
	}
	p := b.Get("/dashboard/customers/ada/enable").Form("Enable product").Choose("Product", "Pro").Choose("Payment", "Send an invoice").Press("Preview")
	p.Press("Enable Pro and send an invoice of $20.00").Said("Pro enabled.")
	w.WaitIdle()
	if got := b.Get("/dashboard/customers/ada?tab=invoices").Table("Invoices"); len(got) != 2 || got[1][3] != "$20.00" {
		t.Errorf("invoices: %q", got)
	}
	if sandbox, live := w.Stack.Sim.Dump(), w.Stack.LiveSim.Dump(); strings.Contains(sandbox, `"invoice`) || !strings.Contains(live, "ada@example.com") {
		t.Errorf("the sandbox's account:\n%s", sandbox)
	}
	w.AdvanceTo(world.T1.AddDate(0, 0, 1))
	b.Get("/dashboard").Press("Live") // the session of a month ago has ended
	if got := b.Get("/dashboard/customers/ada?tab=invoices").Table("Invoices"); len(got) != 3 {
		t.Errorf("invoices after a month: %q", got)
	}
}

// After a switch no warm function shows the old environment for a moment, and none takes a form of it.
func TestDASH16EveryWarmFunctionFollowsASwitch(t *testing.T) {
	t.Parallel()
	w, _ := openBoth(t)
	here := userOf(t, w, "ed@example.com", app.Editor)
	other, err := w.Stack.Another()
	if err != nil {
		t.Fatal(err)
	}
	there := dashboard.Open(t, here.Base, other)
	there.Cookies = here.Cookies // the same browser, whose requests reach another function
	if p := there.Get("/dashboard/customers/ada").Titled("Ada of the sandbox"); p.Requests == 0 {
		t.Error("the other function had no look of its own")
	}
	old := there.Get("/dashboard/customers/new").Form("New customer").Fill("ID", "late")
	here.Get("/dashboard").Press("Live")
	p := there.Get("/dashboard/customers/ada").Titled("Ada who pays")
	if !strings.Contains(p.Banner(), "Live") {
		t.Errorf("the banner: %s", p.Banner())
	}
	old.Press("Create Customer").Refused(http.StatusConflict, "This form was opened in sandbox, and you are in live now.")
	here.Get("/dashboard").Press("Sandbox")
	there.Get("/dashboard/customers/ada").Titled("Ada of the sandbox")
	here.Get("/dashboard").Press("Sign out")
	there.Try("/dashboard").Titled("Sign in")
}
