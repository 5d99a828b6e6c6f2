package customers

import (
	"context"
	"maps"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/entitlement"
)

func (p pages) balance() web.FormPage {
	return web.FormPage{Path: "/dashboard/customers/{id}/balance", Show: p.showBalance, Save: p.saveBalance}
}

func (p pages) showBalance(ctx context.Context, r *web.Request) (web.View, error) {
	s, cat, err := p.customerAndCatalog(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	page := form(s.Customer, "Change balance")
	choices := ui.Field{Kind: ui.Select, Name: "feature", Label: "Feature"}
	for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
		b := s.Balances[id].At(r.Now)
		if !b.Has(r.Now) || cat.Features[id].Type == catalog.Boolean {
			continue
		}
		choices.Options = append(choices.Options, ui.Option{Value: id, Text: featureName(cat, id)})
	}
	if len(choices.Options) == 0 {
		return web.View{Page: page, Form: ui.Form{Reads: true, Note: "There is no balance to change. Enable a product that includes a feature first."}}, nil
	}
	named := choices.Options
	for i, o := range named {
		if slices.ContainsFunc(named, func(other ui.Option) bool { return other.Text == o.Text && other.Value != o.Value }) {
			choices.Options[i].Text = o.Text + " (" + o.Value + ")"
		}
	}
	choices.Value = choices.Options[0].Value
	return web.View{Page: page, Form: ui.Form{Button: "Save balance", Fields: []ui.Field{choices,
		{Kind: ui.Decimal, Name: "left", Label: "Left", Hint: "What the customer may still use, until it resets.", Autocomplete: "off"}, reasonField}}}, nil
}

func (p pages) saveBalance(ctx context.Context, r *web.Request) (web.Answer, error) {
	s, err := p.customer(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	why, err := because(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	if r.Value("left") == "" {
		return web.Answer{}, web.On("left", web.Invalid("Enter how much is left."))
	}
	left, err := number(r, "left")
	if err != nil {
		return web.Answer{}, err
	}
	if err := p.app.SetBalances(why, r.Caller(), s.Customer.Key(), []entitlement.SetBalance{{FeatureID: r.Value("feature"), Left: left}}); err != nil {
		field := "feature"
		if is(err, entitlement.ReasonBalanceNegative) {
			field = "left"
		}
		return web.Answer{}, web.On(field, err)
	}
	return web.Done(pathOf(s.Customer), "Saved."), nil
}
