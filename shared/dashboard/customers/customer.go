package customers

import (
	"context"
	"errors"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// The tabs of one customer, by their names in the address.
var tabs = []struct{ name, text string }{
	{"overview", "Overview"}, {"usage", "Usage"}, {"invoices", "Invoices"}, {"referrals", "Referrals"}, {"timeline", "Timeline"},
}

// customer reads the customer of a page.
func (p pages) customer(ctx context.Context, r *web.Request) (billing.State, error) {
	s, err := p.app.CustomerAt(ctx, r.Caller(), r.Param("id"))
	return s, missing(r, err)
}

// missing says of whom there is nothing.
func missing(r *web.Request, err error) error {
	id := r.Param("id")
	if errors.Is(err, refusal.ErrCustomerNotFound("")) {
		return web.NotFound(toList, "There is no customer “%s” in %s.", id, r.Session.Env)
	}
	return err
}

// catalog is what is for sale, for display.
func (p pages) catalog(ctx context.Context, r *web.Request) (*catalog.Catalog, error) {
	return p.app.Store.Catalog(ctx, r.Session.Env, false)
}

// customerAndCatalog is what most forms of a customer begin with.
func (p pages) customerAndCatalog(ctx context.Context, r *web.Request) (s billing.State, c *catalog.Catalog, err error) {
	if s, err = p.customer(ctx, r); err == nil {
		c, err = p.catalog(ctx, r)
	}
	return s, c, err
}

func (p pages) one(ctx context.Context, r *web.Request) (web.Answer, error) {
	if strings.Contains(r.Param("id"), "~") { // a link from a history: the customer has an address of their own
		s, err := p.customer(ctx, r)
		if err != nil {
			return web.Answer{}, err
		}
		if app.CustomerPath(s.Customer) != r.Param("id") {
			return web.Go(strings.TrimSuffix(pathOf(s.Customer)+"?"+r.URL.RawQuery, "?")), nil
		}
	}
	switch r.Query("tab") {
	case "", "overview":
		return p.overview(ctx, r)
	case "usage":
		return p.usage(ctx, r)
	case "invoices":
		if r.Query("invoice") != "" {
			return p.invoice(ctx, r)
		}
		return p.invoices(ctx, r)
	case "referrals":
		return p.referrals(ctx, r)
	case "timeline":
		return p.timeline(ctx, r)
	}
	return web.Answer{}, web.NotFound(ui.Link{Text: "Back to the customer", Href: ui.Path("customers", r.Param("id"))}, "A customer has no tab “%s”.", r.Query("tab"))
}

// of is the page of one customer, with its tabs and what can be done.
func of(c billing.Customer, r *web.Request, tab string) ui.Page {
	page := ui.Page{Title: nameOf(c), Nav: "Customers", Back: toList}
	for _, t := range tabs {
		page.Tabs = append(page.Tabs, ui.Link{Text: t.text, Href: ui.With(pathOf(c), "tab", t.name), Current: t.name == tab})
	}
	page.Actions = []ui.Link{
		{Text: "Enable Product", Href: pathOf(c, "enable"), Primary: true},
		{Text: "Give Reward", Href: pathOf(c, "reward")},
	}
	if r.Editor() {
		page.Actions = append(page.Actions, ui.Link{Text: "Change Balance", Href: pathOf(c, "balance")}, ui.Link{Text: "Edit details", Href: pathOf(c, "edit")})
	}
	return page
}
