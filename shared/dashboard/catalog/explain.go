package catalog

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/api/words"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// ruleNames are the rules about the use of a reward, as people read them.
var ruleNames = map[reward.Rule]string{
	reward.RuleExists: "The code exists", reward.RuleLimit: "Uses are left", reward.RuleActive: "It is active and has not expired",
	reward.RuleCustomer: "It is for this customer", reward.RuleWay: "Its reward fits this way of using it", reward.RuleOften: "This customer may use it again",
	reward.RuleFirstTime: "It does not ask for a first purchase, or this is it", reward.RuleCurrency: "It fits the customer's currency",
	reward.RuleMinimum: "The minimum amount is reached", reward.RuleScope: "It lowers something of this purchase", reward.RuleAlone: "No other discount is in its way",
}

const fProduct = "product"

// explainRoutes are those of a form that changes nothing: viewers may ask, too.
func (p pages) explainRoutes() []web.Route {
	routes := web.FormPage{Path: "/dashboard/codes/explain", Show: p.askToExplain, Save: p.explain}.Routes()
	for i := range routes {
		routes[i].Access, routes[i].Repeats = web.Viewing, true
	}
	return routes
}

// askToExplain asks for a code, a customer and what would be bought.
func (p pages) askToExplain(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	return explainView(c, r), nil
}

func explainView(c *catalog.Catalog, r *web.Request) web.View {
	products := []ui.Option{{Text: "None: the code by itself"}}
	for _, p := range c.ListProducts(false) {
		products = append(products, ui.Option{Value: p.ID, Text: p.Name})
	}
	return web.View{Page: ui.Page{Title: "Explain code", Nav: "Codes", Back: toCodes}, Form: ui.Form{Action: ui.Path("codes", "explain"), Button: "Explain", Reads: true, Fields: []ui.Field{
		{Name: fText, Label: "Code", Value: r.Query(fText)}, {Name: fCustomer, Label: "Customer ID", Value: r.Query(fCustomer)},
		{Kind: ui.Select, Name: fProduct, Label: "Product", Options: told(products), Hint: "What would be bought with it."},
	}}}
}

// explain says of each rule whether it allows the use of a code, and why.
func (p pages) explain(ctx context.Context, r *web.Request) (web.Answer, error) {
	code := catalog.NormalCode(r.Value(fText))
	switch {
	case code == "":
		return web.Answer{}, web.On(fText, web.Invalid("Enter a code."))
	case !catalog.PossibleCode(code):
		return web.Answer{}, web.On(fText, web.Invalid("“%.70s” can be no code: codes are 1 to %d letters, digits, _ or -.", code, catalog.MaxCode))
	case r.Value(fCustomer) == "":
		return web.Answer{}, web.On(fCustomer, web.Invalid("Enter the customer's ID."))
	}
	page, known, err := p.explainReferral(ctx, r, code)
	if err != nil {
		return web.Answer{}, about(err, map[refusal.Reason]string{refusal.ReasonCustomerNotFound: fCustomer})
	}
	if known {
		return web.Show(page), nil
	}
	cmd := app.ExplainCommand{Code: code, Purchase: app.AttachCommand{CustomerID: r.Value(fCustomer), Terms: billing.Attach{Now: r.Now}}}
	if product := r.Value(fProduct); product != "" {
		cmd.Purchase.ProductIDs = []string{product}
	}
	caller := r.Caller()
	caller.KeyHash = caller.Actor // whose guesses are counted
	e, refused := p.app.ExplainReward(ctx, caller, cmd)
	if no := (*refusal.Error)(nil); refused != nil && (len(e.Answers) == 0 || !errors.As(refused, &no) || no.Kind == refusal.KindUnavailable) {
		return web.Answer{}, about(refused, map[refusal.Reason]string{refusal.ReasonCustomerNotFound: fCustomer})
	}
	c, err := p.app.Store.Catalog(ctx, r.Session.Env, false) // as it was read for the answer
	if err != nil {
		return web.Answer{}, err
	}
	return web.Show(answered(c, r, explained(e, refused))), nil
}

// answered is the form as it was typed, with the answer below.
func answered(c *catalog.Catalog, r *web.Request, answer templ.Component) ui.Page {
	v := explainView(c, r)
	v.Form.Fields = ui.Fill(v.Form.Fields, func(name string) []string { return r.Form[name] })
	v.Page.Body = ui.All(ui.FormPart(v.Form), answer)
	return v.Page
}

// explained is what all rules say, and refused why the purchase itself is refused. Where there is no code,
// or none of this customer's, that is all that is said.
func explained(e app.Explanation, refused error) templ.Component {
	t := ui.Table{Caption: "Rules", Columns: ui.Columns("Rule", "Answer", "Why")}
	said := ""
	for _, a := range e.Answers {
		answer, why := ui.Status("Yes", ui.Good), ""
		switch {
		case a.Refusal == nil && (e.Use.Reward != nil || a.Rule == reward.RuleExists):
			why = words.Phrase(a.Why.Reason, a.Why.Args...)
		case e.Use.Reward == nil && a.Rule != reward.RuleExists && (a.Rule != reward.RuleCustomer || !e.Use.OfOthers):
			continue
		case a.Rule == reward.RuleExists:
			why = "There is no code " + e.Use.Text + ": it was never made, or its reward was deleted."
		default:
			_, why = words.Of(a.Refusal)
		}
		if a.Refusal != nil {
			answer, said = ui.Status("No", ui.Bad), cmp.Or(said, "The customer cannot use it. "+why)
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(ruleNames[a.Rule]), answer, ui.T(why)})
	}
	if refused != nil {
		said = strings.TrimSpace(said + " The purchase itself is refused: " + web.Words(refused))
	}
	return ui.Section("Answer", nil, ui.P(cmp.Or(said, "The customer can use it.")), ui.TablePart(t))
}
