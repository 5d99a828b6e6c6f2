package customers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// An overview is what the first tab of a customer shows.
type overview struct {
	billing.State
	cat     *catalog.Catalog // in the customer's currency
	running []catalog.RunningDiscount
	silent  bool // Stripe did not say which discounts run
	sharing []string
	more    bool              // share the fingerprint
	newest  []billing.Invoice // of a customer with a product that is past due, or with credits that were used
	r       *web.Request
}

func (p pages) overview(ctx context.Context, r *web.Request) (web.Answer, error) {
	o := overview{r: r}
	var err error
	if o.State, err = p.customer(ctx, r); err != nil {
		return web.Answer{}, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	o.cat = o.In(cat)
	if o.sharing, o.more, err = p.app.Sharing(ctx, r.Caller(), o.Customer); err != nil {
		return web.Answer{}, err
	}
	if o.pastDue() || slices.ContainsFunc(o.Credits.Grants, func(g credit.Grant) bool { return len(g.Entries) > 0 }) {
		if o.newest, err = p.app.NewestInvoices(ctx, r.Caller(), o.Customer, listed); err != nil {
			return web.Answer{}, err
		}
	}
	if id := o.Customer.StripeID; id != "" {
		if o.running, err = p.app.Payments.Discounts(ctx, r.Session.Env, id, r.Now); err != nil {
			var refused *refusal.Error
			if !errors.As(err, &refused) {
				return web.Answer{}, err
			}
			o.silent = true
		}
	}
	page := of(o.Customer, r, "overview")
	page.Body = ui.All(o.details(), o.products(), o.upcoming(), o.balances(), o.rewards(), o.credits())
	return web.Show(page), nil
}

// details are who the customer is.
func (o overview) details() templ.Component {
	c := o.Customer
	facts := []ui.Fact{{Name: "ID", Value: ui.Code(c.ID)}}
	if c.ID == "" {
		facts[0].Value = ui.T("No ID yet. The first call of your application with this e-mail claims this customer.")
	}
	facts = append(facts, ui.Fact{Name: "Name", Value: ui.T(orNone(c.Name))}, ui.Fact{Name: "E-mail", Value: ui.T(orNone(c.Email))},
		ui.Fact{Name: "Fingerprint", Value: o.fingerprint()}, ui.Fact{Name: "Stripe", Value: o.stripe()}, ui.Fact{Name: "Created", Value: ui.DayOf(c.CreatedAt)})
	if open := o.open(); len(open) > 0 {
		facts = append(facts, ui.Fact{Name: "Outstanding", Value: o.outstanding(open)})
	}
	if n := c.Entities.Total(); n > 0 {
		facts = append(facts, ui.Fact{Name: "Entities", Value: ui.T(fmt.Sprint(n))})
	}
	return ui.Section("Details", nil, ui.Facts(facts...))
}

func (o overview) pastDue() bool {
	return slices.ContainsFunc(o.Products, func(cp billing.CustomerProduct) bool { return cp.At(o.r.Now) == billing.PastDue })
}

// open are the invoices that a customer with a product that is past due has not paid.
func (o overview) open() (open []billing.Invoice) {
	for _, in := range o.newest {
		if in.Status == "open" && o.pastDue() {
			open = append(open, in)
		}
	}
	return open
}

// outstanding is what is not paid, with a link to each invoice.
func (o overview) outstanding(open []billing.Invoice) templ.Component {
	var sum money.Amount
	var parts []templ.Component
	for i, in := range open {
		sum += in.Total
		between := ", "
		if i == 0 {
			between = ": "
		}
		parts = append(parts, ui.T(between), ui.A("invoice of "+ui.Day(in.CreatedAt)+" for "+ui.Price(in.Total, in.Currency), invoicePath(o.Customer, in.StripeID)))
	}
	return ui.All(ui.T(ui.Price(sum, open[0].Currency)), ui.All(parts...))
}

func orNone(text string) string {
	if text == "" {
		return "None"
	}
	return text
}

func (o overview) fingerprint() templ.Component {
	c := o.Customer
	if c.Fingerprint == "" {
		return ui.T("None")
	}
	parts := []templ.Component{ui.Code(c.Fingerprint)}
	if len(o.sharing) > 0 {
		parts = append(parts, ui.T(" Shared with "))
		for i, key := range o.sharing {
			if i > 0 {
				parts = append(parts, ui.T(", "))
			}
			parts = append(parts, ui.A(key, ui.With(root(), "q", key)))
		}
		if o.more {
			parts = append(parts, ui.T(" and more"))
		}
	}
	return ui.All(parts...)
}

// stripe leads to the customer at Stripe.
func (o overview) stripe() templ.Component {
	id := o.Customer.StripeID
	if id == "" {
		return ui.T("Not known to Stripe yet")
	}
	address := "https://dashboard.stripe.com/"
	if o.r.Session.Env == catalog.Sandbox {
		address += "test/"
	}
	return ui.A(id, address+"customers/"+id)
}
