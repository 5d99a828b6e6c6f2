package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// A page that is open is answered again only while it sells what the same request
// sells now.
func TestAnOpenPageIsAnsweredAgainWhileItSellsTheSame(t *testing.T) {
	for name, tt := range map[string]struct {
		ask  JSON
		edit func(w *World)
		same bool
		paid int64
	}{
		"nothing is edited": {JSON{"promo_code": "CODE"}, func(*World) {}, true, 1600},
		"a note of the code": {JSON{"promo_code": "CODE"}, func(w *World) {
			w.Post("/v1/rewards/fifth/promo_codes/CODE", JSON{"metadata": JSON{"k": "v"}})
		}, true, 1600},
		"items of one's own": {JSON{"is_custom": true, "items": []JSON{Price(17), Messages(9)}, "promo_code": "CODE"}, func(*World) {}, true, 1360},
		"the price of the product": {nil, func(w *World) {
			w.Post("/v1/products/pro", JSON{"items": []JSON{Price(30)}})
		}, false, 3000},
		"the trial of the product": {nil, func(w *World) {
			w.Post("/v1/products/pro", JSON{"free_trial": JSON{"length": 7, "duration": "day", "card_required": true}})
		}, false, 0},
		"the value of the reward": {JSON{"reward": "fifth"}, func(w *World) {
			w.Post("/v1/rewards/fifth", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
		}, false, 1000},
		"the value of the code's reward": {JSON{"promo_code": "CODE"}, func(w *World) {
			w.Post("/v1/rewards/fifth", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
		}, false, 1000},
		"the reward that the code stands for": {JSON{"promo_code": "CODE"}, func(w *World) {
			w.Post("/v1/rewards/fifth/promo_codes/CODE", JSON{"active": false})
			off(w, "half", "percentage", 50, "one_off", 0, code("CODE"))
		}, false, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			off(w, "fifth", "percentage", 20, "one_off", 0, code("CODE"))
			first := w.Attach("c", "pro", tt.ask)["checkout_url"].(string)
			tt.edit(w)
			shown := w.Post("/v1/attach/preview", Merge(JSON{"customer_id": "c", "product_id": "pro"}, tt.ask))
			w.Want("the preview", ValueAt(shown, "due_today.total"), float64(tt.paid)/100)
			again := w.Attach("c", "pro", tt.ask)["checkout_url"].(string)
			w.Want("the same page", again == first, tt.same)
			w.Pay(again)
			w.Billed("c", tt.paid)
			w.Want("the page before is closed", w.ActOnPage(first, "complete", JSON{"payment_method": "pm_card_visa"}).Status >= 400, true)
		})
	}
}
