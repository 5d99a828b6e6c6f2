package operate

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// A list of Activity: what waits of one kind, or what was done here.
type list struct {
	name, caption, empty string
	columns              []string
	row                  func(app.Waiting, *catalog.Catalog) []templ.Component
}

// lists are those of what waits, in the order in which they are shown. Held redemptions have a
// page of their own.
var lists = []struct {
	kind app.AttentionKind
	list
}{
	{app.Failed, list{"failed", "Failed webhooks", "Nothing failed.", []string{"Event", "Type", "Since", "Tries", "Why", "Actions"}, failedRow}},
	{app.Unfinished, list{"unfinished", "Unfinished operations", "No operation is unfinished.", []string{"Customer", "What", "Since", "By", "Actions"}, unfinishedRow}},
	{app.Differs, list{"differs", "Invoices that differ", "Every invoice is as it was computed.", []string{"When", "Customer", "Invoice", "Why", "Actions"}, differsRow}},
	{app.PastDue, list{"past-due", "Past due", "No product is past due.", []string{"Customer", "Product", "Since"}, pastDueRow}},
}

const actionsName, actionsCaption, actionsEmpty = "actions", "Dashboard actions", "Nothing was done here yet."

// activity shows the beginning of all lists, or one of them by pages.
func (p pages) activity(ctx context.Context, r *web.Request) (web.Answer, error) {
	name := r.Query("list")
	out := ui.Page{Title: "Activity", Nav: "Activity", Tabs: activityTabs(name)}
	cat, err := p.app.Store.Catalog(ctx, r.Session.Env, false)
	if err != nil {
		return web.Answer{}, err
	}
	switch name {
	case "":
		return p.allActivity(ctx, r, out, cat)
	case actionsName:
		page, next, err := p.lists.Actions(ctx, r.Session.Env, r.Query("cursor"), perPage)
		if err != nil {
			return web.Answer{}, err
		}
		out.Body, out.Paging = ui.Section(actionsCaption, nil, ui.TablePart(actionTable(page, cat))), paging(r, next)
		return web.Show(out), nil
	}
	for _, l := range lists {
		if l.name != name {
			continue
		}
		page, next, err := p.attention.List(ctx, r.Caller(), l.kind, r.Query("cursor"), perPage)
		if err != nil {
			return web.Answer{}, err
		}
		out.Body, out.Paging = ui.Section(l.caption, nil, ui.TablePart(l.table(page, cat))), paging(r, next)
		return web.Show(out), nil
	}
	return web.Answer{}, web.NotFound(ui.Link{Text: "Back to activity", Href: ui.Path("activity")}, "There is no list “%s” in Activity.", name)
}

func activityTabs(current string) []ui.Link {
	tabs := []ui.Link{{Text: "All", Href: ui.Path("activity"), Current: current == ""}}
	for _, l := range lists {
		tabs = append(tabs, ui.Link{Text: l.caption, Href: listPath(l.name), Current: current == l.name})
	}
	return append(tabs, ui.Link{Text: actionsCaption, Href: listPath(actionsName), Current: current == actionsName})
}

func listPath(name string) string { return ui.With(ui.Path("activity"), "list", name) }

func (p pages) allActivity(ctx context.Context, r *web.Request, out ui.Page, cat *catalog.Catalog) (web.Answer, error) {
	all, err := p.attention.Activity(ctx, r.Caller())
	if err != nil {
		return web.Answer{}, err
	}
	var parts []templ.Component
	for _, l := range lists {
		if l.kind == app.PastDue {
			continue // it has a page of its own: customers who do not pay are no failure of the machine
		}
		shown, count := all.Waiting[l.kind], all.Counts.Of[l.kind]
		var more []ui.Link
		if count > len(shown) {
			more = []ui.Link{{Text: "All " + strconv.Itoa(count), Href: listPath(l.name)}}
		}
		parts = append(parts, ui.Section(l.caption, more, ui.TablePart(l.table(shown, cat))))
	}
	var more []ui.Link
	if all.MoreActions {
		more = []ui.Link{{Text: "All actions", Href: listPath(actionsName)}}
	}
	parts = append(parts, ui.Section(actionsCaption, more, ui.TablePart(actionTable(all.Actions, cat))))
	out.Body = ui.All(parts...)
	return web.Show(out), nil
}

func (l list) table(page []app.Waiting, cat *catalog.Catalog) ui.Table {
	t := ui.Table{Caption: l.caption, Columns: ui.Columns(l.columns...), Empty: l.empty}
	for _, w := range page {
		t.Rows = append(t.Rows, l.row(w, cat))
	}
	return t
}

func failedRow(w app.Waiting, _ *catalog.Catalog) []templ.Component {
	e := w.Event
	return []templ.Component{ui.Code(e.Event.ID), ui.T(e.Event.Type), ui.MinuteOf(e.First), ui.T(strconv.Itoa(e.Tries)), ui.T(e.Why),
		ui.PostButton("Process again", ui.Path("activity", "process-again"), ui.Field{Name: "event", Value: e.Event.ID})}
}

func unfinishedRow(w app.Waiting, cat *catalog.Catalog) []templ.Component {
	var names []string
	for _, id := range w.Operation.ProductIDs() {
		p, _ := cat.Product(id) // of one that is deleted the id is known
		names = append(names, cmp.Or(p.Name, id))
	}
	what := strings.TrimSpace(spoken(w.Operation.Command) + " " + strings.Join(names, ", "))
	return []templ.Component{customerOr(w.Customer.InternalID, customerLink(w.Customer)), ui.T(what), ui.MinuteOf(w.Since), ui.T(who(w.Operation.Actor)),
		ui.PostButton("Finish now", ui.Path("activity", "finish"), ui.Field{Name: "customer", Value: w.Customer.Key()}, ui.Field{Name: "operation", Value: w.Operation.ID})}
}

func differsRow(w app.Waiting, cat *catalog.Catalog) []templ.Component {
	return []templ.Component{ui.MinuteOf(w.Since), namedCustomer(w.Name, w.Path, w.InternalID), invoiceCell(w), ui.T(web.Named(w.Audit.Why, cat)),
		ui.PostButton("Seen", ui.Path("activity", "seen"), ui.Field{Name: "customer", Value: cmp.Or(w.Path, w.InternalID)}, ui.Field{Name: "entry", Value: w.ID})}
}

// invoiceCell leads from an entry about an invoice to the invoice.
func invoiceCell(w app.Waiting) templ.Component {
	id := w.Audit.Stripe["invoice"]
	if id == "" {
		return ui.T("–")
	}
	return ui.A(id, ui.With(ui.Path("customers", cmp.Or(w.Path, w.InternalID)), "tab", "invoices", "invoice", id))
}

func pastDueRow(w app.Waiting, cat *catalog.Catalog) []templ.Component {
	name := cmp.Or(app.ProductHeld(cat, w.Product).Name, w.Product.ProductID)
	return []templ.Component{customerOr(w.Customer.InternalID, customerLink(w.Customer)), ui.T(name), ui.DayOf(w.Since)}
}

func customerOr(internalID string, link templ.Component) templ.Component {
	if internalID == "" {
		return ui.T("–")
	}
	return link
}

func actionTable(page []app.Action, cat *catalog.Catalog) ui.Table {
	t := ui.Table{Caption: actionsCaption, Columns: ui.Columns("When", "Who", "What", "Why", "Of"), Empty: actionsEmpty}
	for _, a := range page {
		t.Rows = append(t.Rows, []templ.Component{ui.MinuteOf(a.At), ui.T(who(a.Actor)), ui.T(spoken(a.Action)), ui.T(web.Named(a.Why, cat)), ofWhat(a)})
	}
	return t
}
