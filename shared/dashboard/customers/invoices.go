package customers

import (
	"cmp"
	"context"

	"github.com/a-h/templ"

	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// invoiceStatuses are the statuses of an invoice as people read them.
var invoiceStatuses = map[string]struct {
	word string
	tone ui.Tone
}{"draft": {"Draft", ui.Plain}, "open": {"Open", ui.Warn}, "paid": {"Paid", ui.Good}, "void": {"Void", ui.Plain}, "uncollectible": {"Uncollectible", ui.Bad}}

func invoiceStatus(in billing.Invoice) templ.Component {
	s := invoiceStatuses[in.Status]
	return ui.Status(cmp.Or(s.word, in.Status), cmp.Or(s.tone, ui.Plain))
}

func (p pages) invoices(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, found, next, err := p.app.CustomerInvoices(ctx, r.Caller(), r.Param("id"), r.Query("cursor"), listed)
	if err != nil {
		return web.Answer{}, missing(r, err)
	}
	c := s.Customer
	t := ui.Table{Caption: "Invoices", Columns: []ui.Column{{Name: "Number"}, {Name: "Date"}, {Name: "Status"}, {Name: "Total", Number: true}}, Empty: "No invoices yet."}
	for _, in := range found {
		t.Rows = append(t.Rows, []templ.Component{ui.A(in.Label(), invoicePath(c, in.StripeID)), ui.DayOf(in.CreatedAt), invoiceStatus(in), ui.T(ui.Price(in.Total, in.Currency))})
	}
	page := of(c, r, "invoices")
	page.Body = ui.TablePart(t)
	page.Paging = paging(r, ui.With(pathOf(c), "tab", "invoices"), next)
	return web.Show(page), nil
}

// invoice opens one invoice: its lines, how they were computed, and why.
func (p pages) invoice(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, in, found, err := p.app.CustomerInvoice(ctx, r.Caller(), r.Param("id"), r.Query("invoice"))
	if err != nil {
		return web.Answer{}, missing(r, err)
	}
	c := s.Customer
	back := ui.Link{Text: "Back to invoices", Href: ui.With(pathOf(c), "tab", "invoices")}
	if !found {
		return web.Answer{}, web.NotFound(back, "%s has no invoice “%s”.", nameOf(c), r.Query("invoice"))
	}
	page := of(c, r, "invoices")
	page.Title, page.Back = "Invoice "+in.Label(), back
	facts := []ui.Fact{{Name: "Customer", Value: ui.A(nameOf(c), pathOf(c))}, {Name: "Date", Value: ui.DayOf(in.CreatedAt)}, {Name: "Status", Value: invoiceStatus(in.Invoice)}}
	if !in.PaidAt.IsZero() {
		facts = append(facts, ui.Fact{Name: "Paid", Value: ui.DayOf(in.PaidAt)})
	}
	if in.URL != "" {
		facts = append(facts, ui.Fact{Name: "Page", Value: ui.A("The invoice at Stripe", in.URL)})
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	var why []string
	for _, text := range in.Why {
		why = append(why, web.Named(text, cat))
	}
	if !in.Computed {
		why = append(why, "It was made at Stripe: nothing of it was computed here.")
	}
	page.Body = ui.All(ui.Section("Details", nil, ui.Facts(facts...)), ui.TablePart(lineTable("Lines", "Total", in)), compared(in), ui.Section("Why", nil, ui.Sentences(why...)))
	return web.Show(page), nil
}

// compared says whether Stripe billed what was computed.
func compared(in billing.ExplainedInvoice) templ.Component {
	switch {
	case in.Mismatch != "":
		return ui.All(ui.Status("It differs from our own sum", ui.Bad), ui.P(in.Mismatch))
	case in.Computed && in.Totals != nil:
		return ui.Status("Equal to our own sum", ui.Good)
	case in.Computed:
		return ui.Hint("Its lines were not compared: Stripe has not told of them yet.")
	}
	return nil
}

func lineTable(caption, total string, in billing.ExplainedInvoice) ui.Table {
	t := ui.Table{Caption: caption, Columns: []ui.Column{{Name: "Line"}, {Name: "How"}, {Name: "Amount", Number: true}},
		Foot: []templ.Component{ui.T(total), nil, ui.T(ui.Price(in.Total, in.Currency))}}
	for _, l := range in.Lines {
		t.Rows = append(t.Rows, []templ.Component{ui.T(l.Text), ui.T(l.How), ui.T(ui.Price(l.Amount, in.Currency))})
	}
	return t
}
