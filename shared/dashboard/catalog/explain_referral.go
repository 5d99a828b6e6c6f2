package catalog

import (
	"context"

	"github.com/a-h/templ"

	"windfall/shared/api/words"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// redeemRules are the rules about the redemption of a referral code, as people read them.
var redeemRules = [...]string{
	billing.RedeemActive: "It is active", billing.RedeemLimit: "The limit of the code is not reached", billing.RedeemOnce: "This customer redeemed no code of the program yet",
	billing.RedeemGuard: "It is another person's code", billing.RedeemNew: "The program takes this customer",
}

// explainReferral is the page that explains a referral code; known is false for any other code.
func (p pages) explainReferral(ctx context.Context, r *web.Request, code string) (page ui.Page, known bool, err error) {
	if _, known, err = p.app.Store.ReferralCode(ctx, r.Session.Env, code); err != nil || !known {
		return page, false, err
	}
	s, answers, err := p.app.ExplainReferral(ctx, r.Caller(), code, r.Value(fCustomer))
	if err != nil {
		return page, false, err
	}
	return answered(s.Catalog, r, redeemable(s, answers, r.Value(fProduct) != "")), true, nil
}

// redeemable is what all rules of a referral code say.
func redeemable(s billing.RedeemState, answers []billing.RedeemAnswer, product bool) templ.Component {
	t := ui.Table{Caption: "Rules", Columns: ui.Columns("Rule", "Answer", "Why")}
	said := ""
	for _, a := range answers {
		answer, why := ui.Status("Yes", ui.Good), ""
		if a.Refusal != nil {
			answer = ui.Status("No", ui.Bad)
			if _, why = words.Of(a.Refusal); said == "" {
				said = "The customer cannot redeem it. " + why
			}
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(redeemRules[a.Rule]), answer, ui.T(why)})
	}
	program, _ := s.Catalog.Program(s.Code.ProgramID) // which the rules have found
	parts := []templ.Component{ui.P("It is " + s.Referrer.Customer.Label() + "'s code in the referral program “" + program.ID + "”. " + programSentence(s.Catalog, program))}
	if said == "" {
		said = "The customer can redeem it."
	}
	if product && program.When == catalog.OnSignUp {
		said += " What they buy does not matter."
	}
	return ui.Section("Answer", nil, append(parts, ui.P(said), ui.TablePart(t))...)
}
