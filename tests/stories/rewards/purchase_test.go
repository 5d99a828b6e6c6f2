package rewards

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// off is a discount on everything: a percentage, or with "fixed" an amount.
func off(w *World, id, kind string, value float64, duration string, months int, more ...JSON) {
	w.Helper()
	createReward(w, id, kind+"_discount", append([]JSON{{"discount_config": JSON{"discount_value": value, "duration_type": duration, "duration_value": months, "apply_to_all": true}}}, more...)...)
}

func code(text string, terms ...JSON) JSON {
	return JSON{"promo_codes": []JSON{Merge(JSON{"code": text}, terms...)}}
}

// worldOfPurchases sells everything and has customers with a card.
func worldOfPurchases(t *testing.T, customers ...string) *World {
	t.Helper()
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	for _, id := range customers {
		w.CustomerWithCard(id)
	}
	return w
}

// previewed previews a purchase, makes it, and checks that it cost what was shown.
func previewed(w *World, customer, product string, more ...JSON) JSON {
	w.Helper()
	ask := Merge(JSON{"customer_id": customer, "product_id": product}, more...)
	before := len(w.Invoices(customer))
	shown := w.Post("/v1/attach/preview", ask)
	done := w.Post("/v1/attach", ask)
	var billed int64
	for _, in := range w.Invoices(customer)[before:] {
		billed += in.Total
	}
	w.Want("charged as shown", float64(billed)/100, ValueAt(shown, "due_today.total"))
	paidAsShown(w, customer, before, shown)
	return Merge(shown, JSON{"done": done})
}

func TestRWD01APercentageOnce(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "quarter", "percentage", 25, "one_off", 0)
	shown := previewed(w, "c", "pro", JSON{"reward": "quarter"})
	today := ValueAt(shown, "due_today").(JSON)
	w.Want("subtotal", today["subtotal"], 20.0)
	w.Want("discounts", today["discounts"], []any{JSON{"reward_id": "quarter", "code": nil, "amount": 5.0}})
	w.Want("the line", ValueAt(today["line_items"].([]any)[0], "discount"), 5.0)
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 20.0)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1500, 2000)
	w.Want("uses", w.Get("/v1/rewards/quarter")["times_redeemed"], 1.0)
}

func TestRWD02AnAmountOnceByIDAndByCode(t *testing.T) {
	w := worldOfPurchases(t, "c", "d", "e")
	w.Product("credits", "", JSON{"price": 10}).AddOn()
	w.Post("/v1/products/credits", JSON{"items": []JSON{{"price": 10, "interval": nil}}})
	off(w, "five", "fixed", 5, "one_off", 0, code("FIVE"))
	previewed(w, "c", "pro", JSON{"reward": "five"})
	previewed(w, "d", "credits", JSON{"reward": []string{"five"}})
	shown := previewed(w, "e", "credits", JSON{"promo_code": " five "})
	w.Want("by code", ValueAt(shown, "due_today.discounts"), []any{JSON{"reward_id": "five", "code": "FIVE", "amount": 5.0}})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1500, 2000)
	w.Billed("d", 500)
	w.Billed("e", 500)
	w.Want("uses", w.Get("/v1/rewards/five")["times_redeemed"], 3.0)
	w.Want("uses of the code", w.Get("/v1/rewards/five/promo_codes/FIVE")["times_redeemed"], 1.0)
}

func TestRWD03APercentageForMonths(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "months", 3)
	shown := previewed(w, "c", "pro", JSON{"discounts": []JSON{{"reward_id": "fifth"}}})
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 16.0)
	for _, day := range []time.Time{T1, T2, T0.AddDate(0, 3, 0)} {
		w.AdvancePastRenewal(day)
	}
	w.Billed("c", 1600, 1600, 1600, 2000)
}

func TestRWD04APercentageForever(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "tenth", "percentage", 10, "forever", 0)
	previewed(w, "c", "pro", JSON{"reward": "tenth"})
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 1800, 1800, 1800)
}

func TestRWD07APercentageOfOnePrice(t *testing.T) {
	w := worldOfPurchases(t, "c")
	base := ""
	for _, item := range w.Get("/v1/products/pro_use")["items"].([]any) {
		if ValueAt(item, "feature_id") == nil {
			base = ValueAt(item, "price_id").(string)
		}
	}
	createReward(w, "half", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "forever", "price_ids": []string{base}}})
	previewed(w, "c", "pro_use", JSON{"reward": "half"})
	w.Track("c", "messages", 200)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1000, 2000)
}

func TestRWD12ACodeForAFirstPurchase(t *testing.T) {
	w := worldOfPurchases(t, "fresh", "known")
	off(w, "quarter", "percentage", 25, "one_off", 0, code("FIRST", JSON{"first_time_transaction": true}))
	previewed(w, "fresh", "pro", JSON{"promo_code": "FIRST"})
	w.Attach("known", "addon_words")
	w.Refused(400, "promo_code_first_time_only", "/v1/attach", JSON{"customer_id": "known", "product_id": "pro", "promo_code": "first"})
	w.Refused(400, "promo_code_first_time_only", "/v1/attach/preview", JSON{"customer_id": "known", "product_id": "pro", "promo_code": "first"})
	w.Billed("fresh", 1500)
	w.Billed("known", 2000)
	w.HasProducts("known", "free active", "addon_words active")
}

func TestRWD14AnUpgradeWithAReward(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "one_off", 0)
	w.Attach("c", "pro")
	shown := previewed(w, "c", "premium", JSON{"reward": "fifth"})
	w.Want("discounts", ValueAt(shown, "due_today.discounts"), []any{JSON{"reward_id": "fifth", "code": nil, "amount": 10.0}})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000, 5000)
}

func TestRWD15OneRewardNamedTwiceIsOne(t *testing.T) {
	w := worldOfPurchases(t, "c", "d")
	off(w, "fifth", "percentage", 20, "one_off", 0, code("FIFTH"))
	previewed(w, "c", "pro", JSON{"reward": []string{"fifth", "fifth"}})
	previewed(w, "d", "pro", JSON{"reward": []string{"fifth", "FIFTH"}, "promo_code": "fifth", "promotion_code": "Fifth", "discounts": []JSON{{"promotion_code": "FIFTH"}}})
	w.Billed("c", 1600)
	w.Billed("d", 1600)
	w.Want("uses", w.Get("/v1/rewards/fifth")["times_redeemed"], 2.0)
}

func TestRWD16AChangeDoesNotExtendADiscount(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "months", 2)
	w.Attach("c", "pro", JSON{"reward": "fifth"})
	ends := func() any {
		return ValueAt(w.Customer("c", "rewards"), "rewards.discounts.0.end")
	}
	before := ends()
	w.Advance("15d")
	previewed(w, "c", "premium")
	w.Want("the end", ends(), before)
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 1600, 1200, 4000, 5000)
}

func TestRWD18AnAmountOverTwoProducts(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "seven", "fixed", 7, "one_off", 0)
	ask := JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_starter"}, "reward": "seven"}
	shown := w.Post("/v1/attach/preview", ask)
	var each []any
	for _, l := range ValueAt(shown, "due_today.line_items").([]any) {
		each = append(each, ValueAt(l, "discount"))
	}
	w.Want("line by line", each, []any{4.2, 2.8})
	w.Post("/v1/attach", ask)
	w.Billed("c", 4300)
}

func TestRWD19APercentageLineByLine(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("a", "a", Price(9.99))
	w.Product("b", "b", Price(4.99))
	off(w, "third", "percentage", 33.3, "one_off", 0)
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"a", "b"}, "reward": "third"})
	w.Billed("c", 999)
}

func TestRWD20ARunningPercentageAndAChangeNow(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "forever", 0)
	w.Attach("c", "pro", JSON{"reward": "fifth"})
	w.Advance("15d")
	shown := previewed(w, "c", "premium")
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 40.0)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1600, 1200, 4000)
}

func TestRWD21ARunningAmountAndAChangeNow(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "four", "fixed", 4, "forever", 0)
	w.Attach("c", "pro", JSON{"reward": "four"})
	w.Advance("15d")
	shown := previewed(w, "c", "premium")
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 46.0)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1600, 1500, 4600)
}

func TestRWD22AUsedUpDiscountAndAChangeNow(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "quarter", "percentage", 25, "one_off", 0)
	w.Attach("c", "pro", JSON{"reward": "quarter"})
	w.Advance("15d")
	previewed(w, "c", "premium")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1500, 1750, 5000)
}

func TestRWD23AnAmountIsNoMoreThanTheInvoiceOfAChange(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "big", "fixed", 45, "one_off", 0)
	w.Attach("c", "pro")
	previewed(w, "c", "premium", JSON{"reward": "big"})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 0, 5000)
}

func TestRWD24MonthsOfAYear(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "tenth", "percentage", 10, "months", 3)
	previewed(w, "c", "pro_year", JSON{"reward": "tenth"})
	w.AdvancePastRenewal(T0.AddDate(1, 0, 0))
	w.Billed("c", 18000, 20000)
}

func TestRWD25AScheduledChangeKeepsTheDiscount(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "quarter", "percentage", 25, "months", 4)
	previewed(w, "c", "premium", JSON{"reward": "quarter"})
	w.Attach("c", "pro")
	for i := range 4 {
		w.AdvancePastRenewal(T0.AddDate(0, i+1, 0))
	}
	w.Billed("c", 3750, 1500, 1500, 1500, 2000)
}

func TestRWD40TwoCodesInOnePurchase(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "one_off", 0, JSON{"promo_codes": []JSON{{"code": "ONE"}, {"code": "TWO"}}})
	off(w, "tenth", "percentage", 10, "one_off", 0)
	for _, two := range []JSON{
		{"promo_code": "ONE", "promotion_code": "TWO"}, {"reward": []string{"ONE", "TWO"}}, {"reward": []string{"fifth", "tenth"}},
		{"reward": "tenth", "promo_code": "ONE"}, {"discounts": []JSON{{"reward_id": "tenth"}, {"promotion_code": "ONE"}}},
	} {
		for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
			w.Refused(400, "promo_code_not_combinable", path, Merge(JSON{"customer_id": "c", "product_id": "pro"}, two))
		}
	}
	w.HasProducts("c", "free active")
	w.Billed("c")
}
