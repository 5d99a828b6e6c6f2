package catalog_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func ptr[V any](v V) *V { return &v }

func wanted(t RewardType, d *WantedDiscount) EditReward {
	return EditReward{ID: "new", InternalID: "rew_new", Name: ptr("New"), Type: &t, Discount: d, Now: time.UnixMilli(5).UTC()}
}

func TestCreateReward(t *testing.T) {
	once := func(value string) *WantedDiscount {
		d, _ := ParseDecimal(value)
		return &WantedDiscount{Value: d, Duration: OneOffDiscount}
	}
	with := func(w EditReward, change func(*EditReward)) EditReward { change(&w); return w }
	free := func(product string, periods int) EditReward {
		return with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreeProduct, w.FreePeriods = &product, &periods })
	}
	tests := []struct {
		name string
		cmd  EditReward
		why  refusal.Reason // of the refusal; "" for none
	}{
		{"a percentage", wanted(PercentageDiscount, once("20")), ""},
		{"all of it", wanted(PercentageDiscount, once("100")), ""},
		{"more than all of it", wanted(PercentageDiscount, once("100.01")), "percentage_above_all"},
		{"nothing", wanted(PercentageDiscount, once("0")), "discount_not_positive"},
		{"less than nothing", wanted(FixedDiscount, once("-1")), "discount_not_positive"},
		{"an amount above 100", wanted(FixedDiscount, once("250.50")), ""},
		{"a part of a cent", wanted(FixedDiscount, once("0.001")), "discount_finer_than_a_cent"},
		{"the largest amount", wanted(InvoiceCredits, once("999999.99")), ""},
		{"more than any charge", wanted(FixedDiscount, once("1000000")), "discount_too_large"},
		{"an amount that fits no number", wanted(FixedDiscount, once("99999999999999999")), "discount_too_large"},
		{"no discount", wanted(FixedDiscount, nil), "discount_missing"},
		{"an unknown type", wanted("cashback", once("1")), "reward_type"},
		{"no type", with(wanted("", once("1")), func(w *EditReward) { w.Type = nil }), "reward_type"},
		{"an unknown duration", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: "weeks"}), "discount_duration_unknown"},
		{"three months", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: MonthsDiscount, Months: 3}), ""},
		{"no months", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: MonthsDiscount}), "discount_months"},
		{"a percentage that rolls over", wanted(PercentageDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, Rollover: true}), "rollover_of_a_percentage"},
		{"an amount that rolls over for ever", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: ForeverDiscount, Rollover: true}), "rollover_without_credits"},
		{"one price", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, PriceIDs: []string{"pr_pro"}}), ""},
		{"one price twice", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, PriceIDs: []string{"pr_pro", "pr_addon", "pr_pro"}}), "discount_price_twice"},
		{"an unknown price", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, PriceIDs: []string{"pr_x"}}), "discount_price_unknown"},
		{"no price at all", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ApplyToAll: ptr(false)}), "discount_of_nothing"},
		{"all prices and one of them", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ApplyToAll: ptr(true), PriceIDs: []string{"pr_pro"}}), "discount_of_all_and_some"},
		{"all prices and an unknown one", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ApplyToAll: ptr(true), PriceIDs: []string{"pr_x"}}), "discount_of_all_and_some"},
		{"months of one invoice", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, Months: 3}), "discount_months_of_another"},
		{"months for ever", wanted(PercentageDiscount, &WantedDiscount{Value: One, Duration: ForeverDiscount, Months: -1}), "discount_months_of_another"},
		{"a discount and a free product", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.FreeProduct = ptr("bonus") }), "free_product_of_a_discount"},
		{"a free product and a discount", with(wanted(FreeProduct, once("1")), func(w *EditReward) { w.FreeProduct = ptr("bonus") }), "discount_of_a_free_product"},
		{"a discount and no free product", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.FreeProduct = ptr("") }), ""},
		{"a free add-on", with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreeProduct = ptr("bonus") }), ""},
		{"a free product without the product", wanted(FreeProduct, nil), "reward_without_product"},
		{"a free product nobody knows", with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreeProduct = ptr("x") }), "reward_product_not_found"},
		{"a free product that is no add-on", with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreeProduct = ptr("hobby") }), "reward_product_no_add_on"},
		{"a paid plan for good", with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreeProduct = ptr("pro") }), "reward_without_periods"},
		{"a paid plan for a year", free("pro", 12), ""},
		{"a paid add-on for a month", free("addon_words", 1), ""},
		{"a paid plan for too long", free("pro", 25), "free_periods"},
		{"a paid plan for less than nothing", free("pro", -1), "free_periods"},
		{"months of what costs nothing", free("bonus", 1), "free_periods_of_another"},
		{"months of what is paid once", free("boost_once", 1), "free_periods_of_another"},
		{"months of an unknown product", free("x", 1), "reward_product_not_found"},
		{"months of no product", with(wanted(FreeProduct, nil), func(w *EditReward) { w.FreePeriods = ptr(1) }), "reward_without_product"},
		{"a discount and free months", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.FreePeriods = ptr(1) }), "free_periods_of_a_discount"},
		{"no id", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.ID = "" }), "reward_nameless"},
		{"no name", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.Name = nil }), "reward_nameless"},
		{"an id with a slash", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.ID = "a/b" }), "reward_text"},
		{"an id that is taken", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.ID = "gift" }), "duplicate_reward"},
		{"a month of one invoice", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, Months: 1}), ""},
		{"one product", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ProductIDs: []string{"pro"}}), ""},
		{"an unknown product", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ProductIDs: []string{"x"}}), "discount_product_unknown"},
		{"a product twice", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ProductIDs: []string{"pro", "pro"}}), "discount_product_twice"},
		{"a product without a price", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ProductIDs: []string{"bonus"}}), "discount_product_free"},
		{"all prices and one product", wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: OneOffDiscount, ApplyToAll: ptr(true), ProductIDs: []string{"pro"}}), "discount_of_all_and_some"},
		{"a limit below nothing", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.Max = ptr(-1) }), "reward_limit"},
		{"a limit beyond Stripe's", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.Max = ptr(MaxUses + 1) }), "reward_limit"},
		{"more for one customer than for all", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.Max, w.MaxPerCustomer = ptr(2), ptr(3) }), "reward_per_customer"},
		{"a last day that is over", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.RedeemBy = ptr(w.Now) }), "reward_redeem_by"},
		{"a last day", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.RedeemBy = ptr(w.Now.Add(1)) }), ""},
		{"a discount that expires as credits", with(wanted(FixedDiscount, once("1")), func(w *EditReward) { w.CreditMonths = ptr(3) }), "credits_expire_of_another"},
		{"credits that expire", with(wanted(InvoiceCredits, once("1")), func(w *EditReward) { w.CreditMonths = ptr(3) }), ""},
		{"credits that expire twice", with(wanted(InvoiceCredits, &WantedDiscount{Value: One, Duration: MonthsDiscount, Months: 2}), func(w *EditReward) { w.CreditMonths = ptr(3) }), "credits_expire_twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := DecideCreateReward(RewardCatalog(), tt.cmd)
			WantReason(t, err, tt.why)
		})
	}
}

func TestBothSpellingsOfInvoiceCreditsAreOneReward(t *testing.T) {
	older, err := DecideCreateReward(RewardCatalog(), wanted(FixedDiscount, &WantedDiscount{Value: Int(50), Duration: OneOffDiscount, Rollover: true}))
	if err != nil {
		t.Fatal(err)
	}
	newer, err := DecideCreateReward(RewardCatalog(), wanted(InvoiceCredits, &WantedDiscount{Value: Int(50), Duration: OneOffDiscount}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(older, newer); diff != "" || older.Type != InvoiceCredits {
		t.Errorf("older spelling is %s (-older +newer):\n%s", older.Type, diff)
	}
}

// Of another type a reward keeps nothing of what it gave before.
func TestARewardKeepsWhatItsTypeUses(t *testing.T) {
	c := RewardCatalog()
	gift := wanted(FreeProduct, nil)
	gift.ID, gift.FreeProduct = "gift", ptr("bonus")
	off := wanted(FixedDiscount, &WantedDiscount{Value: One, Duration: ForeverDiscount})
	off.ID = "gift"
	for _, cmd := range []EditReward{off, gift, off} {
		change, err := DecideEditReward(c, cmd)
		if err != nil {
			t.Fatal(err)
		}
		c.Rewards["gift"] = change
		if free := *cmd.Type == FreeProduct; free != (change.FreeProduct != "") || free != (change.Discount == nil) {
			t.Errorf("a %s gives %q and %v", *cmd.Type, change.FreeProduct, change.Discount)
		}
	}
}

func TestEditReward(t *testing.T) {
	c := RewardCatalog()
	now := time.UnixMilli(5).UTC()
	got, err := DecideEditReward(c, EditReward{ID: "rew_tenth", Max: ptr(5), RedeemBy: ptr(now.Add(time.Hour)), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	want := c.Rewards["tenth"]
	want.Max, want.RedeemBy = 5, now.Add(time.Hour)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a limit changed more or less than that (-want +got):\n%s", diff)
	}
	c.Rewards["tenth"] = got
	if got, err = DecideEditReward(c, EditReward{ID: "tenth", Max: ptr(0), RedeemBy: ptr(time.Time{}), Used: 4, Now: now}); err != nil || got.Max != 0 || !got.RedeemBy.IsZero() {
		t.Errorf("limits taken away: %+v, %v", got, err)
	}
	for name, cmd := range map[string]EditReward{
		"more uses of a reward that is used up":     {ID: "tenth", Max: ptr(6), Used: 5, Now: now},
		"no limit of a reward that is used up":      {ID: "tenth", Max: ptr(0), Used: 5, Now: now},
		"a later end of a reward that is used up":   {ID: "tenth", RedeemBy: ptr(now.Add(2 * time.Hour)), Used: 5, Now: now},
		"more uses of a reward whose time is over":  {ID: "tenth", Max: ptr(6), Now: now.Add(time.Hour)},
		"a later end of a reward whose end is over": {ID: "tenth", RedeemBy: ptr(now.Add(3 * time.Hour)), Now: now.Add(2 * time.Hour)},
	} {
		if _, err := DecideEditReward(c, cmd); ReasonOf(err) != ReasonRewardEnded {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := DecideEditReward(c, EditReward{ID: "tenth", Name: ptr("Other"), Max: ptr(5), Used: 5, Now: now}); err != nil {
		t.Errorf("another name of a reward that has ended: %v", err)
	}
	got, err = DecideEditReward(c, EditReward{ID: "tenth", Type: ptr(FreeProduct), FreeProduct: ptr("bonus")})
	if err != nil || got.Discount != nil {
		t.Errorf("a free product keeps no discount: %+v, %v", got, err)
	}
	for name, tt := range map[string]struct {
		cmd EditReward
		why refusal.Reason
	}{
		"an unknown reward":                    {EditReward{ID: "x"}, "reward_not_found"},
		"another id":                           {EditReward{ID: "tenth", NewID: "other"}, "reward_id_fixed"},
		"an empty name":                        {EditReward{ID: "tenth", Name: ptr("")}, "reward_name"},
		"a percentage that would be an amount": {EditReward{ID: "tenth", Type: ptr(FixedDiscount)}, "reward_type_alone"},
		"a discount where there is none":       {EditReward{ID: "gift", Type: ptr(FixedDiscount)}, "discount_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			c := RewardCatalog()
			c.Programs["signup"] = ReferralProgram{ID: "signup", When: OnSignUp, RewardID: "gift"}
			_, err := DecideEditReward(c, tt.cmd)
			WantReason(t, err, tt.why)
		})
	}
}

func TestARewardOfAProgramCannotBeDeleted(t *testing.T) {
	c := RewardCatalog()
	c.Programs["signup"] = ReferralProgram{ID: "signup", RewardID: "gift"}
	if _, err := DecideDeleteReward(c, "rew_gift"); ReasonOf(err) != ReasonRewardInProgram {
		t.Errorf("linked: %v", err)
	}
	if _, err := DecideDeleteReward(c, "x"); ReasonOf(err) != "reward_not_found" {
		t.Errorf("unknown: %v", err)
	}
	delete(c.Programs, "signup")
	if r, err := DecideDeleteReward(c, "rew_gift"); err != nil || r.ID != "gift" {
		t.Errorf("free to go: %v, %v", r, err)
	}
}

func TestADiscountOfProductsCoversEveryVersion(t *testing.T) {
	c := RewardCatalog()
	old := c.Products["pro"][0]
	next := old
	next.Version, next.Items = 2, append([]Item{{ID: "pr_more", Price: old.Items[1].Price, Cycle: old.Items[1].Cycle}}, old.Items...)
	c.Products["pro"] = append(c.Products["pro"], next)
	got := c.Covered(Discount{ProductIDs: []string{"pro", "deleted"}, PriceIDs: []string{"pr_addon", "pr_gone"}})
	if diff := cmp.Diff([]string{"pr_addon", "pr_more", "pr_pro"}, got); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
	if c.Covered(Discount{ApplyToAll: true}) != nil || c.Covered(Discount{PriceIDs: []string{"pr_gone"}}) == nil {
		t.Error("all is nil, and nothing is an empty list")
	}
}
