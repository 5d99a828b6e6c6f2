package dashboard_test

import (
	"testing"

	"windfall/tests/world"
)

// Activity calls customers by their names, and leads to them: also to one who has another id by now, and to one who
// had none. No list takes another request for it.
func TestPAGE01ActivityNamesCustomers(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	edit := func(id, name string) {
		b.Get("/dashboard/customers/"+id+"/edit").Form("Edit customer").Fill("Name", name).Press("Save").Said("Saved.")
	}
	w.Post("/v1/customers", world.JSON{"id": "c", "name": "Ada", "email": "ada@example.com"})
	edit("c", "Ada Lovelace")
	b.Get("/dashboard/customers/c/edit").Form("Edit customer").Fill("ID", "lovelace").Press("Save").Said("Saved.")
	b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "eve@example.com").Press("Create Customer").Said("Customer created.")
	w.Post("/v1/customers", world.JSON{"id": "eve", "email": "eve@example.com"}) // claims her

	for _, list := range []string{"", "?list=actions"} {
		b.Get("/dashboard/activity" + list)
		p := b.Get("/dashboard/activity" + list)
		if p.Requests > 3 {
			t.Errorf("%q: %d requests", list, p.Requests)
		}
		p.SaysNot("cus_")
		if at := p.Click("Ada Lovelace").Titled("Ada Lovelace").Path; at != "/dashboard/customers/lovelace" {
			t.Errorf("her page is at %s", at)
		}
		p.Click("eve@example.com").Titled("eve@example.com")
	}
}

// So does the list of invoices that differ, and what a person did about one.
func TestPAGE02AnInvoiceThatDiffersHasACustomer(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.AllowInvoiceMismatch()
	w.StandardCatalog()
	w.Post("/v1/customers", world.JSON{"id": "c", "name": "Ada"})
	w.CustomerWithCard("c", "pro")
	item := world.ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), world.JSON{"proration_behavior": "none", "items": []world.JSON{{"id": item, "quantity": 2}}})
	w.AdvancePastRenewal(world.T1)
	for _, list := range []string{"", "?list=differs"} {
		p := b.Get("/dashboard/activity" + list)
		p.SaysNot("cus_").Click("Ada").Titled("Ada")
	}
	p := b.Get("/dashboard/activity").Press("Seen").Said("Marked as seen.")
	if of := p.Row("Dashboard actions", p.Table("Dashboard actions")[1][0])["Of"]; of != "Ada" {
		t.Errorf("what was done is of %q", of)
	}
}

// The history and what waits call products, features, rewards and invoices by their names, and what a person typed as it was.
func TestPAGE18NamesInSentences(t *testing.T) {
	t.Parallel()
	w, b, c := openCut(t)
	for _, name := range []string{"pro", "premium"} {
		b.Get("/dashboard/products/products/"+name+"/edit").Form("Edit product").Fill("Name", "The "+name).Press("Save").Said("Saved.")
	}
	b.Get("/dashboard/products/features/messages/edit").Form("Edit feature").Fill("Name", "Letters").Press("Save").Said("Saved.")
	w.Post("/v1/rewards", world.JSON{"id": "c10", "name": "Ten dollars", "type": "fixed_discount", "discount_config": world.JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0, "should_rollover": true, "apply_to_all": true}})
	w.CustomerWithCard("c", "pro")
	b.Get("/dashboard/customers/c").Click("Give Reward").Form("Give reward").Choose("Reward", "Ten dollars").Fill("Reason", `for "pro"`).Press("Preview").Press("Give Ten dollars").Said("Reward given.")
	b.Get("/dashboard/customers/c").Click("Change Balance").Form("Change balance").Choose("Feature", "Letters").Fill("Left", "7").Press("Save balance").Said("Saved.")
	w.AdvancePastRenewal(world.T1)
	b.Get("/dashboard/customers/c?tab=timeline").Says("Reward “Ten dollars” gives 10.00 of invoice credits", `Reason: for "pro"`, "Balance changed: balance of Letters", "Balances were set by hand: Letters 7.").SaysNot(`"c10"`)
	p := b.Get("/dashboard/customers/c")
	invoices := b.Get("/dashboard/customers/c?tab=invoices").Table("Invoices")
	if rows := p.Table("Credit movements"); len(rows) != 2 || rows[1][2] != invoices[1][0] {
		t.Errorf("movements %q, invoices %q", rows, invoices)
	}
	p.Click(invoices[1][0]).Titled("Invoice " + invoices[1][0])
	if n := b.Get("/dashboard/customers/c").Requests; n > 3 {
		t.Errorf("%d requests", n)
	}

	c.down("POST /v1/subscriptions")
	w.Do(w.Stack.Key, "POST", "/v1/attach", world.JSON{"customer_id": "c", "product_id": "premium"})
	w.Advance("2 min")
	for _, list := range []string{"", "?list=unfinished"} {
		if rows := b.Get("/dashboard/activity" + list).Table("Unfinished operations"); len(rows) != 2 || rows[1][1] != "Attach The premium" {
			t.Errorf("unfinished: %q", rows)
		}
	}
	b.Get("/dashboard/activity?list=actions").Says("“Ten dollars”").SaysNot(`"c10"`)
	c.up()
	b.Get("/dashboard/activity").Press("Finish now").Said("Operation finished.")
}
