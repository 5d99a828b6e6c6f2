package customers

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"

	"windfall/shared/billing"
	"windfall/shared/credit"
	"windfall/shared/dashboard/ui"
	"windfall/shared/money"
)

// rewards are the discounts that run at Stripe, and what waits for its turn.
func (o overview) rewards() templ.Component {
	t := ui.Table{Caption: "Rewards", Columns: ui.Columns("Reward", "State", "Until"), Empty: "No rewards."}
	for _, d := range o.running {
		until := templ.Component(ui.DayOf(d.End))
		switch {
		case !d.End.IsZero():
		case d.Duration == "one_off":
			until = ui.T("The next invoice")
		default:
			until = ui.T("No end")
		}
		name := cmp.Or(d.Name, d.RewardID)
		t.Rows = append(t.Rows, []templ.Component{ui.T(name), ui.Status("Running", ui.Good), until})
	}
	for _, q := range o.Queue {
		if !q.Reversal {
			t.Rows = append(t.Rows, []templ.Component{ui.T(cmp.Or(q.Reward.Name, q.Reward.ID)), ui.Status("Queued", ui.Plain), ui.T("Until its turn")})
		}
	}
	if o.silent {
		return ui.Section("Rewards", nil, ui.TablePart(t), ui.Hint("Stripe does not answer at this moment: discounts that run are not shown, and upcoming amounts are before them."))
	}
	return ui.Section("Rewards", nil, ui.TablePart(t))
}

// mostMovements keeps the page small.
const mostMovements = 200

// credits are what was given to pay invoices, and each movement of it.
func (o overview) credits() templ.Component {
	if o.Credits.Empty() {
		return ui.Section("Credits", nil, ui.TablePart(ui.Table{Caption: "Credits", Empty: "No credits."}))
	}
	number := func(name string) ui.Column { return ui.Column{Name: name, Number: true} }
	grants := ui.Table{Caption: "Credits", Columns: []ui.Column{{Name: "Credits"}, number("Granted"), number("Used"), number("Left"), number("Expired"), {Name: "Expires on"}}}
	moves := ui.Table{Caption: "Credit movements", Shown: true, Empty: "Nothing was used yet.",
		Columns: []ui.Column{{Name: "Date"}, {Name: "Credits"}, {Name: "Invoice"}, number("Used"), number("Came back")}}
	more := 0
	for _, g := range o.Credits.Grants {
		major := func(a money.Amount) templ.Component { return ui.T(ui.Price(a, g.Currency)) }
		expires := templ.Component(ui.DayOf(g.Expires))
		if g.Expires.IsZero() {
			expires = ui.T("Never")
		}
		name := o.creditName(g)
		grants.Rows = append(grants.Rows, []templ.Component{ui.T(name), major(g.Granted), major(g.Applied()), major(g.Remaining), major(g.Expired), expires})
		for _, e := range g.Entries {
			if len(moves.Rows) == mostMovements {
				more++
				continue
			}
			moves.Rows = append(moves.Rows, []templ.Component{ui.DayOf(e.At), ui.T(name), o.creditInvoice(e), major(e.Amount), major(e.Returned)})
		}
	}
	left := ui.P("Left in all: " + ui.Price(o.Credits.Remaining(o.r.Now), o.cat.Currency()))
	parts := []templ.Component{left, ui.TablePart(grants), ui.TablePart(moves)}
	if more > 0 {
		parts = append(parts, ui.Hint(ui.More(more)))
	}
	return ui.Section("Credits", nil, parts...)
}

func (o overview) creditName(g credit.Grant) string {
	if r, known := o.cat.Rewards[g.RewardID]; known {
		return cmp.Or(r.Name, r.ID)
	}
	return cmp.Or(g.RewardID, g.ID)
}

func (o overview) creditInvoice(e credit.Entry) templ.Component {
	switch {
	case !e.OfInvoice():
		return ui.T("Changed at Stripe")
	case e.Invoice == "" || e.Reserved:
		return ui.T("Reserved for the next one")
	}
	name := e.Invoice
	if i := slices.IndexFunc(o.newest, func(in billing.Invoice) bool { return in.StripeID == e.Invoice }); i >= 0 {
		name = o.newest[i].Label()
	}
	return ui.A(name, invoicePath(o.Customer, e.Invoice))
}

func invoicePath(c billing.Customer, id string) string {
	return ui.With(pathOf(c), "tab", "invoices", "invoice", id)
}
