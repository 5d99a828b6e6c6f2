package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/api/words"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/referral"
)

// redeemRules are the rules about the redemption of a referral code, as people read them.
var redeemRules = [...]string{
	billing.RedeemActive: "It is active", billing.RedeemLimit: "The limit of the code is not reached", billing.RedeemOnce: "This customer redeemed no code of the program yet",
	billing.RedeemGuard: "No guard of the program stops it", billing.RedeemNew: "The program takes this customer",
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
	said, yes := "", "The customer can redeem it."
	program, _ := s.Catalog.Program(s.Code.ProgramID) // which the rules have found
	for _, a := range answers {
		answer, why := ui.Status("Yes", ui.Good), allowedBy(a, s, program)
		if a.Refusal != nil {
			answer, why = ui.Status("No", ui.Bad), refusedBy(a)
			said = cmp.Or(said, "The customer cannot redeem it. "+why)
		} else if len(a.Guard) > 0 {
			yes = "The customer can redeem it, and somebody must approve it: it will be held for review."
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(redeemRules[a.Rule]), answer, ui.T(why)})
	}
	parts := []templ.Component{ui.P("It is " + s.Referrer.Customer.Label() + "'s code in the referral program “" + program.ID + "”. " + programSentence(s.Catalog, program))}
	said = cmp.Or(said, yes)
	if product && program.When == catalog.OnSignUp {
		said += " What they buy does not matter."
	}
	return ui.Section("Answer", nil, append(parts, ui.P(said), ui.TablePart(t))...)
}

// refusedBy is why a rule refuses. Applications are told that every code a guard refuses is the customer's own; people of
// the company learn which rule it was.
func refusedBy(a billing.RedeemAnswer) string {
	if len(a.Guard) > 0 && !slices.Contains(a.Guard, referral.OwnCode) {
		return strings.Join(web.GuardRules(a.Guard), ", ") + ": the program refuses it."
	}
	_, why := words.Of(a.Refusal)
	return why
}

// allowedBy is why a rule allows it.
func allowedBy(a billing.RedeemAnswer, s billing.RedeemState, p catalog.ReferralProgram) string {
	used := fmt.Sprintf("Used %d of %d times.", s.Code.Triggered, p.MaxRedemptions)
	switch {
	case a.Rule == billing.RedeemActive:
		return "Nobody deactivated it."
	case a.Rule == billing.RedeemLimit && p.MaxRedemptions == 0:
		return "It has no limit."
	case a.Rule == billing.RedeemLimit && p.When == catalog.OnCheckout:
		return used + " Beyond the limit a purchase gives no reward."
	case a.Rule == billing.RedeemLimit:
		return used
	case a.Rule == billing.RedeemOnce:
		return "It is the first one."
	case a.Rule == billing.RedeemGuard && len(a.Guard) > 0:
		return strings.Join(web.GuardRules(a.Guard), ", ") + ": it is held for review."
	case a.Rule == billing.RedeemGuard:
		return "Nothing stops it."
	case p.NewCustomersOnly:
		return "They never paid."
	}
	return "It takes customers who paid before, too."
}
