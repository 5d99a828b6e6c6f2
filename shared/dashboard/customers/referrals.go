package customers

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/referral"
)

// referralStatus is how a redemption stands, in words.
func referralStatus(r app.Referral) templ.Component {
	word, tone := "", ui.Plain
	switch r.Status {
	case referral.Applied:
		word, tone = "Rewarded", ui.Good
	case referral.Pending:
		word = "Waiting for a purchase"
	case referral.Triggered:
		word = "Queued"
	case referral.Held:
		word, tone = "Held for review", ui.Warn
	case referral.Refused:
		word, tone = "Rejected", ui.Bad
	case referral.Reversed:
		word, tone = "Reversed", ui.Bad
	default:
		if word = "Closed"; r.Reason == referral.ReasonLimit {
			word = "Limit reached"
		}
	}
	return ui.Status(word, tone)
}

func (p pages) referrals(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	made, received, err := p.app.ReferralsToShow(ctx, r.Caller(), s.Customer)
	if err != nil {
		return web.Answer{}, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	codes := ui.Table{Caption: "Referral codes", Columns: []ui.Column{{Name: "Program"}, {Name: "Code"}, {Name: "Rewarded", Number: true}}, Empty: "No referral codes."}
	for _, c := range s.Codes {
		codes.Rows = append(codes.Rows, []templ.Component{ui.T(programName(cat, c.ProgramID)), ui.Code(c.Code), ui.T(fmt.Sprint(rewarded(made, c.Code)))})
	}
	their := ui.Table{Caption: "Referrals made", Columns: ui.Columns("Customer", "Program", "Date", "Status"), Empty: "No referrals made."}
	for _, m := range made {
		their.Rows = append(their.Rows, []templ.Component{person(m.Other), ui.T(programName(cat, m.ProgramID)), ui.DayOf(m.CreatedAt), referralStatus(m)})
	}
	by := ui.Table{Caption: "Referred by", Columns: ui.Columns("Customer", "Program", "Code", "Date", "Status"), Empty: "Not referred by anybody."}
	for _, m := range received {
		by.Rows = append(by.Rows, []templ.Component{person(m.Other), ui.T(programName(cat, m.ProgramID)), ui.Code(m.Code), ui.DayOf(m.CreatedAt), referralStatus(m)})
	}
	page := of(s.Customer, r, "referrals")
	page.Body = ui.All(ui.Section("Referral codes", nil, ui.TablePart(codes)), ui.Section("Referrals made", nil, ui.TablePart(their)), ui.Section("Referred by", nil, ui.TablePart(by)))
	return web.Show(page), nil
}

// person leads to the customer on the other side; one who is gone is no more than the id.
func person(c billing.Customer) templ.Component {
	if c.InternalID == "" {
		return ui.T(c.ID)
	}
	return ui.A(nameOf(c), ui.With(pathOf(c), "tab", "referrals"))
}

// programName is the id of a program; programs have no other name.
func programName(cat *catalog.Catalog, id string) string {
	if p, err := cat.Program(id); err == nil {
		return p.ID
	}
	return id
}

// rewarded counts the redemptions of a code that gave a reward.
func rewarded(made []app.Referral, code string) (n int) {
	for _, m := range made {
		if m.Code == code && m.Status == referral.Applied {
			n++
		}
	}
	return n
}
