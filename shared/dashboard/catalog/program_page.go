package catalog

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/admin"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/order"
)

func (p pages) programRoutes() []web.Route {
	return append(append(
		web.FormPage{Path: "/dashboard/products/referral-programs/new", Show: p.newProgram, Save: p.createProgram}.Routes(),
		web.FormPage{Path: "/dashboard/products/referral-programs/{id}/edit", Show: p.editProgram, Save: p.saveProgram}.Routes()...),
		web.Route{Pattern: "GET /dashboard/products/referral-programs/{id}", Serve: p.program})
}

var toPrograms = ui.Link{Text: "Back to referral programs", Href: tab(programsTab)}

// programPath is the address of a program, as rewardPath is.
func programPath(w catalog.ReferralProgram, more ...string) string {
	id := w.ID
	if id == "new" {
		id = w.InternalID
	}
	return at(append([]string{programsTab, id}, more...)...)
}

// sortedRewards are the rewards by their names.
func sortedRewards(c *catalog.Catalog) []catalog.Reward {
	all := admin.NewestRewards(c)
	order.Stable(all, func(a, b *catalog.Reward) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (p pages) newProgram(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	usual := catalog.ReferralProgram{When: catalog.OnSignUp, ReceivedBy: catalog.ForReferrer, ExcludeTrial: true}
	fields := []ui.Field{{Name: fID, Label: "Program ID", Hint: "Your application asks for codes of the program by it."}}
	if err == nil {
		fields = append(fields, programFields(c, usual)...)
	}
	v := web.View{Page: ui.Page{Title: "New referral program", Nav: "Products", Back: toPrograms, Narrow: true},
		Form: ui.Form{Action: at(programsTab, "new"), Fields: fields, Button: "Create"}}
	if err == nil && len(c.Rewards) == 0 {
		v.Above = ui.All(ui.P("A program gives a reward, and there is none yet."), ui.A("New reward", at(rewardsTab, "new")))
	}
	return v, err
}

func (p pages) createProgram(ctx context.Context, r *web.Request) (web.Answer, error) {
	cmd := catalog.EditProgram{ID: r.Value(fID)}
	if cmd.ID == "" {
		return web.Answer{}, web.On(fID, web.Invalid("Enter a program ID."))
	}
	if err := readProgram(r, &cmd); err != nil {
		return web.Answer{}, err
	}
	if _, err := p.admin.CreateProgram(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, about(err, programProblems)
	}
	return web.Done(tab(programsTab), "Referral program created."), nil
}

// program shows one program and what it has come to.
func (p pages) program(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	w, err := c.Program(r.Param("id"))
	if err != nil {
		return web.Answer{}, missing(err, toPrograms)
	}
	stats, err := p.app.Store.ProgramStats(ctx, r.Session.Env, w.InternalID)
	reward := c.Rewards[w.RewardID]
	number := func(name string, n int64) ui.Fact { return ui.Fact{Name: name, Value: ui.T(fmt.Sprint(n))} }
	return web.Show(ui.Page{Title: w.ID, Nav: "Products", Back: toPrograms,
		Actions: editors(r, ui.Link{Text: "Edit referral program", Href: programPath(w, "edit")}, ui.Link{Text: "Delete referral program", Href: programPath(w, "delete")}),
		Body: ui.All(
			ui.Section("Details", nil, ui.P(programSentence(c, w)), ui.Facts(
				ui.Fact{Name: "Reward", Value: ui.A(reward.Name, rewardPath(reward))},
				ui.Fact{Name: "Max redemptions", Value: ui.T(atMost(w.MaxRedemptions))},
				ui.Fact{Name: "Created", Value: ui.DayOf(w.CreatedAt)}), ui.Sentences(terms(w)...)),
			ui.Section("Redemptions", []ui.Link{{Text: "All redemptions", Href: ui.With(ui.Path("redemptions"), "program", w.ID)}}, ui.Facts(
				number("Customers with a code", stats.Codes), number("Redeemed", stats.Redemptions), number("Held for review", stats.Held),
				number("Rewarded", stats.Applied), number("Rejected", stats.Refused), number("Reversed", stats.Reversed),
				ui.Fact{Name: "Value of what was given", Value: ui.T(ui.Price(stats.Value, c.Settings.Currency))})),
		)}), err
}

// terms are sentences about when a redemption counts.
func terms(w catalog.ReferralProgram) (all []string) {
	if w.When == catalog.OnCheckout && w.ExcludeTrial {
		all = append(all, "A trial counts once it is paid.")
	} else if w.When == catalog.OnCheckout {
		all = append(all, "A trial counts when it starts.")
	}
	if w.NewCustomersOnly {
		all = append(all, "Nobody redeems who has paid before.")
	}
	if w.HoldDays > 0 {
		all = append(all, fmt.Sprintf("The reward waits %s.", ui.Count(w.HoldDays, "day")))
	}
	for _, rule := range []struct {
		same string
		mode catalog.GuardMode
	}{{"fingerprint", w.Guard.FingerprintMode()}, {"e-mail inbox", w.Guard.EmailMode()}, {"card", w.Guard.CardMode()}} {
		switch rule.mode {
		case catalog.GuardRefuse:
			all = append(all, fmt.Sprintf("Two customers with the same %s are refused.", rule.same))
		case catalog.GuardFlag:
			all = append(all, fmt.Sprintf("Two customers with the same %s are held for review.", rule.same))
		case catalog.GuardOff:
		}
	}
	return all
}

func (p pages) editProgram(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	w, err := c.Program(r.Param("id"))
	if err != nil {
		return web.View{}, missing(err, toPrograms)
	}
	return web.View{Page: ui.Page{Title: "Edit referral program", Nav: "Products", Back: ui.Link{Text: "Back to " + w.ID, Href: programPath(w)}, Narrow: true},
		Form: ui.Form{Action: programPath(w, "edit"), Fields: programFields(c, w), Button: "Save", Note: "Codes and redemptions made so far stay."}}, nil
}

func (p pages) saveProgram(ctx context.Context, r *web.Request) (web.Answer, error) {
	if err := readProgram(r, &catalog.EditProgram{}); err != nil {
		return web.Answer{}, err
	}
	w, err := p.admin.PatchProgram(ctx, r.Caller(), r.Param("id"), func(cmd *catalog.EditProgram) { _ = readProgram(r, cmd) }) // it reads the form alone: as above
	if err != nil {
		return web.Answer{}, about(missing(err, toPrograms), programProblems)
	}
	return web.Done(programPath(w.ReferralProgram), "Saved."), nil
}
