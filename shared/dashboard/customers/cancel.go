package customers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

func (p pages) cancel() web.Command {
	return web.Command{
		Path: "/dashboard/customers/{id}/products/{product}/cancel", Show: p.showCancel, Decide: p.decideCancel, Do: p.doCancel,
		Did: func(ctx context.Context, r *web.Request) (bool, error) { return p.app.Did(ctx, r.Caller()) },
	}
}

// held is the product of a page, and its name. One that has ended is refused: a page may have been open for long.
func (p pages) held(ctx context.Context, r *web.Request) (s billing.State, cp billing.CustomerProduct, name string, err error) {
	if s, err = p.customer(ctx, r); err != nil {
		return s, cp, "", err
	}
	i := slices.IndexFunc(s.Products, func(cp billing.CustomerProduct) bool { return cp.ID == r.Param("product") })
	if i < 0 {
		return s, cp, "", web.NotFound(ui.Link{Text: "Back to " + nameOf(s.Customer), Href: pathOf(s.Customer)}, "%s has no such product any more.", nameOf(s.Customer))
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return s, cp, "", err
	}
	cp, name = s.Products[i], heldName(s.In(cat), s.Products[i])
	if cp.At(r.Now) == billing.Expired {
		return s, cp, name, web.WithLink(web.Refuse(http.StatusConflict, "%s has ended. Enable the product if the customer is to have it again.", name),
			ui.Link{Text: "Back to " + nameOf(s.Customer), Href: pathOf(s.Customer)})
	}
	return s, cp, name, nil
}

func (p pages) showCancel(ctx context.Context, r *web.Request) (web.View, error) {
	s, cp, name, err := p.held(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	usual := "later"
	if setToEnd(cp) { // its end is later already, or another product follows it
		usual = "now"
	}
	return web.View{Page: form(s.Customer, "Cancel "+name), Form: ui.Form{Reads: true, Button: "Preview", Fields: []ui.Field{
		{Kind: ui.Radios, Name: "when", Label: "When", Value: usual, Options: []ui.Option{{Value: "later", Text: "At the end of the period"}, {Value: "now", Text: "Now"}}},
		{Kind: ui.Checkbox, Name: "refund", Label: "Refund the unused time", Hint: "What was paid of the time left is credited.", When: "when=now"},
	}}}, nil
}

func cancelCommand(r *web.Request, s billing.State, cp billing.CustomerProduct) app.CancelCommand {
	now := r.Value("when") == "now"
	return app.CancelCommand{CustomerID: s.Customer.Key(), EntityID: cp.Entity.ID, Target: &billing.Target{CustomerProductID: cp.ID},
		Immediately: now, Refund: now && r.Checked("refund")}
}

func (p pages) decideCancel(ctx context.Context, r *web.Request) (web.Decided, error) {
	s, cp, _, err := p.held(ctx, r)
	if err != nil {
		return web.Decided{}, err
	}
	if when := r.Value("when"); when != "now" && when != "later" {
		return web.Decided{}, web.On("when", web.Invalid("Choose when it ends."))
	}
	found, err := p.app.PreviewCancel(ctx, r.Caller(), cancelCommand(r, s, cp))
	if err != nil {
		return web.Decided{}, err
	}
	_, invoices, _, err := p.app.CustomerInvoices(ctx, r.Caller(), r.Param("id"), "", listed)
	if err != nil {
		return web.Decided{}, err
	}
	preview := charge(found, r)
	preview.Sentences = append(owed(invoices, cp, endingOf(found.Decision, cp)), preview.Sentences...)
	preview.Button, preview.Danger = "Confirm cancel", true
	preview.Sentences = slices.Concat(cancelSentences(found, cp, r), preview.Sentences)
	return web.Decided{Preview: preview, Decision: []any{found.Decision, found.State.Products}}, nil
}

// cancelSentences say the last day, what follows, and what becomes of the money.
func cancelSentences(found app.Preview, cp billing.CustomerProduct, r *web.Request) (all []string) {
	d := found.Decision
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if d.Nothing() {
		add("It was cancelled before: nothing changes.")
	}
	all = append(all, coming(found, r)...)
	for _, next := range d.Start {
		if next.Status != billing.Scheduled {
			add("%s starts now.", heldName(found.State.Catalog, next))
		}
	}
	due := charged(found, r)
	switch {
	case due > 0:
		add("%s is billed: what was used and not billed yet.", price(due, d.Currency))
	case due < 0:
		add("%s is credited to the next invoices.", price(-due, d.Currency))
	}
	if ends := r.Value("when") == "now" && cp.SubscriptionID != ""; ends && !r.Checked("refund") {
		add("The unused time is not refunded.")
	} else if ends && !slices.ContainsFunc(d.Lines, func(l billing.Line) bool { return l.Amount < 0 }) {
		add("Nothing is refunded: nothing was paid of the time left.")
	}
	return all
}

func (p pages) doCancel(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cp, name := billing.CustomerProduct{ID: r.Param("product")}, "The product"
	if i := slices.IndexFunc(s.Products, func(held billing.CustomerProduct) bool { return held.ID == cp.ID }); i >= 0 {
		cp = s.Products[i]
		name = heldName(s.In(cat), cp)
	}
	if _, err := p.app.Cancel(ctx, r.Caller(), cancelCommand(r, s, cp)); err != nil {
		return web.Answer{}, err
	}
	return web.Done(pathOf(s.Customer), name+" cancelled."), nil
}

// undoCancel lets a product that was to end go on.
func (p pages) undoCancel(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, cp, name, err := p.held(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cmd := app.AttachCommand{CustomerID: s.Customer.Key(), EntityID: cp.Entity.ID, Target: &billing.Target{CustomerProductID: cp.ID}, Terms: billing.Attach{Uncancel: true, Now: r.Now}}
	if _, err := p.app.Update(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, err
	}
	return web.Done(pathOf(s.Customer), name+" continues."), nil
}
