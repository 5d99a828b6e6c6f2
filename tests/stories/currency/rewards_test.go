package currency

import (
	"testing"

	. "windfall/tests/world"
)

func fixed(id, kind string, value float64, currency string, code JSON) JSON {
	config := JSON{"discount_value": value, "duration_type": "one_off"}
	if currency != "" {
		config["currency"] = currency
	}
	return JSON{"id": id, "name": id, "type": kind, "discount_config": config, "promo_codes": []JSON{code}}
}

func TestCUR11RewardsInAnotherCurrency(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	made := w.Post("/v1/rewards", fixed("five", "fixed_discount", 5, "", JSON{"code": "FIVE"}))
	w.Want("the environment's", ValueAt(made, "discount_config.currency"), "usd")
	w.Post("/v1/rewards", fixed("six", "fixed_discount", 6, "eur", JSON{"code": "SIX"}))
	w.Post("/v1/rewards", fixed("credits", "invoice_credits", 10, "", JSON{"code": "CREDITS"}))
	w.Post("/v1/rewards", fixed("bonus", "invoice_credits", 10, "eur", JSON{"code": "BONUS"}))
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "TEN", "minimum_amount": 10}, {"code": "ZEHN", "minimum_amount": 10, "minimum_amount_currency": "eur"}}}))
	paysIn(w, "c", "eur")
	for _, code := range []string{"FIVE", "CREDITS", "TEN"} {
		text := w.Refused(400, "promo_code_currency", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "reward": code})
		w.Want(code, text != "", true)
	}
	w.Refused(400, "promo_code_currency", "/v1/rewards/redeem", JSON{"customer_id": "c", "code": "CREDITS"})
	w.Attach("c", "pro", JSON{"reward": "ZEHN"})
	w.Billed("c", 1620)
	paysIn(w, "d", "eur")
	w.Attach("d", "pro", JSON{"reward": "SIX"})
	w.Billed("d", 1200)
	paysIn(w, "e", "eur")
	w.Attach("e", "pro", JSON{"reward": "BONUS"})
	w.Billed("e", 800)
	paysIn(w, "f", "usd")
	w.Refused(400, "promo_code_currency", "/v1/attach", JSON{"customer_id": "f", "product_id": "pro", "reward": "SIX"})
	w.Attach("f", "pro", JSON{"reward": "FIVE"})
	w.Billed("f", 1500)
	w.Refused(400, "invalid_reward", "/v1/rewards", fixed("x", "fixed_discount", 5, "xxx", JSON{"code": "X"}))
	w.Refused(400, "invalid_reward", "/v1/rewards", fixed("x", "fixed_discount", 5.5, "jpy", JSON{"code": "X"}))
	w.Refused(400, "invalid_reward", "/v1/rewards", fixed("x", "fixed_discount", 5.005, "kwd", JSON{"code": "X"}))
	w.Refused(400, "invalid_reward", "/v1/rewards", fixed("x", "percentage_discount", 5, "eur", JSON{"code": "X"}))
	w.Refused(400, "invalid_promo_code", "/v1/rewards", fixed("x", "fixed_discount", 5, "eur", JSON{"code": "X", "minimum_amount": 5, "minimum_amount_currency": "usd"}))
}
