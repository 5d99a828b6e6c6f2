package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// The stories of this file are set in Germany, where the simulator's tax is 19 %.

// taxWorld has the standard catalog, and the automatic tax of new purchases switched on.
func taxWorld(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
	return w
}

var germany = JSON{"address": JSON{"country": "DE", "postal_code": "10115", "city": "Berlin"}}

// taxpayer makes a customer in Germany with a good card, who buys these products.
func taxpayer(w *World, id string, products ...string) {
	w.Helper()
	w.Post("/v1/customers", Merge(JSON{"id": id, "email": id + "@x.io"}, germany))
	w.PutGoodCard(id)
	for _, p := range products {
		w.Attach(id, p)
	}
}

// taxes checks the tax of a customer's invoices at Stripe, oldest first, in cents.
func taxes(w *World, customer string, want ...any) {
	w.Helper()
	var got []any
	for _, i := range w.Invoices(customer) {
		got = append(got, w.CallStripe("GET", "/v1/invoices/"+i.ID, "")["tax"])
	}
	w.Want("taxes of "+customer, got, want)
}

func TestTAX01OnTopOfANewPurchase(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c")
	seen := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"})
	w.Want("due before tax", ValueAt(seen, "due_today.total"), 20)
	w.Want("tax comes on top", seen["automatic_tax"], true)
	w.Attach("c", "pro")
	w.Billed("c", 2380)
	taxes(w, "c", 380)
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Billed("c", 2380, 1071) // paid once, on an invoice of its own
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2380, 1071, 2380)
	taxes(w, "c", 380, 171, 380)
}

func TestTAX02APriceThatContainsIt(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	w.Product("brutto", "main", Merge(Price(20), JSON{"tax_behavior": "inclusive"}), Merge(Overage("words", 0, 0.1, 1), JSON{"tax_behavior": "inclusive"}))
	item := w.Get("/v1/products/brutto")["items"].([]any)[0]
	w.Want("tax_behavior", ValueAt(item, "tax_behavior"), "inclusive")
	taxpayer(w, "c", "brutto")
	w.Billed("c", 2000)
	taxes(w, "c", 319)
	w.Track("c", "words", 100)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3000)
	taxes(w, "c", 319, 479) // 3.19 of 20.00 and 1.60 of 10.00
}

func TestTAX03UpgradeWithProration(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "pro")
	w.Advance("15d")
	seen := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("due before tax", ValueAt(seen, "due_today.total"), 15)
	w.Want("tax comes on top", seen["automatic_tax"], true)
	w.Attach("c", "premium")
	w.Billed("c", 2380, 1785) // -10.00 - 1.90 + 25.00 + 4.75
	taxes(w, "c", 380, 285)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2380, 1785, 5950)
}

func TestTAX04OverageWithTheRenewalAndAlone(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "pro_use")
	w.Track("c", "messages", 150)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2380, 2975) // 20.00 and 5.00, and 19 %
	w.Track("c", "messages", 200)
	w.Cancel("c", "pro_use", Immediately())
	w.Billed("c", 2380, 2975, 1190) // 10.00 on an invoice of its own
	taxes(w, "c", 380, 475, 190)
}

func TestTAX05NoAddress(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	w.CustomerWithCard("c")
	for _, more := range []JSON{{"product_id": "pro"}, {"product_id": "pro", "invoice": true}, Merge(JSON{"product_id": "topup"}, Quantity("messages", 250))} {
		why := w.Refused(400, "customer_tax_location_invalid", "/v1/attach", Merge(JSON{"customer_id": "c"}, more))
		w.Want("Stripe's sentence", why, "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.")
	}
	w.HasProducts("c", "free active")
	w.Billed("c")
	w.Call("PATCH", "/v1/customers/c", germany)
	w.Want("address", ValueAt(w.Customer("c"), "address.country"), "DE")
	w.Attach("c", "pro")
	w.Billed("c", 2380)
	w.HasProducts("c", "pro active")
}

func TestTAX06PageWithAddressAndTaxID(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	w.Call("PATCH", "/v1/settings", JSON{"tax_id_collection": true})
	page := w.Attach("c", "pro")["checkout_url"].(string)
	w.Want("without an address", w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}).Status, 400)
	done := w.Pay(page, JSON{"country": "DE", "tax_id": "DE123456789", "name": "Ada GmbH"})
	w.Want("total", done["amount_total"], 2380)
	w.Billed("c", 2380)
	taxes(w, "c", 380)
	at := w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[0].ID, "")
	w.Want("tax id", at["customer_tax_ids"], []JSON{{"type": "eu_vat", "value": "DE123456789"}})
	w.Attach("c", "premium") // the page has kept the address, and the card
	w.Billed("c", 2380, 3570)
}

func TestTAX07CodeAndTax(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}, PromoCodes("TEN")))
	taxpayer(w, "c")
	w.Attach("c", "pro", JSON{"promo_code": "TEN"})
	w.Billed("c", 2142) // 18.00 and 19 %
	taxes(w, "c", 342)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2142, 2380)
}

func TestTAX08SwitchedOnThenOff(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Want("default", w.Get("/v1/settings")["automatic_tax"], false)
	taxpayer(w, "before", "pro")
	taxpayer(w, "asked")
	w.Attach("asked", "pro", JSON{"automatic_tax": true})
	w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
	taxpayer(w, "on", "pro")
	taxpayer(w, "exempted")
	w.Attach("exempted", "pro", JSON{"automatic_tax": false})
	w.Attach("before", "addon_words")
	w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": false})
	taxpayer(w, "off", "pro")
	w.AdvancePastRenewal(T1)
	w.Billed("before", 2000, 2380, 2000, 2380) // pro runs on without, and the add-on with tax
	w.Billed("asked", 2380, 2380)
	w.Billed("on", 2380, 2380)
	w.Billed("exempted", 2000, 2000)
	w.Billed("off", 2000, 2000)
	w.Attach("on", "premium")        // two hours into a month of 31 days: -19.95 and 49.87
	w.Billed("on", 2380, 2380, 3561) // the subscription keeps its tax …
	w.Attach("before", "premium", JSON{"automatic_tax": true})
	w.Billed("before", 2000, 2380, 2000, 2380, 3561) // … until a change says otherwise
}

func TestTAX09WhatGoesBackCountsBeforeTax(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "pro")
	w.Advance("15d")
	w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
	w.Billed("c", 2380, -1190)
	w.Want("the balance at Stripe", w.CallStripe("GET", "/v1/customers/"+w.StripeID("c"), "")["balance"], -1190)

	taxpayer(w, "half")
	w.Attach("half", "pro") // and 11.90 of it are given back
	charge := w.CallStripe("GET", "/v1/invoices/"+w.Invoices("half")[0].ID, "")["charge"].(string)
	w.CallStripe("POST", "/v1/refunds", "charge="+charge+"&amount=1190")
	w.Attach("half", "premium") // half of the 20.00 was not paid, so half of the time left is credited
	w.Billed("half", 2380, 4760)
}

func TestTAX10CreditsPayAfterTax(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	var use string
	for _, item := range w.Get("/v1/products/pro_use")["items"].([]any) {
		if ValueAt(item, "feature_id") == "messages" {
			use = ValueAt(item, "price_id").(string)
		}
	}
	for id, only := range map[string][]string{"ten": {}, "use": {use}} {
		w.Post("/v1/rewards", JSON{"id": id, "name": id, "type": "invoice_credits", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off",
			"duration_value": 0, "price_ids": only, "apply_to_all": len(only) == 0}})
	}
	taxpayer(w, "all")
	w.Post("/v1/customers/all/coupons/ten", JSON{})
	w.Attach("all", "pro")
	w.Billed("all", 2380)
	w.Want("due", w.CallStripe("GET", "/v1/invoices/"+w.Invoices("all")[0].ID, "")["amount_due"], 1380)

	taxpayer(w, "some", "pro_use")
	w.Post("/v1/customers/some/coupons/use", JSON{})
	w.Track("some", "messages", 150) // 5.00 beyond the allowance
	w.AdvancePastRenewal(T1)
	w.Billed("some", 2380, 2475) // 20.00 + 5.00 + 4.75 of tax - 5.00
	taxes(w, "some", 380, 475)
	w.Want("credits left", ValueAt(w.Customer("some", "rewards"), "rewards.credits.0.remaining"), 5)
}

func TestTAX11Seats(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "pro_seats")
	w.Advance("15d")
	w.Track("c", "seats", 3) // two at 12.00 for half a month
	w.WaitIdle()
	w.Billed("c", 2380, 1428)
	taxes(w, "c", 380, 228)
	w.Track("c", "seats", -1) // 6.00 come back with the next invoice
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2380, 1428, 3094) // 20.00 + 12.00 - 6.00
	w.NothingUnbilled("c")
}

func TestTAX12DowngradeAndWhatItRenewsAt(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "premium")
	w.Attach("c", "pro")
	w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": false})
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.Billed("c", 5950, 2380)
	w.AdvancePastRenewal(T1.Add(31 * 24 * time.Hour))
	w.Billed("c", 5950, 2380, 2380)
}
