package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestATT01FreeProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("f", "main", Messages(100))
	done := w.Attach("c", "f")
	w.Want("code", done["code"], "free_product_attached")
	w.Want("checkout_url", done["checkout_url"], nil)
	w.HasProducts("c", "f active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c")
	w.Want("Stripe customer", w.Customer("c")["stripe_id"], nil)
}

func TestATT02PaidWithoutCard(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	done := w.Attach("c", "pro")
	w.Want("code", done["code"], "checkout_created")
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Billed("c")
	w.Pay(done["checkout_url"].(string))
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 2000)
}

func TestATT03PaidWithCardOnFile(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	done := w.Attach("c", "g1_pro")
	w.Want("code", done["code"], "new_product_attached")
	w.Want("checkout_url", done["checkout_url"], nil)
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
}

func TestATT04ForceCheckout(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	done := w.Attach("c", "g1_pro", JSON{"force_checkout": true})
	w.Want("code", done["code"], "checkout_created")
	w.HasProducts("c", "free active")
	w.Billed("c")
	w.Pay(done["checkout_url"].(string))
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
}

func TestATT05SameProductAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "pro")
	w.Track("c", "messages", 40)
	w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.Billed("c", 2000)
	w.HasBalance("c", "messages", true, 460)
}

func TestATT06RecurringAddOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.Attach("c", "addon_words")
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.HasBalance("c", "words", true, 200)
	w.Billed("c", 2000, 2000)
	w.Advance("1 month")
	w.Advance("2h")
	w.Billed("c", 2000, 2000, 2000, 2000)
	w.HasProducts("c", "addon_words active", "pro active")
}

func TestATT07OneOffTopUpThroughCheckoutTwice(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "pro")
	for range 2 {
		done := w.Attach("c", "topup", JSON{"force_checkout": true}, Quantity("messages", 250))
		w.Pay(done["checkout_url"].(string), JSON{"quantities": JSON{"messages": 500}})
	}
	w.Billed("c", 2000, 1800, 1800)
	w.HasBalance("c", "messages", true, 1500)
	w.HasProducts("c", "pro active", "topup active")
	w.Want("lifetime part", ValueAt(w.Check("c", "messages"), "breakdown.1.balance"), 1000)
	w.HasSubscriptions("c", 1)
}

func TestATT08PrepaidRecurring(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 300))
	w.Billed("c", 5000)
	w.HasBalance("c", "messages", true, 300)
}

func TestATT09PrepaidOptionErrors(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("packs", "packs", Prepaid("messages", 10, 100, "month"))
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	before := w.Stack.Tables()
	w.Refused(400, "invalid_options", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro_prepaid"})
	w.Refused(400, "invalid_options", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, Quantity("messages", -100)))
	w.Refused(400, "invalid_options", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "packs"}, Quantity("messages", 0)))
	w.Refused(404, "feature_not_found", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, Quantity("nothing", 100)))
	w.Refused(400, "price_not_found", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "g1_pro"}, Quantity("messages", 100)))
	if w.Stack.Tables() != before {
		t.Error("a refused attach wrote to the table")
	}
	w.Billed("c")
}

func TestATT10GraduatedPrepaidTiers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("tiers", "main", Price(20), JSON{"feature_id": "messages", "included_usage": 0, "interval": "month",
		"usage_model": "prepaid", "billing_units": 100, "tiers": []JSON{{"to": 500, "amount": 10}, {"to": "inf", "amount": 5}}})
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "tiers", Quantity("messages", 200))
	w.Billed("c", 4000)
	w.HasBalance("c", "messages", true, 200)
	w.Post("/v1/customers", JSON{"id": "d"})
	w.PutGoodCard("d")
	w.Attach("d", "tiers", Quantity("messages", 650))
	w.Billed("d", 2000+5*1000+2*500)
	w.HasBalance("d", "messages", true, 700)
}

func TestATT11TwoGroupsInOneCall(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_pro"}})
	w.HasProducts("c", "free active", "g1_pro active", "g2_pro active")
	w.Billed("c", 7000)
	w.HasBalance("c", "storage", true, 10)
	w.HasBalance("c", "words", true, 10)
}

func TestATT12MultiAttachRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "g1_pro")
	before := w.Stack.Tables()
	for _, ids := range [][]string{{"g1_premium", "g2_pro"}, {"g1_pro", "g2_pro"}, {"g2_starter", "g2_pro"}} {
		w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_ids": ids})
	}
	if w.Stack.Tables() != before {
		t.Error("a refused bundle wrote to the table")
	}
	w.Billed("c", 3000)
}

func TestATT13AnotherGroupAdds(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "g1_pro")
	w.Attach("c", "g2_starter")
	w.HasProducts("c", "free active", "g1_pro active", "g2_starter active")
	w.Billed("c", 3000, 2000)
}

func TestATT14DeclinedOnANewProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutFailingCard("c")
	done := w.Attach("c", "g1_pro")
	w.Want("code", done["code"], "checkout_created")
	w.HasProducts("c", "free active")
	for _, i := range w.Invoices("c") {
		if i.Status == "paid" {
			t.Errorf("invoice %s is paid", i.ID)
		}
	}
	w.Pay(done["checkout_url"].(string))
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasSubscriptions("c", 1)
}

func TestATT15InvoiceMode(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	done := w.Attach("c", "g1_pro", JSON{"invoice_only": true})
	w.Want("checkout_url", done["checkout_url"], nil)
	w.Want("invoice total", ValueAt(done, "invoice.total"), 30)
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	open := w.Invoices("c")
	if len(open) != 1 || open[0].Total != 3000 || open[0].Status != "open" && open[0].Status != "draft" {
		t.Fatalf("invoices: %+v", open)
	}
	w.Track("c", "words", 4)
	w.Post("/_local/invoices/"+open[0].ID+"/pay", nil)
	w.Want("status of the invoice", ValueAt(w.Customer("c", "invoices"), "invoices.0.status"), "paid")
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 6)
}

func TestATT16UnknownProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	before := w.Stack.Tables()
	w.Refused(404, "product_not_found", "/v1/attach", JSON{"customer_id": "nobody", "product_id": "nothing"})
	if w.Stack.Tables() != before {
		t.Error("a refused attach wrote to the table")
	}
}

func TestATT17SamePendingCheckout(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	first := w.Attach("c", "g1_pro")
	second := w.Attach("c", "g1_pro")
	w.Want("checkout_url", second["checkout_url"], first["checkout_url"])
	w.Pay(second["checkout_url"].(string))
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
}

func TestATT18PendingCheckoutThenACardAppears(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := w.Attach("c", "g1_pro")["checkout_url"].(string)
	w.PutGoodCard("c")
	done := w.Attach("c", "g1_pro")
	w.Want("code", done["code"], "new_product_attached")
	w.Billed("c", 3000)
	if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
		t.Error("the old page could still be paid")
	}
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
}

func TestATT20OneOffFixedPlusPrepaid(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("starter_pack", "", OneTimePrice(10), Prepaid("words", 8, 250, ""))
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	done := w.Attach("c", "starter_pack", Quantity("words", 250))
	w.Want("code", done["code"], "one_off_product_attached")
	w.Billed("c", 1800)
	w.HasBalance("c", "words", true, 250)
	w.HasSubscriptions("c", 0)
}
