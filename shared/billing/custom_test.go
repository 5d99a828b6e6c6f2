package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

// offered asks for items instead of the product's own.
func offered(items ...WantedItem) func(*Attach) { return func(a *Attach) { a.Items = &items } }

// of20 is what pro costs and gives, as it would be asked for.
func of20() []WantedItem {
	return []WantedItem{
		Wants("", Costs("20"), Every(Month)),
		Wants("messages", Includes("500"), Every(Month), func(w *WantedItem) { w.ResetUsage = true }),
		Wants("dashboard"),
	}
}

func TestCustomizeKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	mine := func(cp *CustomerProduct) {
		p := OfItems("pro", "main", Fee("pr_mine", "15", Monthly))
		cp.Custom = &p
	}
	for _, tt := range []struct {
		name   string
		state  AttachState
		items  []WantedItem
		ids    []string
		custom bool
	}{
		{"the product's own items make no custom product", customerOf(), of20(), []string{"pr_pro", "pr_pro_m", "pr_pro_d"}, false},
		{"in whatever order", customerOf(), []WantedItem{of20()[2], of20()[0], of20()[1]}, []string{"pr_pro", "pr_pro_m", "pr_pro_d"}, false},
		{"what stays keeps its price", customerOf(), append(of20()[:1:1], Wants("words", Includes("9"), Every(Month))), []string{"pr_pro", "pr_op_1_1"}, true},
		{"what is new gets one", customerOf(), []WantedItem{Wants("", Costs("15"), Every(Month))}, []string{"pr_op_1_0"}, true},
		{"what the customer has is known", customerOf(holding("pro", mine)), []WantedItem{Wants("", Costs("15"), Every(Month))}, []string{"pr_mine"}, true},
		{"what somebody had is not", customerOf(holding("pro", mine, func(cp *CustomerProduct) { cp.Status = Expired })),
			[]WantedItem{Wants("", Costs("15"), Every(Month))}, []string{"pr_op_1_0"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.state.buy(offered(tt.items...), "pro").Customize(tt.state.State, tt.state.Catalog)
			WantReason(t, err, "")
			var ids []string
			for _, i := range got.Products[0].Items {
				ids = append(ids, i.ID)
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" || got.Custom != tt.custom {
				t.Errorf("custom %v, items (-want +got):\n%s", got.Custom, diff)
			}
		})
	}
}

func TestCustomizeRefuses(t *testing.T) {
	t.Parallel()
	own := func(length int, d Interval) func(*Attach) {
		return func(a *Attach) { a.Trial = &FreeTrial{Length: length, Duration: d} }
	}
	price := Wants("", Costs("15"), Every(Month))
	for _, tt := range []struct {
		name string
		how  func(*Attach)
		buys string
		why  refusal.Reason
	}{
		{"items to a publishable key", both(offered(price), publishable), "pro", "terms_not_for_sale"},
		{"a trial to a publishable key", both(own(3, Day), publishable), "pro", "terms_not_for_sale"},
		{"two intervals", offered(price, Wants("", Costs("9"), Every(Year))), "pro", "two_intervals"},
		{"an item that says nothing", offered(Wants("")), "pro", "item_empty"},
		{"an unknown feature", offered(Wants("nothing", Includes("1"))), "pro", "feature_not_found"},
		{"an unknown feature that it describes", offered(Wants("nothing", Includes("1"), Typed(SingleUse))), "pro", "feature_not_found"},
		{"a trial of no length", own(0, Day), "pro", "trial_length"},
		{"a trial of three years", own(3, Year), "pro", "trial_length"},
		{"a trial in weeks", own(3, Week), "pro", "trial_duration"},
		{"a trial of what is paid once", own(3, Day), "setup", "trial_of_a_one_off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf()
			_, err := s.buy(tt.how, tt.buys).Customize(s.State, s.Catalog)
			WantReason(t, err, tt.why)
		})
	}
}

func TestMatchedIsBlindToOrderAndCountsTwins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []Item {
			var items []Item
			for _, n := range rapid.SliceOfN(rapid.IntRange(1, 3), 0, 4).Draw(t, name) {
				items = append(items, Fee("", Int(int64(n)).String(), Monthly))
			}
			return items
		}
		count := func(items []Item) map[string]int {
			n := map[string]int{}
			for _, i := range items {
				n[i.Price.String()]++
			}
			return n
		}
		a, b := draw("a"), draw("b")
		if got, want := matched(a, b, Item.CostsSame), cmp.Equal(count(a), count(b)); got != want {
			t.Fatalf("matched is %v, want %v", got, want)
		}
		if !matched(a, rapid.Permutation(a).Draw(t, "order"), Item.CostsSame) {
			t.Fatal("the order counts")
		}
	})
}

func TestWhatACustomChangeIs(t *testing.T) {
	t.Parallel()
	plain := OfItems("p", "main", Fee("a", "20", Monthly), Allowance("b", "messages", "500", Monthly), UsedMessages("c", "0", "0.1"))
	with := func(change func([]Item)) Product {
		p := plain
		p.Items = append([]Item(nil), plain.Items...)
		change(p.Items)
		return p
	}
	for name, tt := range map[string]struct {
		to   Product
		want Branch
	}{
		"nothing":              {plain, ""},
		"an id alone":          {with(func(i []Item) { i[0].ID = "x" }), ""},
		"an allowance":         {with(func(i []Item) { i[1].Included = Dec("600") }), BranchCustomLimits},
		"included pay per use": {with(func(i []Item) { i[2].Included = Dec("60") }), BranchCustomLimits},
		"a usage limit":        {with(func(i []Item) { i[2].UsageLimit = Decp("90") }), BranchCustomLimits},
		"a price":              {with(func(i []Item) { i[0].Price = Decp("21") }), BranchCustom},
		"a price per use":      {with(func(i []Item) { i[2].Price = Decp("0.2") }), BranchCustom},
		"the interval":         {with(func(i []Item) { i[0].Cycle = Cycle{Interval: Year, Count: 1} }), BranchCustom},
		"one price less":       {OfItems("p", "main", plain.Items[1:]...), BranchCustom},
	} {
		if got := customBranch(plain, tt.to); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
