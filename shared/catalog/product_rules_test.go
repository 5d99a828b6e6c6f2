package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestWholeProduct(t *testing.T) {
	t.Parallel()
	items := func(w ...WantedItem) *[]WantedItem { return &w }
	yes := ptrTo(true)
	noCard := &FreeTrial{Length: 7, Duration: Day}
	card := &FreeTrial{Length: 7, Duration: Day, CardRequired: true}
	monthly, once := Wants("", Costs("20"), Every(Month)), Wants("", Costs("20"))
	var many []WantedItem
	for range MaxLines + 1 {
		many = append(many, monthly)
	}

	for _, tt := range []struct {
		name string
		cmd  EditProduct
		why  refusal.Reason
	}{
		{"nothing but an id is a free product", EditProduct{ID: "new"}, ""},
		{"ids are unique", EditProduct{ID: "pro"}, "duplicate_product"},
		{"an id is a slug", EditProduct{ID: "pro plan"}, "product_text"},
		{"an id is required", EditProduct{}, "product_text"},
		{"a name has an end", EditProduct{ID: "new", Name: ptrTo(strings.Repeat("n", 201))}, "product_text"},
		{"a group is one line", EditProduct{ID: "new", Group: ptrTo("a\x00b")}, "product_text"},

		{"one fee beside monthly prices", EditProduct{ID: "new", Items: items(monthly, once, Wants("messages", Costs("1"), Every(Month)))}, ""},
		{"a monthly allowance beside a yearly price", EditProduct{ID: "new", Items: items(Wants("", Costs("200"), Every(Year)), Wants("messages", Every(Month)))}, ""},
		{"use of a year beside a month's price", EditProduct{ID: "new", Items: items(monthly, Wants("messages", Costs("1"), Every(Year)))}, "interval_does_not_divide"},
		{"use of each month of a year", EditProduct{ID: "new", Items: items(Wants("", Costs("200"), Every(Year)), Wants("messages", Costs("1"), Every(Month)))}, ""},
		{"use of each quarter of half a year", EditProduct{ID: "new", Items: items(Wants("messages", Costs("1"), Every(Quarter)), Wants("", Costs("200"), Every(SemiAnnual)))}, ""},
		{"use of each week of a year", EditProduct{ID: "new", Items: items(Wants("", Costs("200"), Every(Year)), Wants("messages", Costs("1"), Every(Week)))}, "interval_does_not_divide"},
		{"packs of each month of a year", EditProduct{ID: "new", Items: items(Wants("", Costs("200"), Every(Year)), Wants("messages", Costs("1"), Every(Month), Model(Prepaid)))}, "two_intervals"},
		{"month and year in one subscription", EditProduct{ID: "new", Items: items(monthly, Wants("", Costs("100"), Every(Year)))}, "two_intervals"},
		{"every month and every two months", EditProduct{ID: "new", Items: items(monthly, Wants("", Costs("1"), EveryN(2, Month)))}, "two_intervals"},
		{"more prices than a subscription holds", EditProduct{ID: "new", Items: &many}, "prices_too_many"},
		{"more items than anyone sells", EditProduct{ID: "new", Items: ptrTo(make([]WantedItem, MaxItems+1))}, "items_too_many"},

		{"messages by the day and by the month", EditProduct{ID: "new", Items: items(Wants("messages", Every(Day)), Wants("messages", Every(Month)))}, ""},
		{"prices that Stripe can charge together", EditProduct{ID: "new", Items: items(Wants("", Costs("999999"), Every(Month)), Wants("", Costs("0.99")))}, ""},
		{"prices that Stripe can't charge together", EditProduct{ID: "new", Items: items(Wants("", Costs("999999.99"), Every(Month)), Wants("", Costs("0.01")))}, "prices_too_large"},
		{"messages by the month twice", EditProduct{ID: "new", Items: items(Wants("messages", Every(Month)), Wants("messages", Every(Month)))}, "feature_twice_per_interval"},
		{"a boolean feature twice", EditProduct{ID: "new", Items: items(Wants("dashboard"), Wants("dashboard"))}, "feature_twice_per_interval"},
		{"prepaid and pay per use side by side", EditProduct{ID: "new", Items: items(
			Wants("messages", Costs("1"), Every(Month), Model(Prepaid)), Wants("messages", Costs("2"), Every(Month), Model(PayPerUse)))}, ""},
		{"prepaid twice", EditProduct{ID: "new", Items: items(
			Wants("messages", Costs("1"), Every(Month), Model(Prepaid)), Wants("messages", Costs("2"), Every(Month), Model(Prepaid)))}, "feature_twice_per_interval"},
		{"a free and a priced item of one interval", EditProduct{ID: "new", Items: items(
			Wants("messages", Every(Month)), Wants("messages", Costs("2"), Every(Month)))}, "feature_twice_per_interval"},
		{"units sold for good beside others", EditProduct{ID: "new", Items: items(
			Wants("messages", Every(Month)), Wants("messages", Costs("2"), Model(Prepaid)))}, "feature_sold_for_good"},
		{"others beside units sold for good", EditProduct{ID: "new", Items: items(
			Wants("messages", Costs("2"), Model(Prepaid)), Wants("messages", Every(Month)))}, "feature_sold_for_good"},

		{"a free default", EditProduct{ID: "new", Default: yes, Items: items(Wants("messages", Every(Month)))}, ""},
		{"a paid default", EditProduct{ID: "new", Default: yes, Items: items(monthly)}, "default_not_free"},
		{"a default that starts with a trial without card", EditProduct{ID: "new", Default: yes, Items: items(monthly), SetTrial: true, Trial: noCard}, ""},
		{"a default that asks for a card", EditProduct{ID: "new", Default: yes, Items: items(monthly), SetTrial: true, Trial: card}, "default_not_free"},
		{"a default add-on", EditProduct{ID: "new", Default: yes, AddOn: yes}, "default_add_on"},

		{"a trial of two years", EditProduct{ID: "new", Items: items(monthly), SetTrial: true, Trial: &FreeTrial{Length: 730, Duration: Day}}, ""},
		{"a trial of more", EditProduct{ID: "new", Items: items(monthly), SetTrial: true, Trial: &FreeTrial{Length: 25, Duration: Month}}, "trial_length"},
		{"a trial of nothing", EditProduct{ID: "new", Items: items(monthly), SetTrial: true, Trial: &FreeTrial{Duration: Day}}, "trial_length"},
		{"a trial counted in weeks", EditProduct{ID: "new", Items: items(monthly), SetTrial: true, Trial: &FreeTrial{Length: 1, Duration: Week}}, "trial_duration"},
		{"a trial of what is paid once", EditProduct{ID: "new", Items: items(once), SetTrial: true, Trial: card}, "trial_of_a_one_off"},

		{"a feature made by its item", EditProduct{ID: "new", Items: items(Wants("brand_new", Typed(SingleUse), Every(Month)))}, ""},
		{"a feature made by its item needs a good id", EditProduct{ID: "new", Items: items(Wants("brand new", Typed(SingleUse)))}, "feature_text"},
		{"a credit system is not made by an item", EditProduct{ID: "new", Items: items(Wants("brand_new", Typed(CreditSystem)))}, "credit_costs_missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideCreateProduct(featureCatalog(), tt.cmd)
			WantReason(t, err, tt.why)
		})
	}
}

func TestItemsMakeTheFeaturesTheyDescribeOnce(t *testing.T) {
	t.Parallel()
	got, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Now: April, Items: &[]WantedItem{
		Wants("brand_new", Typed(SingleUse), Every(Day)), Wants("brand_new", Every(Month)), Wants("switch", Typed(Boolean)),
	}})
	WantReason(t, err, "")
	want := []Feature{
		{ID: "brand_new", Name: "Brand New", Type: SingleUse, CreatedAt: April},
		{ID: "switch", Name: "Switch", Type: Boolean, CreatedAt: April},
	}
	if diff := cmp.Diff(want, got.Made); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	if len(got.Catalog.Features) != len(featureCatalog().Features)+2 {
		t.Errorf("%d features are known afterwards", len(got.Catalog.Features))
	}
}

// soldCatalog has one product, pro, whose version 3 is the latest.
func soldCatalog(held ...int) *Catalog {
	c := featureCatalog()
	c.Products["pro"] = []Product{{ID: "pro", Version: 1}, {ID: "pro", Version: 3, Name: "Pro", CreatedAt: April, Items: []Item{
		{ID: "pr_a", Price: Decp("20"), Cycle: Cycle{Interval: Month, Count: 1}, BillingUnits: One},
		{ID: "pr_b", FeatureID: "messages", Included: Dec("100"), Cycle: Cycle{Interval: Month, Count: 1}, BillingUnits: One},
	}}}
	c.VersionsInUse = map[string]bool{}
	for _, v := range held {
		c.VersionsInUse[VersionKey("pro", v)] = true
	}
	return c
}

func TestDecideEditProduct(t *testing.T) {
	t.Parallel()
	base, messages := Wants("", Costs("20"), Every(Month)), Wants("messages", Includes("100"), Every(Month))
	more := Wants("messages", Includes("500"), Every(Month))
	type result struct {
		Version   int
		New, Held bool
		IDs       string
	}
	for _, tt := range []struct {
		name     string
		products []int
		cmd      EditProduct
		want     result
	}{
		{"a new name changes nothing for anybody", []int{3}, EditProduct{Name: ptrTo("Professional")}, result{3, false, true, "pr_a pr_b"}},
		{"the same items again are no change", []int{3}, EditProduct{Items: &[]WantedItem{base, messages}}, result{3, false, true, "pr_a pr_b"}},
		{"another order is no change", []int{3}, EditProduct{Items: &[]WantedItem{messages, base}}, result{3, false, true, "pr_b pr_a"}},
		{"other items make the next version while it is held", []int{3}, EditProduct{Items: &[]WantedItem{base, more}}, result{4, true, false, "pr_a pr_OP_1"}},
		{"an item less makes the next version", []int{3}, EditProduct{Items: &[]WantedItem{base}}, result{4, true, false, "pr_a"}},
		{"no items at all make the next version", []int{3}, EditProduct{Items: &[]WantedItem{}}, result{4, true, false, ""}},
		{"a trial makes the next version", []int{3}, EditProduct{SetTrial: true, Trial: &FreeTrial{Length: 7, Duration: Day}}, result{4, true, false, "pr_a pr_b"}},
		{"no trial where there was none is no change", []int{3}, EditProduct{SetTrial: true}, result{3, false, true, "pr_a pr_b"}},
		{"a version nobody holds changes in place", nil, EditProduct{Items: &[]WantedItem{base, more}}, result{3, false, false, "pr_a pr_OP_1"}},
		{"holders of an older version don't count", []int{1}, EditProduct{Items: &[]WantedItem{base, more}}, result{3, false, false, "pr_a pr_OP_1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.cmd.ID, tt.cmd.OperationID, tt.cmd.Now = "pro", "OP", April.AddDate(0, 1, 0)
			got, err := DecideEditProduct(soldCatalog(tt.products...), tt.cmd)
			WantReason(t, err, "")
			var ids []string
			for _, i := range got.Product.Items {
				ids = append(ids, i.ID)
			}
			if r := (result{got.Product.Version, got.New, got.Held, strings.Join(ids, " ")}); r != tt.want {
				t.Errorf("got %+v, want %+v", r, tt.want)
			}
		})
	}
}

func TestAnItemKeepsItsIDOnlyWhileNothingOfItChanges(t *testing.T) {
	t.Parallel()
	before := Wants("messages", tiers("100 1", "inf 0.5"), Includes("10"), Every(Month), packs("10"), Model(Prepaid), limit("500"))
	keeps := func(after WantedItem) bool {
		c := featureCatalog()
		first, err := DecideCreateProduct(c, EditProduct{ID: "new", Items: &[]WantedItem{before}, OperationID: "OLD"})
		WantReason(t, err, "")
		c.Products["new"] = []Product{first.Product}
		next, err := DecideEditProduct(c, EditProduct{ID: "new", Items: &[]WantedItem{after}, OperationID: "NEW"})
		WantReason(t, err, "")
		return next.Product.Items[0].ID == "pr_OLD_0"
	}
	if !keeps(before) {
		t.Error("an item that stays as it is gets a new id")
	}
	for name, edit := range map[string]Tweak{
		"feature":     func(w *WantedItem) { w.FeatureID = "credits" },
		"included":    Includes("11"),
		"interval":    Every(Year),
		"count":       EveryN(2, Month),
		"price":       func(w *WantedItem) { w.Tiers = nil; w.Price = Decp("1") },
		"tier end":    func(w *WantedItem) { w.Tiers = []Tier{{To: Decp("200"), Amount: One}, {Amount: Dec("0.5")}} },
		"tier amount": func(w *WantedItem) { w.Tiers = []Tier{{To: Decp("100"), Amount: One}, {Amount: Dec("0.6")}} },
		"usage model": Model(PayPerUse),
		"pack":        packs("20"),
		"reset":       func(w *WantedItem) { w.ResetUsage = true },
		"limit":       limit("501"),
		"no limit":    func(w *WantedItem) { w.UsageLimit = nil },
		"on increase": onIncrease("bill_next_cycle"),
		"on decrease": func(w *WantedItem) { w.OnDecrease = "none" },
	} {
		after := before
		if edit(&after); keeps(after) {
			t.Errorf("the item keeps its id although its %s changed", name)
		}
	}
}

func TestEqualItemsHaveIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	c, twice := featureCatalog(), &[]WantedItem{Wants("", Costs("5")), Wants("", Costs("5"))}
	first, err := DecideCreateProduct(c, EditProduct{ID: "new", Items: &[]WantedItem{Wants("", Costs("5"))}, OperationID: "OLD"})
	WantReason(t, err, "")
	c.Products["new"] = []Product{first.Product}
	got, err := DecideEditProduct(c, EditProduct{ID: "new", Items: twice, OperationID: "NEW"})
	WantReason(t, err, "")
	if a, b := got.Product.Items[0].ID, got.Product.Items[1].ID; a != "pr_OLD_0" || b != "pr_NEW_1" {
		t.Errorf("two equal prices are called %s and %s", a, b)
	}
}

func TestAnEditIsCheckedLikeANewProduct(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cmd  EditProduct
		why  refusal.Reason
	}{
		{"a paid product does not become the default", EditProduct{ID: "pro", Default: ptrTo(true)}, "default_not_free"},
		{"the id stays", EditProduct{ID: "pro", NewID: "pro2"}, "product_id_fixed"},
		{"its own id is no change", EditProduct{ID: "pro", NewID: "pro"}, ""},
		{"the product is there", EditProduct{ID: "nothing"}, "product_not_found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideEditProduct(soldCatalog(3), tt.cmd)
			WantReason(t, err, tt.why)
		})
	}
}

func TestDecideDeleteProduct(t *testing.T) {
	t.Parallel()
	c := soldCatalog()
	versions, err := DecideDeleteProduct(c, "pro")
	WantReason(t, err, "")
	if len(versions) != 2 {
		t.Errorf("%d versions go, want both", len(versions))
	}
	_, err = DecideDeleteProduct(c, "nothing")
	WantReason(t, err, "product_not_found")
	_, err = DecideDeleteProduct(soldCatalog(1), "pro")
	WantReason(t, err, "product_has_customers")
	c.Rewards = map[string]Reward{"gift": {ID: "gift", FreeProduct: "pro"}}
	_, err = DecideDeleteProduct(c, "pro")
	WantReason(t, err, ReasonProductIsAReward)
	c.Rewards, c.Programs = nil, map[string]ReferralProgram{"friends": {ID: "friends", ProductIDs: []string{"pro"}}}
	_, err = DecideDeleteProduct(c, "pro")
	WantReason(t, err, ReasonProductInProgram)
}

func TestListProductsShowsTheLatestVersionsOldestFirst(t *testing.T) {
	t.Parallel()
	c := &Catalog{Products: map[string][]Product{
		"a": {{ID: "a", Version: 1, CreatedAt: April.AddDate(0, 0, 2)}},
		"b": {{ID: "b", Version: 1, CreatedAt: April}, {ID: "b", Version: 2, CreatedAt: April.AddDate(0, 0, 9)}},
		"c": {{ID: "c", Version: 1, CreatedAt: April.AddDate(0, 0, 1), Archived: true}},
	}}
	for archived, want := range map[bool]string{false: "b2 a1", true: "b2 c1 a1"} {
		var got []string
		for _, p := range c.ListProducts(archived) {
			got = append(got, p.ID+string(rune('0'+p.Version)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("archived %v: %v, want %s", archived, got, want)
		}
	}
}
