package stripesim_test

import (
	"net/http"
	"testing"
)

// Amounts in currencies of each of Stripe's classes; the arithmetic stands beside the
// numbers.
func TestGoldenCurrencies(t *testing.T) {
	t.Parallel()
	const (
		zero    = "https://docs.stripe.com/currencies#zero-decimal"
		three   = "https://docs.stripe.com/currencies#three-decimal"
		special = "https://docs.stripe.com/currencies#special-cases"
	)
	runGolden(t, []golden{
		{"a proration in yen", zero, start, goldenYen},
		{"a percentage in yen", zero, start, goldenYenOff},
		{"a proration in dinars", three, start, goldenDinar},
		{"payments in dinars end with 0", three, start, goldenDinarPayment},
		{"krónur are charged whole", special, start, goldenKrona},
		{"one currency for a customer", "https://docs.stripe.com/billing/customer#currency", start, goldenOneCurrency},
	})
}

// swap exchanges a price with 20 of 31 days left, and returns the lines of that.
func swap(w *world, currency, from, to string) []int64 {
	price := func(amount string) string {
		return w.post("/v1/prices", "unit_amount="+amount+"&currency="+currency+"&recurring[interval]=month&product_data[name]=P").str("id")
	}
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+price(from))
	w.to(start.AddDate(0, 0, 11))
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+price(to))
	return amountsOf(w.invoices(cus)[1].list("lines.data"))
}

func goldenYen(w *world, is func(string, any, any)) {
	is("whole yen", []int64{-645, 3226}, swap(w, "jpy", "1000", "5000")) // 1000*20/31 = 645.16, 5000*20/31 = 3225.81
}

func goldenYenOff(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=THIRD&percent_off=33.3&duration=forever")
	price := w.post("/v1/prices", "unit_amount=1001&currency=jpy&recurring[interval]=month&product_data[name]=P").str("id")
	w.subscribe(cus, "coupon=THIRD&items[0][price]="+price)
	is("total", 668, w.invoices(cus)[0].num("total")) // 1001 - 333.33
}

func goldenDinar(w *world, is func(string, any, any)) {
	is("tens of fils", []int64{-3970, 9870}, swap(w, "kwd", "6150", "15300")) // 6150*20/31 = 3967.7, 15300*20/31 = 9870.97
}

func goldenDinarPayment(w *world, is func(string, any, any)) {
	for amount, want := range map[string]int{"5124": http.StatusBadRequest, "5120": http.StatusOK, "5130": http.StatusOK} {
		status, _, _ := w.call(http.MethodPost, "/v1/payment_intents", "amount="+amount+"&currency=kwd")
		is(amount, want, status)
	}
}

func goldenKrona(w *world, is func(string, any, any)) {
	for amount, want := range map[string]int{"550": http.StatusBadRequest, "500": http.StatusOK} {
		status, _, _ := w.call(http.MethodPost, "/v1/payment_intents", "amount="+amount+"&currency=isk")
		is(amount, want, status)
	}
	lines := swap(w, "isk", "100000", "500000")
	is("lines have two decimals", []int64{-64516, 322581}, lines) // 100000*20/31 = 64516.1, 500000*20/31 = 322580.6
	customers := w.get("/v1/customers", "").list("data")
	inv := w.invoices(customers[0].str("id"))[1]
	is("due, and the rest", []int64{258065, 258100, -35}, []int64{inv.num("total"), inv.num("amount_due"), inv.num("ending_balance")})
}

func goldenOneCurrency(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("2000", ""))
	euros := w.post("/v1/prices", "unit_amount=1800&currency=eur&recurring[interval]=month&product_data[name]=P").str("id")
	for path, form := range map[string]string{
		"/v1/subscriptions": "items[0][price]=" + euros,
		"/v1/invoiceitems":  "amount=500&currency=eur",
		"/v1/invoices":      "currency=eur",
	} {
		status, _, _ := w.call(http.MethodPost, path, "customer="+cus+"&"+form)
		is(path, http.StatusBadRequest, status)
	}
}
