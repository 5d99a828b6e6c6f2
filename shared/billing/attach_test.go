package billing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// decided is what a test says of a decision.
type decided struct {
	Branch Branch
	Effect Effect
	Start  string // product ids
	Steps  string // what Stripe is asked, in order
	Due    Amount
	Page   bool
	Trial  bool
	Else   string // steps when the card is refused
}

func summary(d Decision) decided {
	out := decided{Branch: d.Branch, Effect: d.Effect, Steps: stepNames(d), Due: d.DueNow(), Page: d.Page}
	var ids []string
	for _, cp := range d.Start {
		ids = append(ids, cp.ProductID)
		out.Trial = out.Trial || !cp.TrialEnds.IsZero()
	}
	out.Start = strings.Join(ids, " ")
	if d.Declined != nil {
		out.Else = stepNames(*d.Declined)
	}
	return out
}

func stepNames(d Decision) string {
	var names []string
	for _, s := range d.Steps {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func TestDecideAttach(t *testing.T) {
	t.Parallel()
	const (
		free, page, started, once = EffectFreeAttached, EffectCheckoutCreated, EffectAttached, EffectPurchased
	)
	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Attach)
		buys  string
		want  decided
	}{
		{"a free product starts at once and never touches Stripe", customerOf(), nil, "hobby",
			decided{Branch: BranchNew, Effect: free, Start: "hobby"}},
		{"a free product with a card on file never touches Stripe either", customerOf(withCard, holding("free")), nil, "hobby",
			decided{Branch: BranchFree, Effect: free, Start: "hobby"}},
		{"a free product asked for with force_checkout has no page", customerOf(), forcePage, "hobby",
			decided{Branch: BranchNew, Effect: free, Start: "hobby"}},
		{"a priced product without a card is a page", customerOf(holding("free")), nil, "pro",
			decided{Branch: BranchFree, Effect: page, Start: "pro", Steps: "customer price_pr_pro session", Due: 2000, Page: true}},
		{"a priced product with a card starts at once, and has a page to fall back on", customerOf(withCard), nil, "g1_pro",
			decided{Branch: BranchNew, Effect: started, Start: "g1_pro", Steps: "price_pr_g1 subscription", Due: 3000, Else: "price_pr_g1 session"}},
		{"from free to paid with a card is billed directly", customerOf(withCard, holding("free")), nil, "pro",
			decided{Branch: BranchFree, Effect: started, Start: "pro", Steps: "price_pr_pro subscription", Due: 2000, Else: "price_pr_pro session"}},
		{"force_checkout is a page in spite of the card", customerOf(withCard), forcePage, "pro",
			decided{Branch: BranchNew, Effect: page, Start: "pro", Steps: "price_pr_pro session", Due: 2000, Page: true}},
		{"a publishable key is a page in spite of the card", customerOf(withCard), publishable, "pro",
			decided{Branch: BranchNew, Effect: page, Start: "pro", Steps: "price_pr_pro session", Due: 2000, Page: true}},
		{"an invoice needs no card and has nothing to fall back on", customerOf(), byInvoice, "pro",
			decided{Branch: BranchNew, Effect: started, Start: "pro", Steps: "customer price_pr_pro subscription", Due: 2000}},
		{"an invoice leaves the card alone", customerOf(withCard), byInvoice, "pro",
			decided{Branch: BranchNew, Effect: started, Start: "pro", Steps: "price_pr_pro subscription", Due: 2000}},
		{"force_checkout wins over the invoice", customerOf(), both(byInvoice, forcePage), "pro",
			decided{Branch: BranchNew, Effect: page, Start: "pro", Steps: "customer price_pr_pro session", Due: 2000, Page: true}},
		{"a product of another group is added", customerOf(withCard, holding("g1_pro")), nil, "g2_pro",
			decided{Branch: BranchNew, Effect: started, Start: "g2_pro", Steps: "price_pr_g2 subscription", Due: 4000, Else: "price_pr_g2 session"}},
		{"an expired product leaves its group empty", customerOf(withCard, holding("premium", func(cp *CustomerProduct) { cp.Status = Expired })), nil, "pro",
			decided{Branch: BranchNew, Effect: started, Start: "pro", Steps: "price_pr_pro subscription", Due: 2000, Else: "price_pr_pro session"}},
		{"a product whose end has passed leaves its group empty", customerOf(withCard, holding("pro", func(cp *CustomerProduct) { cp.EndsAt = April })), nil, "pro",
			decided{Branch: BranchNew, Effect: started, Start: "pro", Steps: "price_pr_pro subscription", Due: 2000, Else: "price_pr_pro session"}},
		{"an add-on stands beside a paid product of its group", customerOf(withCard, holding("pro")), nil, "addon_words",
			decided{Branch: BranchAddOn, Effect: started, Start: "addon_words", Steps: "price_pr_words subscription", Due: 2000, Else: "price_pr_words session"}},
		{"a free add-on can be added again", customerOf(holding("booster")), nil, "booster",
			decided{Branch: BranchAddOn, Effect: free, Start: "booster"}},
		{"a one-off is invoiced", customerOf(withCard), quantity("messages", "251"), "topup",
			decided{Branch: BranchOneOff, Effect: once, Start: "topup", Steps: "price_pr_topup invoice", Due: 1800, Else: "price_pr_topup session"}},
		{"a one-off can be bought again", customerOf(withCard, holding("setup")), nil, "setup",
			decided{Branch: BranchOneOff, Effect: once, Start: "setup", Steps: "price_pr_setup invoice", Due: 1000, Else: "price_pr_setup session"}},
		{"a one-off without a card is a page that offers one pack", customerOf(), nil, "topup",
			decided{Branch: BranchOneOff, Effect: page, Start: "topup", Steps: "customer price_pr_topup session", Due: 900, Page: true}},
		{"a one-off by invoice", customerOf(), byInvoice, "setup",
			decided{Branch: BranchOneOff, Effect: once, Start: "setup", Steps: "customer price_pr_setup invoice", Due: 1000}},
		{"several products are one purchase", customerOf(withCard, holding("free")), nil, "g1_pro g2_pro setup",
			decided{Branch: BranchBundle, Effect: started, Start: "g1_pro g2_pro setup", Due: 8000,
				Steps: "price_pr_g1 price_pr_g2 price_pr_setup subscription", Else: "price_pr_g1 price_pr_g2 price_pr_setup session"}},
		{"a bundle may replace a free product", customerOf(withCard, holding("free")), nil, "pro g1_pro",
			decided{Branch: BranchBundle, Effect: started, Start: "pro g1_pro", Due: 5000, Steps: "price_pr_pro price_pr_g1 subscription", Else: "price_pr_pro price_pr_g1 session"}},
		{"a bundle of what is paid once is invoiced like one of them", customerOf(withCard), nil, "setup hobby",
			decided{Branch: BranchBundle, Effect: once, Start: "setup hobby", Steps: "price_pr_setup invoice", Due: 1000, Else: "price_pr_setup session"}},
		{"what was given is bought on a page without a card", customerOf(holding("pro")), nil, "pro",
			decided{Branch: BranchFree, Effect: page, Start: "pro", Steps: "customer price_pr_pro session", Due: 2000, Page: true}},
		{"what was given is bought on a page if one is asked for", customerOf(withCard, holding("pro")), forcePage, "pro",
			decided{Branch: BranchFree, Effect: page, Start: "pro", Steps: "price_pr_pro session", Due: 2000, Page: true}},
		{"what was given is billed at once with a card", customerOf(withCard, holding("pro")), nil, "pro",
			decided{Branch: BranchFree, Effect: started, Start: "pro", Steps: "price_pr_pro subscription", Due: 2000, Else: "price_pr_pro session"}},
		{"a bundle of free products starts at once", customerOf(), nil, "hobby g2_free",
			decided{Branch: BranchBundle, Effect: free, Start: "hobby g2_free"}},
		{"what is paid once takes no place in its group", customerOf(withCard), nil, "pro setup",
			decided{Branch: BranchBundle, Effect: started, Start: "pro setup", Due: 3000, Steps: "price_pr_pro price_pr_setup subscription", Else: "price_pr_pro price_pr_setup session"}},
		{"packs are rounded up", customerOf(withCard), quantity("messages", "201"), "pro_prepaid",
			decided{Branch: BranchNew, Effect: started, Start: "pro_prepaid", Due: 5000,
				Steps: "price_pr_prepaid price_pr_prepaid_m subscription", Else: "price_pr_prepaid price_pr_prepaid_m session"}},
		{"no packs beside a base price", customerOf(withCard), quantity("messages", "0"), "pro_prepaid",
			decided{Branch: BranchNew, Effect: started, Start: "pro_prepaid", Due: 2000, Steps: "price_pr_prepaid subscription", Else: "price_pr_prepaid session"}},
		{"a page offers one pack of what nobody counted", customerOf(), nil, "pro_prepaid",
			decided{Branch: BranchNew, Effect: page, Start: "pro_prepaid", Due: 3000, Page: true,
				Steps: "customer price_pr_prepaid price_pr_prepaid_m session"}},
		{"a product billed in arrears alone has a price of nothing", customerOf(withCard), nil, "usage_only",
			decided{Branch: BranchNew, Effect: started, Start: "usage_only",
				Steps: "price_pr_usage_only_v1_usage_month_1 subscription", Else: "price_pr_usage_only_v1_usage_month_1 session"}},
		{"a page closes those that it replaces once it is open", customerOf(pageOpen("op_7", "cs_7"), pageOpen("op_8", "cs_8")), nil, "pro",
			decided{Branch: BranchNew, Effect: page, Start: "pro", Due: 2000, Page: true, Steps: "customer price_pr_pro session expire_op_7 expire_op_8"}},
		{"pages are closed before the card is charged", customerOf(withCard, pageOpen("op_7", "cs_7"), pageOpen("op_8", "cs_8")), nil, "pro",
			decided{Branch: BranchNew, Effect: started, Start: "pro", Due: 2000,
				Steps: "expire_op_7 expire_op_8 price_pr_pro subscription", Else: "price_pr_pro session expire_op_7 expire_op_8"}},
		{"a trial costs nothing now", customerOf(withCard), nil, "pro_trial",
			decided{Branch: BranchNew, Effect: started, Start: "pro_trial", Trial: true, Steps: "price_pr_trial subscription", Else: "price_pr_trial session"}},
		{"a trial that needs a card is a page without one", customerOf(), nil, "pro_trial",
			decided{Branch: BranchNew, Effect: page, Start: "pro_trial", Trial: true, Steps: "customer price_pr_trial session", Page: true}},
		{"a trial that needs no card starts without one", customerOf(), nil, "pro_nocard",
			decided{Branch: BranchNew, Effect: started, Start: "pro_nocard", Trial: true, Steps: "customer price_pr_nocard subscription"}},
		{"a publishable key is a page even for such a trial", customerOf(), publishable, "pro_nocard",
			decided{Branch: BranchNew, Effect: page, Start: "pro_nocard", Trial: true, Steps: "customer price_pr_nocard session", Page: true}},
		{"and so is force_checkout", customerOf(), forcePage, "pro_nocard",
			decided{Branch: BranchNew, Effect: page, Start: "pro_nocard", Trial: true, Steps: "customer price_pr_nocard session", Page: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := DecideAttach(tt.state, tt.state.buy(tt.how, strings.Fields(tt.buys)...))
			WantReason(t, err, "")
			if diff := cmp.Diff(tt.want, summary(got)); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if got.Why == "" || got.Effect == "" || got.Currency != "usd" {
				t.Errorf("a decision explains itself: %q, %q, %q", got.Why, got.Effect, got.Currency)
			}
		})
	}
}
