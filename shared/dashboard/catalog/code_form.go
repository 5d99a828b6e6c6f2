package catalog

import (
	"context"
	"slices"
	"strings"
	"time"

	"windfall/shared/admin"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// The names of fields of a code's form, beside those of a reward's.
const fText, fCustomer, fMinimum, fExpires = "code", "customer", "minimum", "expires"

var toCodes = ui.Link{Text: "Back to codes", Href: ui.Path("codes")}

func (p pages) codeRoutes() []web.Route {
	return slices.Concat(
		[]web.Route{{Pattern: "GET /dashboard/codes", Serve: p.codes}}, p.explainRoutes(),
		web.FormPage{Path: "/dashboard/codes/new", Show: p.newCode, Save: p.createCode}.Routes(),
		p.switching(off).Routes(), p.switching(on).Routes(),
	)
}

func (p pages) newCode(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	var rewards []ui.Option
	for _, w := range sortedRewards(c) {
		rewards = append(rewards, ui.Option{Value: w.ID, Text: w.Name})
	}
	v := web.View{Page: ui.Page{Title: "New code", Nav: "Codes", Back: toCodes, Narrow: true}, Form: ui.Form{Action: ui.Path("codes", "new"), Button: "Create", Fields: []ui.Field{
		{Kind: ui.Select, Name: fReward, Label: "Reward", Value: r.Query("reward"), Options: told(rewards)},
		{Name: fText, Label: "Code", Hint: "Letters, digits, _ and -, in any case. Blank: one is made."},
		{Name: fCustomer, Label: "Only for customer", Hint: "The customer's ID. Blank: for anybody."},
		{Kind: ui.Checkbox, Name: fFirst, Label: "First-time customers only", Hint: "For those who never paid."},
		{Kind: ui.Decimal, Name: fMinimum, Label: "Minimum amount", Hint: "Of the first payment, before discounts, in " + strings.ToUpper(string(c.Settings.Currency)) + "."},
		{Kind: ui.Date, Name: fExpires, Label: "Expires on", Hint: "The last day on which it can be used, UTC."},
		{Kind: ui.Decimal, Name: fMax, Label: "Maximum redemptions", Hint: "Blank is no limit but the reward's."},
	}}}
	if len(rewards) == 0 {
		v.Above = ui.All(ui.P("A code gives a reward, and there is none yet."), ui.A("New reward", at(rewardsTab, "new")))
	}
	return v, nil
}

// codeProblems are the fields that refusals of a code are about.
var codeProblems = map[refusal.Reason]string{
	catalog.ReasonRewardNotFound: fReward, catalog.ReasonRewardOfPrograms: fReward, reward.ReasonCodeRewardEnded: fReward,
	reward.ReasonCodeForm: fText, reward.ReasonDuplicateCode: fText,
	refusal.ErrCustomerNotFound("").Reason: fCustomer, reward.ReasonCodesOfCustomer: fCustomer,
	reward.ReasonCodeMinimum: fMinimum, reward.ReasonCodeMinimumOfAGift: fMinimum, reward.ReasonCodeCurrency: fMinimum,
	reward.ReasonCodeExpired: fExpires, reward.ReasonCodeExpiryBeyond: fExpires,
	reward.ReasonCodeLimit: fMax, reward.ReasonCodeLimitBeyond: fMax,
}

func (p pages) createCode(ctx context.Context, r *web.Request) (web.Answer, error) {
	w, err := readCode(r)
	if err != nil {
		return web.Answer{}, err
	}
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	if given, err := c.Reward(r.Value(fReward)); err != nil {
		return web.Answer{}, about(err, codeProblems)
	} else if no := c.CheckGift(given); no != nil { // nobody could ever use it
		return web.Answer{}, about(no, codeProblems)
	}
	if _, err := p.admin.AddCode(ctx, r.Caller(), r.Value(fReward), w); err != nil {
		return web.Answer{}, about(err, codeProblems)
	}
	return web.Done(ui.Path("codes"), "Code created."), nil
}

// readCode is the code that a form asks for.
func readCode(r *web.Request) (w admin.WantedCode, err error) {
	if r.Value(fReward) == "" {
		return w, web.On(fReward, web.Invalid("Choose the reward that the code gives."))
	}
	w.Code, w.Customer, w.FirstTimeOnly = r.Value(fText), r.Value(fCustomer), r.Checked(fFirst)
	n, err := most(r)
	if err != nil {
		return w, err
	}
	w.Max = *n
	if typed := r.Value(fMinimum); typed != "" {
		if w.Minimum, err = money.ParseDecimal(typed); err != nil || !w.Minimum.IsPositive() {
			return w, web.On(fMinimum, web.Invalid("“%s” is no amount: write one such as 20 or 9.99.", typed))
		}
	}
	if typed := r.Value(fExpires); typed != "" {
		day, err := time.Parse(time.DateOnly, typed)
		if err != nil {
			return w, web.On(fExpires, web.Invalid("“%s” is no day: write one such as 2027-05-01.", typed))
		}
		w.ExpiresAt = day.AddDate(0, 0, 1).Add(-time.Millisecond) // it can be used on that day
	}
	return w, nil
}
