package customers

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// listed is how many customers a page of the list has.
const listed = 50

// list shows all customers, or what a search finds. What stands for one customer leads there.
func (p pages) list(ctx context.Context, r *web.Request) (web.Answer, error) {
	text, cursor := strings.TrimSpace(r.Query("q")), r.Query("cursor")
	find := func() (app.FoundCustomers, error) { return p.app.FindCustomers(ctx, r.Caller(), text, cursor, listed) }
	last := r.Query("ids") == inAnyCase
	if last {
		find = func() (app.FoundCustomers, error) { return p.app.FindInAnyCase(ctx, r.Caller(), text) }
	}
	found, err := find()
	if err != nil { // as a text that no search takes
		return web.ShowRefused(ui.Page{Title: "Customers", Nav: "Customers", Body: ui.FormPart(searchForm(text))}, r.Page(err))
	}
	switch {
	case r.Typing() && found.Key != "": // it is followed once it is sent
		return web.Show(ui.Page{Title: "Customers", Body: results(wholeOf(text, addressOf(found)))}), nil
	case r.Typing() && found.Promotion != "":
		return web.Show(ui.Page{Title: "Customers", Body: results(wholeOf(text, ui.With(ui.Path("codes"), "q", found.Promotion)))}), nil
	case found.Key != "":
		return web.Go(addressOf(found)), nil
	case found.Promotion != "":
		return web.Go(ui.With(ui.Path("codes"), "q", found.Promotion)), nil
	case text != "" && cursor == "" && !last && !r.Typing() && len(found.Customers) == 0 && found.Next == "":
		return web.Go(ui.With(root(), "q", text, "ids", inAnyCase)), nil
	}
	cat, err := p.app.Store.Catalog(ctx, r.Session.Env, false)
	if err != nil {
		return web.Answer{}, err
	}
	page := ui.Page{Title: "Customers", Nav: "Customers", Actions: []ui.Link{
		{Text: "Export CSV", Href: ui.With(root()+"/export", "q", text)},
	}}
	if r.Editor() {
		page.Actions = append(page.Actions, ui.Link{Text: "Import CSV", Href: root() + "/import"}, ui.Link{Text: "Create Customer", Href: root() + "/new", Primary: true, Dialog: true})
	}
	page.Paging = paging(r, ui.With(root(), "q", text), found.Next)
	page.Body = ui.All(ui.FormPart(searchForm(text)), results(ui.TablePart(customerTable(found.Customers, cat, text, r.Now))))
	return web.Show(page), nil
}

// inAnyCase is the last step of a search, in which an id is found in any case. It is a page of its own, as the
// search before it has made as many requests as one page may.
const inAnyCase = "any-case"

// addressOf is where the one customer of a search is shown, or found by the key.
func addressOf(found app.FoundCustomers) string {
	if found.Path == "" {
		return ui.With(root(), "q", found.Key)
	}
	return ui.Path("customers", found.Path)
}

// wholeOf leads to what a whole id or code stands for.
func wholeOf(text, address string) templ.Component {
	return ui.All(ui.T("A whole ID or code: "), ui.A(text, address))
}

func searchForm(text string) ui.Form {
	return ui.Form{Search: true, Reads: true, Action: root(), Button: "Search", Live: "#results", Fields: []ui.Field{{Name: "q", Label: "Search customers", Value: text,
		Hint: "A whole ID, Stripe ID, promotion code or referral code, or the beginning of an e-mail or a name; upper or lower case."}}}
}

func customerTable(customers []billing.Customer, cat *catalog.Catalog, text string, now time.Time) ui.Table {
	t := ui.Table{Caption: "Customers", Columns: ui.Columns("Name", "ID", "E-mail", "Products", "Created"), Empty: "No customers yet."}
	if text != "" {
		t.Empty = "No customers match “" + text + "”."
	}
	for _, c := range customers {
		t.Rows = append(t.Rows, []templ.Component{ui.A(nameOf(c), pathOf(c)), ui.T(c.ID), ui.T(c.Email), ui.T(heldNames(c, cat, now)), ui.DayOf(c.CreatedAt)})
	}
	return t
}

// heldNames are the products of a customer, as its own row has them.
func heldNames(c billing.Customer, cat *catalog.Catalog, now time.Time) string {
	var names []string
	for _, h := range c.Holds {
		if !h.At(now) {
			continue
		}
		name := productName(cat, h.ProductID)
		if h.StartsAt.After(now) {
			name += " (scheduled)"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func productName(cat *catalog.Catalog, id string) string {
	if p, err := cat.Product(id); err == nil && p.Name != "" {
		return p.Name
	}
	return id
}

func featureName(cat *catalog.Catalog, id string) string {
	if f, known := cat.Features[id]; known && f.Name != "" {
		return f.Name
	}
	return id
}

func nameOf(c billing.Customer) string { return c.Label() }

func pathOf(c billing.Customer, more ...string) string {
	return ui.Path(append([]string{"customers", app.CustomerPath(c)}, more...)...)
}
