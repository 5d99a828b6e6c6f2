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
