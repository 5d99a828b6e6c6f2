package customers

import (
	"context"
	"errors"
	"net/http"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// detailFields are those of both forms.
func detailFields(c billing.Customer) []ui.Field {
	return []ui.Field{
		{Name: "name", Label: "Name", Value: c.Name, Autocomplete: "off"},
		{Kind: ui.Email, Name: "email", Label: "E-mail", Value: c.Email, Hint: "Make sure it is the e-mail they sign in with.", Autocomplete: "off"},
		{Name: "id", Label: "ID", Value: c.ID, Hint: "The ID that your application uses for this customer. Leave it blank if they have not come yet: the first call with their e-mail claims them.", Autocomplete: "off"},
		{Name: "fingerprint", Label: "Fingerprint", Value: c.Fingerprint, Hint: "A device. It guards trials and referrals.", Autocomplete: "off"},
	}
}

func (p pages) newCustomer() web.FormPage {
	return web.FormPage{
		Path: "/dashboard/customers/new",
		Show: func(context.Context, *web.Request) (web.View, error) {
			return web.View{Page: ui.Page{Title: "New customer", Nav: "Customers", Back: toList, Narrow: true},
				Form: ui.Form{Fields: detailFields(billing.Customer{}), Button: "Create Customer"}}, nil
		},
		Save: p.create,
	}
}

func (p pages) create(ctx context.Context, r *web.Request) (web.Answer, error) {
	id, d := r.Value("id"), billing.CustomerData{Name: r.Value("name"), Email: r.Value("email"), Fingerprint: r.Value("fingerprint")}
	if id == "" && d.Email == "" {
		return web.Answer{}, web.On("email", web.Invalid("Enter an e-mail or an ID."))
	}
	s, err := p.app.CreateCustomer(ctx, r.Caller(), id, d)
	var refused *refusal.Error
	switch {
	case errors.As(err, &refused) && refused.Reason == app.ReasonCustomerIDTaken:
		known, err := p.app.CustomerAt(ctx, r.Caller(), id)
		if err != nil {
			return web.Answer{}, err
		}
		link := ui.Link{Text: "Open " + nameOf(known.Customer), Href: pathOf(known.Customer)}
		return web.Answer{}, web.WithLink(web.On("id", web.Refuse(http.StatusConflict, "A customer with the ID %s exists already.", id)), link)
	case errors.As(err, &refused) && refused.Reason == app.ReasonEmailPrepared:
		link := ui.Link{Text: "Find " + d.Email, Href: ui.With(root(), "q", d.Email)}
		return web.Answer{}, web.WithLink(web.On("email", web.Refuse(http.StatusConflict, "A customer with the e-mail %s and without an ID exists already.", d.Email)), link)
	case err != nil:
		return web.Answer{}, err
	}
	return web.Done(pathOf(s.Customer), "Customer created."), nil
}

func (p pages) editCustomer() web.FormPage {
	return web.FormPage{
		Path: "/dashboard/customers/{id}/edit",
		Show: func(ctx context.Context, r *web.Request) (web.View, error) {
			s, err := p.customer(ctx, r)
			if err != nil {
				return web.View{}, err
			}
			fields := detailFields(s.Customer)
			if s.Customer.ID == "" {
				fields[2].Hint = "No ID yet. The first call of your application with this e-mail claims this customer."
			} else {
				fields[2].Hint = "A new ID moves the customer: your application must use it from then on."
			}
			return web.View{Page: form(s.Customer, "Edit customer"), Form: ui.Form{Fields: fields, Button: "Save"}}, nil
		},
		Save: p.edit,
	}
}

// edit changes what is another text than before: what stays is not sent along, so that it can be
// as it was in a row of before.
func (p pages) edit(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	c := s.Customer
	cmd := app.CustomerCommand{ID: c.Key()}
	for _, f := range []struct {
		name, was string
		to        **string
	}{{"name", c.Name, &cmd.Name}, {"email", c.Email, &cmd.Email}, {"fingerprint", c.Fingerprint, &cmd.Fingerprint}, {"id", c.ID, &cmd.NewID}} {
		if text := r.Value(f.name); text != f.was {
			*f.to = &text
		}
	}
	if cmd.NewID != nil && *cmd.NewID == "" {
		return web.Answer{}, web.On("id", web.Invalid("An ID cannot be taken away: your application knows the customer by it."))
	}
	s, err = p.app.UpdateCustomer(ctx, r.Caller(), cmd)
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.Reason == app.ReasonCustomerIDTaken {
		err = web.On("id", web.Refuse(http.StatusConflict, "A customer with the ID %s exists already.", *cmd.NewID))
	}
	if err != nil {
		return web.Answer{}, err
	}
	return web.Done(pathOf(s.Customer), "Saved."), nil
}

// form is the page of a form about one customer.
func form(c billing.Customer, title string) ui.Page {
	return ui.Page{Title: title, Nav: "Customers", Back: ui.Link{Text: "Back to " + nameOf(c), Href: pathOf(c)}, Narrow: true}
}
