package currency

import (
	"testing"

	. "windfall/tests/world"
)

// Yen have no minor unit: each line is whole yen.
func TestCUR07Yen(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "jpy")
	w.Attach("c", "pro")
	w.Advance("7d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["currency"]}, []any{2300, "jpy"})
	w.Attach("c", "premium")
	w.Billed("c", 2000, 2300) // 23/30 × 5000 = 3833.33, 23/30 × 2000 = 1533.33
	paysIn(w, "d", "jpy")
	w.Attach("d", "use")
	w.Track("d", "messages", 125)
	w.AdvancePastRenewal(T1.AddDate(0, 0, 7))
	w.Billed("d", 2000, 2013) // 25 × 0.5 = 12.5
	paysIn(w, "e", "jpy")
	w.Attach("e", "team")
	w.Advance("10d")
	w.Track("e", "seats", 2)
	w.Advance("1d")
	w.Track("e", "seats", -1)
	w.AdvancePastRenewal(T2.AddDate(0, 0, 7))
	w.Billed("e", 2000, 752, 2197) // 21/31 × 1110 = 751.94; 2000 + 555 − 358, as 20/31 × 555 = 358.06
}

// Of thousandths of a dinar each line is a multiple of ten, as Stripe charges no others.
func TestCUR08Dinars(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	paysIn(w, "c", "kwd")
	w.Attach("c", "pro")
	w.Advance("7d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["currency"]}, []any{7.01, "kwd"})
	w.Attach("c", "premium")
	w.Billed("c", 6150, 7010) // 23/30 × 15.300 = 11.730, 23/30 × 6.150 = 4.715, which is 4.720
	paysIn(w, "d", "kwd")
	w.Attach("d", "use")
	w.Track("d", "messages", 117)
	w.AdvancePastRenewal(T1.AddDate(0, 0, 7))
	w.Billed("d", 6150, 6180) // 17 × 0.0015 = 0.0255, which is 0.030
	paysIn(w, "e", "kwd")
	w.Attach("e", "team")
	w.Advance("10d")
	w.Track("e", "seats", 2)
	w.Billed("e", 6150, 2070) // 21/31 × 3.060 = 2.073
	w.Attach("e", "packs", Quantity("words", 200))
	w.Billed("e", 6150, 2070, 6140)
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "TEN"}}}))
	paysIn(w, "f", "kwd")
	w.Attach("f", "pro", JSON{"reward": "TEN"})
	w.Billed("f", 5530) // 6.150 − 0.615, which is 0.620
}

// Stripe writes krónur with two decimals, and charges whole ones: what an invoice comes to
// beside that is on the customer's balance. Forints and Taiwan dollars have two decimals.
func TestCUR12SpecialCases(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	each := JSON{"isk": 1001, "huf": 999.5, "twd": 99.25, "ugx": 5001}
	w.Product("pro", "main", In(Price(20), each), Messages(100))
	w.Product("premium", "main", In(Price(50), JSON{"isk": 2000, "huf": 2000, "twd": 200, "ugx": 10000}))
	w.Refused(400, "invalid_product_item", "/v1/products", JSON{"id": "half", "items": []JSON{In(Price(20), JSON{"isk": 10.5})}})
	w.Refused(400, "invalid_product_item", "/v1/products", JSON{"id": "half", "items": []JSON{In(Price(20), JSON{"ugx": 10.5})}})
	for currency, want := range map[string][]int64{"isk": {100_100, 49_950}, "huf": {99_950, 50_025}, "twd": {9925, 5037}, "ugx": {500_100, 249_950}} {
		paysIn(w, currency, currency)
		w.Attach(currency, "pro")
		w.Billed(currency, want[0])
	}
	w.Advance("15d")
	for currency, want := range map[string][]int64{"isk": {100_100, 49_950}, "huf": {99_950, 50_025}, "twd": {9925, 5037}, "ugx": {500_100, 249_950}} {
		w.Attach(currency, "premium")
		w.Billed(currency, want...)
	}
	w.Want("500 krónur were charged, and 50 aurar are the customer's", ValueAt(w.AtStripe("isk"), "customer.balance"), -50)
}
