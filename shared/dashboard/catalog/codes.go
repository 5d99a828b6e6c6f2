package catalog

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/reward"
)

// standings are how codes stand, as words.
var standings = map[reward.Standing]struct {
	word string
	tone ui.Tone
}{
	reward.StandsActive: {"Active", ui.Good}, reward.StandsInactive: {"Inactive", ui.Plain}, reward.Expired: {"Expired", ui.Plain},
	reward.UsedUp: {"Used up", ui.Warn}, reward.RewardDeleted: {"Reward deleted", ui.Bad},
}

// codeTable is a table of codes. With choose each code that can be switched has a checkbox.
func codeTable(caption string, codes []admin.ListedCode, choose bool) ui.Table {
	t := ui.Table{Caption: caption, Columns: ui.Columns("Code", "Reward or program", "Used", "Limit", "Expires", "Status"), Empty: "No codes yet."}
	t.Columns[2].Number, t.Columns[3].Number = true, true
	if choose {
		t.Columns = append(t.Columns, ui.Column{Name: "Select"})
	}
	for i, code := range codes {
		var row []templ.Component
		if code.Promotion != nil {
			row = promotion(code)
		} else {
			row = referralCode(code)
		}
		s := standings[code.Standing]
		row = append(row, ui.Status(s.word, s.tone))
		if choose && (off.changes(code) || on.changes(code)) {
			row = append(row, chooseCode(i, valueOf(code), textOf(code)))
		} else if choose {
			row = append(row, nil)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// promotion is the row of a promotion code, without its status.
func promotion(code admin.ListedCode) []templ.Component {
	p, of := code.Promotion, templ.Component(ui.T("A deleted reward"))
	limit, expires := p.Max, p.ExpiresAt
	if r := code.Reward; r != nil {
		of = ui.A(r.Name, rewardPath(*r))
		if r.Max > 0 && (limit == 0 || r.Max < limit) {
			limit = r.Max
		}
		if !r.RedeemBy.IsZero() && (expires.IsZero() || r.RedeemBy.Before(expires)) {
			expires = r.RedeemBy
		}
	}
	if p.CustomerKey != "" {
		of = ui.All(of, ui.T(", for "), customer(p.CustomerKey, p.CustomerID))
	}
	until := ui.T("Never")
	if !expires.IsZero() {
		until = ui.DayOf(expires)
	}
	return []templ.Component{explainLink(p.Code, p.CustomerKey), of, ui.T(fmt.Sprint(p.Used)), ui.T(atMost(limit)), until}
}

// referralCode is the row of a customer's code in a program, without its status.
func referralCode(code admin.ListedCode) []templ.Component {
	r := code.Referral
	of, limit := templ.Component(ui.T("A deleted program")), "No limit"
	if p := code.Program; p != nil {
		of, limit = ui.A(p.ID, programPath(*p)), atMost(p.MaxRedemptions)
	}
	of = ui.All(of, ui.T(", of "), customer(r.OwnerID, r.InternalID))
	return []templ.Component{explainLink(r.Code, ""), of, ui.T(fmt.Sprint(r.Triggered)), ui.T(limit), ui.T("Never")}
}

// explainLink leads from a code to who may use it.
func explainLink(code, customerKey string) templ.Component {
	return ui.A(code, ui.With(ui.Path("codes", "explain"), fText, code, fCustomer, customerKey))
}

// customer leads to a customer, by the key and our id.
func customer(key, internalID string) templ.Component {
	return ui.A(key, ui.Path("customers", app.CustomerPath(billing.Customer{ID: key, InternalID: internalID})))
}

// codes is the page Codes.
func (p pages) codes(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	codes, next, err := p.admin.Codes(ctx, r.Caller(), c, r.Query("after"), perPage)
	if err != nil {
		return web.Answer{}, err
	}
	actions := append(editors(r, ui.Link{Text: "+ Code", Href: ui.Path("codes", "new"), Primary: true, Dialog: true}), ui.Link{Text: "Explain code", Href: ui.Path("codes", "explain")})
	page := ui.Page{Title: "Codes", Nav: "Codes", Actions: actions, Paging: cursors(r, ui.Path("codes"), next), Body: codeForm(codeTable("Codes", codes, true))}
	return web.Show(page), nil
}
