package rewards

import (
	"fmt"
	"math/rand/v2"
	"testing"

	. "windfall/tests/world"
)

// What explain says of a code and a purchase is what the preview and the attach do:
// allowed, or refused with the same code and sentence.
func TestExplainPreviewAndAttachAgree(t *testing.T) {
	w := worldOfPurchases(t)
	r := rand.New(rand.NewPCG(13, 29))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"}, code("GIFT"))
	for i := range 12 {
		scope := JSON{"apply_to_all": true}
		if r.IntN(4) == 0 {
			scope = JSON{"product_ids": []string{pick("pro", "premium", "addon_words", "g1_pro")}}
		}
		terms := JSON{}
		if r.IntN(3) == 0 {
			terms["first_time_transaction"] = true
		}
		if r.IntN(3) == 0 {
			terms["minimum_amount"] = []int{15, 25, 45}[r.IntN(3)]
		}
		if r.IntN(3) == 0 {
			terms["max_redemptions"] = 1 + r.IntN(2)
		}
		if r.IntN(3) == 0 {
			terms["max_redemptions_per_customer"] = 1
		}
		kind, value := pick("percentage_discount", "fixed_discount"), 1+r.IntN(60)
		createReward(w, fmt.Sprint("r", i), kind, code(fmt.Sprint("CODE", i), terms), JSON{"discount_config": Merge(JSON{"discount_value": value, "duration_type": pick("one_off", "one_off", "forever")}, scope)})
	}
	w.Post("/v1/rewards/r3/promo_codes/CODE3", JSON{"active": false})
	for i := range 8 {
		w.CustomerWithCard(fmt.Sprint("c", i))
	}
	said := map[string]int{}
	for range 150 {
		customer, text, product := fmt.Sprint("c", r.IntN(8)), fmt.Sprint("CODE", r.IntN(14)), pick("pro", "premium", "addon_words", "g1_pro", "g1_starter", "free", "pro_words", "pro_trial")
		if r.IntN(15) == 0 {
			text = "GIFT"
		}
		bare := JSON{"customer_id": customer, "product_id": product}
		if w.Do(w.Stack.Key, "POST", "/v1/attach/preview", bare).Status != 200 {
			continue // the purchase itself is refused
		}
		explained := w.Post("/v1/rewards/explain", Merge(JSON{"code": text}, bare))
		want := "allowed"
		if no, refused := explained["refusal"].(JSON); refused {
			want = fmt.Sprint(no["code"], ": ", no["message"])
		}
		said[fmt.Sprint(ValueAt(explained, "refusal.code"))]++
		for _, path := range []string{"/v1/attach/preview", "/v1/attach"} {
			got := "allowed"
			if a := w.Do(w.Stack.Key, "POST", path, Merge(JSON{"promo_code": text}, bare)); a.Status != 200 {
				got = fmt.Sprint(a.Body["code"], ": ", a.Body["message"])
			}
			w.Want(fmt.Sprint(path, " of ", bare, " with ", text), got, want)
		}
		w.WaitIdle()
		if ValueAt(explained, "refusal.code") == "reward_not_found" {
			w.Advance("1m") // so many unknown codes within a minute are guesses
		}
	}
	if len(said) < 8 {
		t.Errorf("only %v came up", said)
	}
}
