package stripesim_test

import "fmt"

const (
	taxRounding  = "https://support.stripe.com/questions/rounding-rules-for-stripe-fees"
	taxInOrOn    = "https://support.stripe.com/questions/inclusive-and-exclusive-tax-options-in-the-tax-rate-api-and-stripe-tax"
	taxLocations = "https://docs.stripe.com/tax/customer-locations"
	balancePage  = "https://docs.stripe.com/billing/customer/balance"
)

// The rates of the examples are those of a country of the simulator's table.

func (w *world) taxedCustomer(country string) string {
	w.t.Helper()
	cus := w.customer("pm_card_visa")
	w.post("/v1/customers/"+cus, "address[country]="+country)
	return cus
}

// taxedInvoice finalizes an invoice of amounts.
func (w *world) taxedInvoice(cus, currency, behavior, more string, amounts ...int64) raw {
	w.t.Helper()
	inv := w.post("/v1/invoices", "pending_invoice_items_behavior=exclude&automatic_tax[enabled]=true&currency="+currency+"&customer="+cus+more)
	for _, amount := range amounts {
		w.post("/v1/invoiceitems", fmt.Sprintf("customer=%s&invoice=%s&currency=%s&amount=%d&tax_behavior=%s", cus, inv.str("id"), currency, amount, behavior))
	}
	return w.post("/v1/invoices/"+inv.str("id")+"/finalize", "")
}

func goldenTaxLines(w *world, is func(string, any, any)) {
	inv := w.taxedInvoice(w.taxedCustomer("NZ"), "usd", "exclusive", "", 43, 484)
	is("tax of 0.43", 6, inv.num("lines.data.0.tax_amounts.0.amount"))
	is("tax of 4.84", 73, inv.num("lines.data.1.tax_amounts.0.amount"))
	is("subtotal", 527, inv.num("subtotal"))
	is("tax", 79, inv.num("tax"))
	is("total", 606, inv.num("total"))
	is("total excluding tax", 527, inv.num("total_excluding_tax"))
}

func goldenTaxInOrOn(w *world, is func(string, any, any)) {
	on := w.taxedInvoice(w.taxedCustomer("AU"), "eur", "exclusive", "", 60000)
	is("exclusive: total", 66000, on.num("total"))
	is("exclusive: excluding tax", 60000, on.num("total_excluding_tax"))
	in := w.taxedInvoice(w.taxedCustomer("AU"), "eur", "inclusive", "", 60000)
	is("inclusive: total", 60000, in.num("total"))
	is("inclusive: tax", 5455, in.num("tax"))
	is("inclusive: excluding tax", 54545, in.num("total_excluding_tax"))
	is("inclusive: subtotal excluding tax", 54545, in.num("subtotal_excluding_tax"))
}

func goldenTaxProration(w *world, is func(string, any, any)) {
	cus := w.taxedCustomer("DE")
	sub := w.subscribe(cus, "automatic_tax[enabled]=true&items[0][price]="+w.price("1000", ""))
	is("first total", 1190, w.get("/v1/invoices/"+sub.str("latest_invoice"), "").num("total"))
	w.to(date(2026, 4, 16, 0)) // half of 30 days
	sub = w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("2000", ""))
	inv := w.get("/v1/invoices/"+sub.str("latest_invoice"), "")
	is("lines", []int64{-500, 1000}, amountsOf(inv.list("lines.data")))
	is("tax of the credit", -95, inv.num("lines.data.0.tax_amounts.0.amount"))
	is("tax of the charge", 190, inv.num("lines.data.1.tax_amounts.0.amount"))
	is("total", 595, inv.num("total"))
}

func goldenTaxOrder(w *world, is func(string, any, any)) {
	cus := w.taxedCustomer("DE")
	w.post("/v1/coupons", "id=FIVE&amount_off=500&currency=usd&duration=forever")
	w.post("/v1/customers/"+cus+"/balance_transactions", "amount=-300&currency=usd")
	inv := w.taxedInvoice(cus, "usd", "exclusive", "&discounts[0][coupon]=FIVE", 1000, 2000)
	is("discounts", "166 334", fmt.Sprint(inv.num("lines.data.0.discount_amounts.0.amount"), " ", inv.num("lines.data.1.discount_amounts.0.amount")))
	is("tax of 8.34 and of 16.66", "158 317", fmt.Sprint(inv.num("lines.data.0.tax_amounts.0.amount"), " ", inv.num("lines.data.1.tax_amounts.0.amount")))
	is("total", 2975, inv.num("total"))
	is("due", 2675, inv.num("amount_due"))
}

func goldenTaxNowhere(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	status, body := w.refused("POST", "/v1/subscriptions", "customer="+cus+"&automatic_tax[enabled]=true&items[0][price]="+w.price("1000", ""))
	is("refused", "400 customer_tax_location_invalid", fmt.Sprint(status, " ", body.str("code")))
	w.post("/v1/customers/"+cus, "address[country]=US")
	_, body = w.refused("POST", "/v1/invoices", "customer="+cus+"&automatic_tax[enabled]=true")
	is("of the United States without a postal code", "customer_tax_location_invalid", body.str("code"))
	w.post("/v1/customers/"+cus, "address[country]=US&address[postal_code]=94107")
	sub := w.subscribe(cus, "automatic_tax[enabled]=true&items[0][price]="+w.price("1000", ""))
	is("with it", "1000 complete", fmt.Sprint(w.get("/v1/invoices/"+sub.str("latest_invoice"), "").num("total"), " ", w.get("/v1/invoices/"+sub.str("latest_invoice"), "").str("automatic_tax.status")))
}
