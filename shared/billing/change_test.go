package billing

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

var halfway = April.AddDate(0, 0, 15)

func at(moment time.Time) func(*Attach)  { return func(a *Attach) { a.Now = moment } }
func when(p PlanSchedule) func(*Attach)  { return func(a *Attach) { a.Schedule = p } }
func custom(amount string) func(*Attach) { return offered(Wants("", Costs(amount), Every(Month))) }
func allOf(how ...func(*Attach)) func(*Attach) {
	return func(a *Attach) {
		for _, h := range how {
			h(a)
		}
	}
}

// newer sells a second version of pro, for another price and interval.
func newer(amount string, c Cycle) situation {
	return func(s *AttachState) {
		p := OfItems("pro", "main", Fee("pr_pro2", amount, c), Allowance("pr_pro2_m", "messages", "700", Monthly))
		p.Version = 2
		s.Catalog.Products["pro"] = append(s.Catalog.Products["pro"], p)
	}
}

// inTrial is a subscription in a trial of a week.
func inTrial(cp *CustomerProduct) {
	onStripe(cp)
	cp.TrialEnds = April.AddDate(0, 0, 7)
	cp.Period.End = cp.TrialEnds
}

func TestDecideChange(t *testing.T) {
	t.Parallel()
	year := Cycle{Interval: Year, Count: 1}
	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Attach)
		buys  string
		want  decided
		anew  bool // a full period begins
	}{
		{"an upgrade is prorated at once", customerOf(withCard, holding("pro", onStripe)), at(halfway), "premium",
			decided{Branch: BranchUpgrade, Effect: EffectUpgraded, Start: "premium", Due: 1500, Steps: "price_pr_pro price_pr_premium change"}, false},
		{"an upgrade may wait", customerOf(withCard, holding("pro", onStripe)), allOf(at(halfway), when(EndOfCycle)), "premium",
			decided{Branch: BranchUpgrade, Effect: EffectUpgradeScheduled, Start: "premium", Steps: "price_pr_premium plan"}, false},
		{"an upgrade that waits needs no card", customerOf(holding("pro", onStripe)), when(EndOfCycle), "premium",
			decided{Branch: BranchUpgrade, Effect: EffectUpgradeScheduled, Start: "premium", Steps: "customer price_pr_premium plan"}, false},
		{"a downgrade waits", customerOf(withCard, holding("premium", onStripe)), at(halfway), "pro",
			decided{Branch: BranchDowngrade, Effect: EffectDowngradeScheduled, Start: "pro", Steps: "price_pr_pro plan"}, false},
		{"a downgrade may happen at once, for credit", customerOf(withCard, holding("premium", onStripe)), allOf(at(halfway), when(Immediate)), "pro",
			decided{Branch: BranchDowngrade, Effect: EffectChanged, Start: "pro", Due: -1500, Steps: "price_pr_premium price_pr_pro change"}, false},
		{"credit needs no card", customerOf(holding("premium", onStripe)), allOf(at(halfway), when(Immediate)), "pro",
			decided{Branch: BranchDowngrade, Effect: EffectChanged, Start: "pro", Due: -1500, Steps: "customer price_pr_premium price_pr_pro change"}, false},
		{"to free at once", customerOf(withCard, holding("pro", onStripe)), allOf(at(halfway), when(Immediate)), "free",
			decided{Branch: BranchDowngrade, Effect: EffectChanged, Start: "free", Due: -1000, Steps: "end"}, false},
		{"a year to a month at once", customerOf(withCard, holding("pro_year", onStripe)), when(Immediate), "pro",
			decided{Branch: BranchDowngrade, Effect: EffectChanged, Start: "pro", Due: 2000 - 20000, Steps: "price_pr_year price_pr_pro change"}, true},
		{"another version costs nothing", customerOf(withCard, holding("pro", onStripe), newer("90", Monthly)), at(halfway), "pro",
			decided{Branch: BranchVersion, Effect: EffectVersionTaken, Start: "pro", Steps: "price_pr_pro price_pr_pro2 change"}, false},
		{"nor does it need a card", customerOf(holding("pro", onStripe), newer("90", Monthly)), nil, "pro",
			decided{Branch: BranchVersion, Effect: EffectVersionTaken, Start: "pro", Steps: "customer price_pr_pro price_pr_pro2 change"}, false},
		{"but another interval begins a period", customerOf(withCard, holding("pro", onStripe), newer("90", year)), at(halfway), "pro",
			decided{Branch: BranchVersion, Effect: EffectVersionTaken, Start: "pro", Due: 8000, Steps: "price_pr_pro price_pr_pro2 change"}, true},
		{"another price of one's own", customerOf(withCard, holding("pro", onStripe)), allOf(custom("40"), at(halfway)), "pro",
			decided{Branch: BranchCustom, Effect: EffectItemsUpdated, Start: "pro", Due: 1000, Steps: "price_pr_pro price_pr_op_1_0 change"}, false},
		{"a lower one is credit", customerOf(withCard, holding("pro", onStripe)), allOf(custom("10"), at(halfway)), "pro",
			decided{Branch: BranchCustom, Effect: EffectItemsUpdated, Start: "pro", Due: -500, Steps: "price_pr_pro price_pr_op_1_0 change"}, false},
		{"the same price with other limits", customerOf(holding("pro", onStripe)), allOf(custom("20"), at(halfway)), "pro",
			decided{Branch: BranchCustomLimits, Effect: EffectItemsUpdated, Start: "pro", Steps: "customer price_pr_pro price_pr_pro change"}, false},
		{"another price in a trial waits for its end", customerOf(withCard, holding("pro_trial", inTrial)), allOf(custom("40"), at(April.AddDate(0, 0, 3))), "pro_trial",
			decided{Branch: BranchCustom, Effect: EffectItemsUpdated, Start: "pro_trial", Trial: true, Steps: "price_pr_trial price_pr_op_1_0 change"}, false},
		{"a free product of its own items", customerOf(holding("free")), offered(Wants("messages", Includes("5"), Every(Month))), "free",
			decided{Branch: BranchCustomLimits, Effect: EffectItemsUpdated, Start: "free"}, false},
		{"a free product becomes a paid one of its own", customerOf(withCard, holding("free")), custom("5"), "free",
			decided{Branch: BranchFree, Effect: EffectAttached, Start: "free", Due: 500, Steps: "price_pr_op_1_0 subscription", Else: "price_pr_op_1_0 session"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := decideFor(t, tt.state, tt.how, strings.Fields(tt.buys)...)
			if diff := cmp.Diff(tt.want, summary(got)); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if got.Restart != tt.anew {
				t.Errorf("a full period begins: %v", got.Restart)
			}
			if got.Prorated() != (tt.want.Due != 0 && tt.want.Branch != BranchFree) {
				t.Errorf("prorated is %v", got.Prorated())
			}
			if got.Why == "" || got.Effect == "" {
				t.Errorf("a decision explains itself: %q, %q", got.Why, got.Effect)
			}
		})
	}
}

func TestDecideChangeRefuses(t *testing.T) {
	t.Parallel()
	own := func(a *Attach) { a.Trial = &FreeTrial{Length: 3, Duration: Day} }
	packs := func(s *AttachState) {
		p := OfItems("pro_prepaid", "main", Fee("pr_pp2", "25", Monthly), Sells("pr_pp2_m", "messages", Prepaid, "11", "100", Monthly))
		p.Version = 2
		s.Catalog.Products["pro_prepaid"] = append(s.Catalog.Products["pro_prepaid"], p)
	}
	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Attach)
		buys  string
		why   refusal.Reason
	}{
		{"to wait with what is new", customerOf(withCard), when(EndOfCycle), "pro", "nothing_to_schedule"},
		{"to wait where nothing is paid", customerOf(withCard, holding("free")), when(EndOfCycle), "pro", "nothing_to_schedule"},
		{"to wait with an add-on", customerOf(withCard, holding("pro", onStripe)), when(EndOfCycle), "addon_words", "nothing_to_schedule"},
		{"to wait with a bundle", customerOf(withCard), when(EndOfCycle), "g1_pro g2_pro", "nothing_to_schedule"},
		{"to wait with one's own items", customerOf(withCard, holding("pro", onStripe)), both(custom("40"), when(EndOfCycle)), "pro", "nothing_to_schedule"},
		{"a trial of what is held", customerOf(withCard, holding("pro", onStripe)), both(custom("40"), own), "pro", "trial_of_a_change"},
		{"a trial of what waits", customerOf(withCard, holding("premium", onStripe)), own, "pro", "trial_of_a_change"},
		{"a trial of an upgrade that waits", customerOf(withCard, holding("pro", onStripe)), both(own, when(EndOfCycle)), "premium", "trial_of_a_change"},
		{"a trial of a downgrade at once", customerOf(withCard, holding("premium", onStripe)), both(own, when(Immediate)), "pro", "trial_of_a_change"},
		{"a higher price of one's own without a card", customerOf(holding("pro", onStripe)), custom("40"), "pro", "no_card_for_change"},
		{"one's own items on a page", customerOf(withCard, holding("pro", onStripe)), both(custom("40"), forcePage), "pro", "change_through_a_page"},
		{"one's own items that are as they were", customerOf(withCard, holding("pro", onStripe)), offered(of20()...), "pro", "product_already_attached"},
		{"another version with another quantity", customerOf(withCard, holding("pro_prepaid", onStripe, packsOfMessages("200")), packs), quantity("messages", "500"), "pro_prepaid", "quantity_of_takeover"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd, err := tt.state.buy(tt.how, strings.Fields(tt.buys)...).Customize(tt.state.State, tt.state.Catalog)
			WantReason(t, err, "")
			_, err = DecideAttach(tt.state, cmd)
			WantReason(t, err, tt.why)
		})
	}
}
