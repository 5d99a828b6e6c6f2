package reward_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
	. "windfall/shared/reward"
)

var now = time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)

// aUse is a use that every rule allows: a code of ten percent with a purchase of 20.00.
func aUse(change func(*Use)) Use {
	u := Use{Text: "TEN", Code: &PromoCode{Code: "TEN", RewardID: "rew_1", Version: 1},
		Reward:     &catalog.Reward{ID: "ten", InternalID: "rew_1", Type: catalog.PercentageDiscount, Discount: &catalog.Discount{ApplyToAll: true}},
		CustomerID: "cus_1", Way: Purchased, Subtotal: 2000, Items: []string{"pr_base", "pr_use"}, Named: 1}
	change(&u)
	return u
}

func TestEveryRuleOfAUse(t *testing.T) {
	t.Parallel()
	ofType := func(t catalog.RewardType, way Way) func(*Use) {
		return func(u *Use) { u.Reward.Type, u.Way = t, way }
	}
	for name, tt := range map[string]struct {
		change func(*Use)
		no     map[Rule]refusal.Reason
	}{
		"allowed":                                  {func(*Use) {}, nil},
		"by the reward's id":                       {func(u *Use) { u.Text, u.Code = "", nil }, nil},
		"an unknown code":                          {func(u *Use) { u.Code, u.Reward = nil, nil }, map[Rule]refusal.Reason{RuleExists: ReasonCodeUnknown}},
		"an unknown reward":                        {func(u *Use) { u.Text, u.Code, u.Reward = "", nil, nil }, map[Rule]refusal.Reason{RuleExists: ReasonCodeUnknown}},
		"a code whose reward is gone":              {func(u *Use) { u.Reward = nil }, map[Rule]refusal.Reason{RuleExists: ReasonCodeUnknown}},
		"a code that is used up":                   {func(u *Use) { u.Code.Max, u.Code.Used = 3, 3 }, map[Rule]refusal.Reason{RuleLimit: ReasonUsedUp}},
		"a code with one use left":                 {func(u *Use) { u.Code.Max, u.Code.Used = 3, 2 }, nil},
		"a reward that is used up":                 {func(u *Use) { u.Reward.Max, u.RewardUsed = 3, 3 }, map[Rule]refusal.Reason{RuleLimit: ReasonUsedUp}},
		"an inactive code":                         {func(u *Use) { u.Code.Inactive = true }, map[Rule]refusal.Reason{RuleActive: ReasonInactive}},
		"a code at its end":                        {func(u *Use) { u.Code.ExpiresAt = now }, map[Rule]refusal.Reason{RuleActive: ReasonExpired}},
		"a code before its end":                    {func(u *Use) { u.Code.ExpiresAt = now.Add(1) }, nil},
		"a reward at its end":                      {func(u *Use) { u.Reward.RedeemBy = now }, map[Rule]refusal.Reason{RuleActive: ReasonExpired}},
		"used up and inactive: the limit is first": {func(u *Use) { u.Code.Max, u.Code.Used, u.Code.Inactive = 1, 1, true }, map[Rule]refusal.Reason{RuleLimit: ReasonUsedUp, RuleActive: ReasonInactive}},
		"another customer's code":                  {func(u *Use) { u.Code.CustomerID = "cus_2" }, map[Rule]refusal.Reason{RuleCustomer: ReasonForAnother}},
		"the customer's own":                       {func(u *Use) { u.Code.CustomerID = "cus_1" }, nil},
		"a text of others alone":                   {func(u *Use) { u.Code, u.Reward, u.OfOthers = nil, nil, true }, map[Rule]refusal.Reason{RuleCustomer: ReasonForAnother}},
		"a free product with a purchase":           {ofType(catalog.FreeProduct, Purchased), map[Rule]refusal.Reason{RuleWay: ReasonWrongWay}},
		"a free product with a change":             {ofType(catalog.FreeProduct, Changed), map[Rule]refusal.Reason{RuleWay: ReasonWrongWay}},
		"a free product on the customer":           {ofType(catalog.FreeProduct, Given), nil},
		"a free product by itself":                 {ofType(catalog.FreeProduct, Redeemed), nil},
		"a percentage by itself":                   {ofType(catalog.PercentageDiscount, Redeemed), map[Rule]refusal.Reason{RuleWay: ReasonWrongWay}},
		"an amount by itself":                      {ofType(catalog.FixedDiscount, Redeemed), map[Rule]refusal.Reason{RuleWay: ReasonWrongWay}},
		"credits by themselves":                    {ofType(catalog.InvoiceCredits, Redeemed), nil},
		"credits with a change":                    {ofType(catalog.InvoiceCredits, Changed), nil},
		"as often as a customer may":               {func(u *Use) { u.Reward.MaxPerCustomer, u.UsedReward = 2, 2 }, map[Rule]refusal.Reason{RuleOften: ReasonUsedByCustomer}},
		"as often with the code":                   {func(u *Use) { u.Code.MaxPerCustomer, u.UsedCode = 1, 1 }, map[Rule]refusal.Reason{RuleOften: ReasonUsedByCustomer}},
		"with another code of it":                  {func(u *Use) { u.Code.MaxPerCustomer, u.UsedReward = 1, 5 }, nil},
		"redeemed before, with any code":           {func(u *Use) { ofType(catalog.FreeProduct, Redeemed)(u); u.UsedReward = 1 }, map[Rule]refusal.Reason{RuleOften: ReasonUsedByCustomer}},
		"bought before":                            {func(u *Use) { u.Code.FirstTimeOnly, u.BoughtBefore = true, true }, map[Rule]refusal.Reason{RuleFirstTime: ReasonNotFirstTime}},
		"the first purchase":                       {func(u *Use) { u.Code.FirstTimeOnly = true }, nil},
		"an amount in another currency":            {func(u *Use) { u.Reward.Type, u.Currency = catalog.FixedDiscount, "eur" }, map[Rule]refusal.Reason{RuleCurrency: ReasonOtherCurrency}},
		"a percentage in another currency":         {func(u *Use) { u.Currency = "eur" }, nil},
		"a minimum in another currency":            {func(u *Use) { u.Currency, u.Code.Minimum, u.Code.Currency = "eur", 1, "usd" }, map[Rule]refusal.Reason{RuleCurrency: ReasonMinimumOtherCurrency}},
		"a cent below the minimum":                 {func(u *Use) { u.Code.Minimum, u.Code.Currency = 2001, "usd" }, map[Rule]refusal.Reason{RuleMinimum: ReasonMinimumNotMet}},
		"the very minimum":                         {func(u *Use) { u.Code.Minimum, u.Code.Currency = 2000, "usd" }, nil},
		"a minimum and a change":                   {func(u *Use) { u.Code.Minimum, u.Code.Currency, u.Way = 1, "usd", Changed }, map[Rule]refusal.Reason{RuleMinimum: ReasonNewPurchasesOnly}},
		"a minimum on the customer":                {func(u *Use) { u.Code.Minimum, u.Code.Currency, u.Way = 1, "usd", Given }, map[Rule]refusal.Reason{RuleMinimum: ReasonNewPurchasesOnly}},
		"none of its prices":                       {func(u *Use) { u.Covered = []string{"pr_other"} }, map[Rule]refusal.Reason{RuleScope: ReasonNotApplicable}},
		"no price that is still sold":              {func(u *Use) { u.Covered = []string{} }, map[Rule]refusal.Reason{RuleScope: ReasonNotApplicable}},
		"a usage price of the purchase":            {func(u *Use) { u.Covered = []string{"pr_use"} }, nil},
		"a change for later":                       {func(u *Use) { u.Way = Waiting }, map[Rule]refusal.Reason{RuleScope: ReasonNothingBoughtNow}},
		"two rewards":                              {func(u *Use) { u.Named = 2 }, map[Rule]refusal.Reason{RuleAlone: ReasonNotCombinable}},
		"another discount runs":                    {func(u *Use) { u.OtherDiscounts = []string{"five"} }, map[Rule]refusal.Reason{RuleAlone: ReasonAnotherDiscount}},
		"another runs, and it waits":               {func(u *Use) { u.OtherDiscounts, u.Way = []string{"five"}, Given }, nil},
		"another runs beside credits":              {func(u *Use) { ofType(catalog.InvoiceCredits, Redeemed)(u); u.OtherDiscounts = []string{"five"} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := aUse(tt.change).Evaluate(now)
			no := map[Rule]refusal.Reason{}
			for _, a := range answers {
				if (a.Refusal == nil) == (a.Why == nil) {
					t.Errorf("%s says yes and no, or neither", a.Rule)
				}
				if a.Refusal != nil {
					no[a.Rule] = a.Refusal.Reason
				}
			}
			if tt.no == nil {
				tt.no = map[Rule]refusal.Reason{}
			}
			if diff := cmp.Diff(tt.no, no); diff != "" {
				t.Errorf("refusals (-want +got):\n%s", diff)
			}
			first := Refusal(answers)
			if (first == nil) != (len(no) == 0) {
				t.Errorf("reported: %v", first)
			}
		})
	}
}

// The refusal that is reported is that of the first rule in the order of the
// documents, whatever else is wrong.
func TestTheFirstRefusalIsReported(t *testing.T) {
	t.Parallel()
	order := []Rule{RuleExists, RuleLimit, RuleActive, RuleCustomer, RuleWay, RuleOften, RuleFirstTime, RuleCurrency, RuleMinimum, RuleScope, RuleAlone}
	wrongs := map[Rule]func(*Use){
		RuleLimit:     func(u *Use) { u.Code.Max, u.Code.Used = 1, 1 },
		RuleActive:    func(u *Use) { u.Code.Inactive = true },
		RuleCustomer:  func(u *Use) { u.Code.CustomerID = "cus_2" },
		RuleWay:       func(u *Use) { u.Reward.Type = catalog.FreeProduct },
		RuleOften:     func(u *Use) { u.Reward.MaxPerCustomer, u.UsedReward = 1, 1 },
		RuleFirstTime: func(u *Use) { u.Code.FirstTimeOnly, u.BoughtBefore = true, true },
		RuleCurrency:  func(u *Use) { u.Currency, u.Code.Minimum, u.Code.Currency = "eur", 1, "usd" },
		RuleMinimum:   func(u *Use) { u.Code.Minimum, u.Code.Currency = 9999, "usd" },
		RuleScope:     func(u *Use) { u.Covered = []string{"pr_other"} },
		RuleAlone:     func(u *Use) { u.Named = 2 },
	}
	rapid.Check(t, func(t *rapid.T) {
		u, first := aUse(func(*Use) {}), Rule("")
		for _, rule := range order[1:] {
			if rapid.Bool().Draw(t, string(rule)) {
				if wrongs[rule](&u); first == "" {
					first = rule
				}
			}
		}
		answers := u.Evaluate(now)
		got := Rule("")
		for i, a := range answers {
			if a.Rule != order[i] {
				t.Fatalf("rule %d is %s, want %s", i, a.Rule, order[i])
			}
			if a.Refusal != nil && a.Refusal == Refusal(answers) {
				got = a.Rule
			}
		}
		if got != first {
			t.Fatalf("reported %q, want %q", got, first)
		}
	})
}

// A dead code stays dead: time goes on and uses are counted up, and nothing else
// about it moves.
func TestI29ADeadCodeStaysDead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := catalog.Reward{Max: rapid.IntRange(0, 3).Draw(t, "reward's limit")}
		p := PromoCode{Max: rapid.IntRange(0, 3).Draw(t, "limit")}
		at, used, dead := now, 0, false
		if rapid.Bool().Draw(t, "expires") {
			p.ExpiresAt = now.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "hours")) * time.Hour)
		}
		if rapid.Bool().Draw(t, "ends") {
			r.RedeemBy = now.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "reward's hours")) * time.Hour)
		}
		for range 12 {
			switch rapid.IntRange(0, 3).Draw(t, "move") {
			case 0:
				at = at.Add(time.Hour)
			case 1:
				if p.Status(&r, used, at) == Active {
					p.Used, used = p.Used+1, used+1
				}
			case 2:
				used++ // by another code of the reward
			case 3:
				p.Inactive = !p.Inactive
			}
			status := p.Status(&r, used, at)
			if dead && status != Dead {
				t.Fatalf("%+v came back as %s", p, status)
			}
			if dead = status == Dead; p.Max > 0 && p.Used > p.Max {
				t.Fatalf("used %d of %d times", p.Used, p.Max)
			}
		}
		if p.Status(nil, used, at) != Dead {
			t.Fatal("its reward is gone")
		}
	})
}
