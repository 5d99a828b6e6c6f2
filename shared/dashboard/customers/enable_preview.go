package customers

import (
	"context"
	"fmt"
	"slices"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
)

func (p pages) decideEnable(ctx context.Context, r *web.Request) (web.Decided, error) {
	cmd, product, err := p.attachCommand(ctx, r)
	if err != nil {
		return web.Decided{}, err
	}
	found, err := p.app.Preview(ctx, r.Caller(), cmd)
	if err != nil {
		return web.Decided{}, atField(err, product)
	}
	d := found.Decision
	preview := charge(found, r)
	preview.Sentences = slices.Concat(attachSentences(found, cmd, product, preview.Total, r), preview.Sentences)
	due := charged(found, r)
	switch {
	case d.Page:
		preview.Button = "Create checkout link"
	case scheduled(d):
		preview.Button = "Schedule " + product.Name
	case due > 0 && cmd.Terms.ByInvoice:
		preview.Button = "Enable " + product.Name + " and send an invoice of " + preview.Total
	case due > 0:
		preview.Button = "Enable " + product.Name + " and charge " + preview.Total
	default:
		preview.Button = "Enable " + product.Name
	}
	return web.Decided{Preview: preview, Decision: []any{d, had(found.State.State)}}, nil
}

// had names what a customer has been sold and given: the same purchase, or gift, from another preview is a change.
func had(s billing.State) (ids []string) {
	for _, cp := range s.Products {
		ids = append(ids, cp.ID)
	}
	for _, g := range s.Credits.Grants {
		ids = append(ids, g.ID)
	}
	for _, b := range s.Balances {
		for _, g := range b.Grants {
			ids = append(ids, g.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// scheduled reports whether nothing begins before a later day.
func scheduled(d billing.Decision) bool {
	return len(d.Start) > 0 && !slices.ContainsFunc(d.Start, func(cp billing.CustomerProduct) bool { return cp.Status != billing.Scheduled })
}

// charged is what is to be paid today.
func charged(found app.Preview, r *web.Request) money.Amount {
	_, total := found.Charge(r.Now)
	return total
}

// charge is the table of what a decision charges today.
func charge(found app.Preview, r *web.Request) ui.Preview {
	d := found.Decision
	lines, total := found.Charge(r.Now)
	p := ui.Preview{Charges: true, OnPage: d.Page, Total: price(total, d.Currency)}
	for _, l := range lines {
		p.Lines = append(p.Lines, ui.Line{Text: l.Text, How: l.How, Amount: price(l.Amount, d.Currency)})
	}
	if d.Taxed && len(d.Lines) > 0 {
		p.Sentences = append(p.Sentences, "Stripe adds the tax to these amounts.")
	}
	for _, n := range d.NotBilled {
		p.Sentences = append(p.Sentences, fmt.Sprintf("%s is not billed: it is more than an invoice takes.", n.Line.Description))
	}
	return p
}

// attachSentences say what an attach would do.
func attachSentences(found app.Preview, cmd app.AttachCommand, product catalog.Product, total string, r *web.Request) (all []string) {
	d, cat := found.Decision, found.State.Catalog
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	due := charged(found, r)
	switch {
	case d.Page:
		add("A checkout link is made. %s begins when the customer has paid%s there; until then nothing changes and nothing is charged.", product.Name, ifAny(due, total))
	case scheduled(d):
	case due > 0 && cmd.Terms.ByInvoice:
		add("%s is enabled at once. An invoice of %s is sent, and stays open until it is paid.", product.Name, total)
	case due > 0:
		add("%s is enabled at once, and the card on file is charged %s.", product.Name, total)
	case due < 0:
		add("%s is enabled at once. %s is credited to the next invoices.", product.Name, price(-due, d.Currency))
	default:
		add("%s is enabled at once.", product.Name)
	}
	if cmd.Terms.ForceCheckout && !d.Page && len(d.Steps) > 0 {
		add("This is a change of what the customer pays already: it has no page, and is made with the card on file.")
	}
	all = append(all, coming(found, r)...)
	if cmd.Terms.Items != nil {
		add("The terms are this customer's own.")
	}
	if at, amount := found.NextCharge(r.Now); !at.IsZero() && amount > 0 {
		add("The next charge is %s on %s.", price(amount, d.Currency), ui.Day(at))
	}
	if slices.ContainsFunc(found.Products, func(p catalog.Product) bool { return slices.ContainsFunc(p.Items, catalog.Item.InArrears) }) {
		add("What is used beyond the allowance is billed on top.")
	}
	if d.Given != nil {
		name := d.Given.RewardID
		if reward, known := cat.Rewards[name]; known && reward.Name != "" {
			name = reward.Name
		}
		add("It comes with the reward %s.", name)
	}
	return all
}

func ifAny(a money.Amount, text string) string {
	if a <= 0 {
		return ""
	}
	return " " + text
}

// coming says which products begin, end, go on or do not begin: now or on their day.
func coming(found app.Preview, r *web.Request) (all []string) {
	d, cat, now := found.Decision, found.State.Catalog, r.Now
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, cp := range d.Start {
		name := heldName(cat, cp)
		if cp.Status == billing.Scheduled {
			add("%s starts on %s.", name, ui.Day(cp.StartsAt))
		}
		if cp.TrialEnds.After(now) {
			add("A trial of %s runs until %s.", name, ui.Day(cp.TrialEnds))
		}
	}
	_, outgoing := d.Affected(found.State.State, cat, now)
	var never []billing.CustomerProduct // began
	for _, cp := range outgoing {
		if cp.At(now) == billing.Scheduled && !cp.EndsAt.After(now) {
			if !slices.ContainsFunc(d.Start, func(n billing.CustomerProduct) bool { return heldName(cat, n) == heldName(cat, cp) }) { // else it starts on another day
				never = append(never, cp)
			}
			continue
		}
		if slices.ContainsFunc(d.Start, func(n billing.CustomerProduct) bool {
			return n.ProductID == cp.ProductID && n.Status != billing.Scheduled
		}) {
			continue // another quantity, or other terms, of the same product
		}
		if cp.EndsAt.After(now) {
			add("%s ends on %s.", heldName(cat, cp), ui.Day(cp.EndsAt))
		} else if d.Page {
			add("%s ends then.", heldName(cat, cp))
		} else {
			add("%s ends now.", heldName(cat, cp))
		}
	}
	for _, cp := range never {
		add("%s, which was to start on %s, does not.", heldName(cat, cp), ui.Day(cp.StartsAt))
	}
	return all
}

func (p pages) doEnable(ctx context.Context, r *web.Request) (web.Answer, error) {
	cmd, product, err := p.attachCommand(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	done, err := p.app.Attach(ctx, r.Caller(), cmd)
	if err != nil {
		return web.Answer{}, err
	}
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	if done.URL != "" {
		page := form(s.Customer, "Checkout link")
		page.Body = ui.All(ui.P("Send this link to "+nameOf(s.Customer)+". "+product.Name+" begins when they have paid."),
			ui.FieldPart(ui.Field{Kind: ui.Textbox, Name: "link", Label: "Checkout link", Value: done.URL}))
		return web.ShowDone(page, "Checkout link created."), nil
	}
	said := product.Name + " enabled."
	if cp := s.CustomerProductOf(product.ID, r.Now); cp != nil && cp.At(r.Now) == billing.Scheduled {
		said = product.Name + " scheduled."
	}
	return web.Done(pathOf(s.Customer), said), nil
}
