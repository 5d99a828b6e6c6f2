package payments

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// hugeCatalog sells what costs most, and what costs next to nothing.
func hugeCatalog(w *World) {
	w.Helper()
	w.StandardCatalog()
	w.Product("most", "main", Price(999_999.99))
	w.Product("more", "other", Price(600_000))
	w.Product("free_tier", "main", Price(1), Merge(Prepaid("messages", 0, 1, "month"), JSON{"price": nil,
		"tiers": []JSON{{"to": json.Number("100000000000000000"), "amount": 0}, {"to": "inf", "amount": 0.01}}}))
	w.Product("cheap", "main", Price(1), Prepaid("messages", 0.0000000001, 1, "month"))
	w.Product("packs", "main", Price(1), Prepaid("messages", 0.01, 1_000_000_000_000, "month"))
}

// What costs more than one charge takes is refused by preview and attach with
// the same words, on a page, by card and by invoice, and nothing is left behind.
func TestPurchasesBeyondACharge(t *testing.T) {
	t.Parallel()
	w := New(t)
	hugeCatalog(w)
	w.CustomerWithCard("card")
	w.CustomerWithCard("pro_prepaid")
	w.Post("/v1/attach", JSON{"customer_id": "pro_prepaid", "product_id": "pro_prepaid", "options": []JSON{{"feature_id": "messages", "quantity": 100}}})
	w.Post("/v1/customers", JSON{"id": "none"})
	options := func(n string) JSON {
		return JSON{"options": []JSON{{"feature_id": "messages", "quantity": json.Number(n)}}}
	}
	for name, c := range map[string]struct {
		code string
		body JSON
	}{
		"packs":                     {"invalid_options", Merge(JSON{"product_id": "topup"}, options("1e12"))},
		"the largest quantity":      {"invalid_options", Merge(JSON{"product_id": "topup"}, options("999999999999999999"))},
		"packs beside a price":      {"invalid_options", Merge(JSON{"product_id": "pro_prepaid"}, options("1e12"))},
		"packs at a hair":           {"invalid_options", Merge(JSON{"product_id": "cheap"}, options("999999999999999999"))},
		"beyond a free tier":        {"invalid_options", Merge(JSON{"product_id": "free_tier"}, options("999999999999999999"))},
		"a bundle":                  {"invalid_inputs", JSON{"product_ids": []string{"most", "more"}}},
		"a price and packs":         {"invalid_inputs", Merge(JSON{"product_id": "pro_prepaid"}, options("9999900"))},
		"items of one's own":        {"invalid_inputs", JSON{"product_id": "pro", "is_custom": true, "items": []JSON{Price(600_000), OneTimePrice(600_000)}}},
		"an item of one's own":      {"invalid_product_item", JSON{"product_id": "pro", "is_custom": true, "items": []JSON{Price(1_000_000)}}},
		"too many for the table":    {"invalid_inputs", Merge(JSON{"product_id": "topup"}, options("1e18"))},
		"less than nothing, by far": {"invalid_options", Merge(JSON{"product_id": "topup"}, options("-1e17"))},
	} {
		before := w.Stack.Tables()
		for _, who := range []string{"card", "none", "pro_prepaid"} {
			for _, way := range []JSON{{}, {"invoice": true}, {"force_checkout": true}} {
				body := Merge(JSON{"customer_id": who}, c.body, way)
				preview := w.Do(w.Stack.Key, "POST", "/v1/attach/preview", body)
				attach := w.Do(w.Stack.Key, "POST", "/v1/attach", body)
				if attach.Status != 400 || preview.Status != 400 || attach.Text != preview.Text || attach.Body["code"] != c.code && len(way) == 0 && who != "pro_prepaid" {
					t.Errorf("%s for %s %v: attach %d %.200s, preview %d %.200s", name, who, way, attach.Status, attach.Text, preview.Status, preview.Text)
				}
			}
		}
		w.WaitIdle()
		w.Want("the table after "+name, w.Stack.Tables() == before, true)
	}
}

// The largest amounts that a charge takes are sold, and renewed.
func TestTheLargestPurchases(t *testing.T) {
	t.Parallel()
	w := New(t)
	hugeCatalog(w)
	w.CustomerWithCard("c", "most")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 99_999_999, 99_999_999)
	w.CustomerWithCard("tier")
	w.Attach("tier", "free_tier", JSON{"options": []JSON{{"feature_id": "messages", "quantity": json.Number("100000000000000000")}}})
	w.Billed("tier", 100)
	w.Want("left", w.Check("tier", "messages")["balance"], 1e17)
	w.CustomerWithCard("packs")
	w.Attach("packs", "packs", JSON{"options": []JSON{{"feature_id": "messages", "quantity": json.Number("99999000000000000")}}})
	w.Billed("packs", 100+99_999)
	w.Attach("c", "premium", JSON{"plan_schedule": "immediate"}) // gives nearly all of it back
	w.Want("credit", ValueAt(w.AtStripe("c"), "customer.balance").(float64) < -99_000_000, true)
	w.AdvancePastRenewal(T2)
	w.Billed("packs", 100+99_999, 100+99_999)
}

// The catalog takes no amount that could never be charged, or taken off.
func TestTheCatalogTakesNoAmountBeyondACharge(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	tiers := func(amount any) JSON {
		return Merge(Overage("words", 0, 0, 1), JSON{"price": nil, "tiers": []JSON{{"to": 10, "amount": amount}, {"to": "inf", "amount": 1}}})
	}
	for name, item := range map[string]JSON{
		"a price":      {"price": 1_000_000, "interval": "month"},
		"a cent above": {"price": json.Number("1000000.00"), "interval": "month"},
		"the largest":  {"price": json.Number("999999999999999999"), "interval": nil},
		"a use":        Overage("words", 0, 1e12, 1),
		"a pack":       Prepaid("words", 1e6, 1, "month"),
		"a tier":       tiers(1e6),
	} {
		message := w.Refused(400, "invalid_product_item", "/v1/products", JSON{"id": "x", "name": "x", "items": []JSON{item}})
		if !strings.Contains(message, "999999.99") {
			t.Errorf("%s: %s", name, message)
		}
	}
	w.Refused(400, "invalid_inputs", "/v1/products", JSON{"id": "x", "name": "x", "items": []JSON{Price(600_000), OneTimePrice(600_000)}})
	for _, kind := range []string{"fixed_discount", "invoice_credits"} {
		reward := func(value string) JSON {
			return JSON{"id": "r_" + kind, "name": "R", "type": kind, "discount_config": JSON{"discount_value": json.Number(value), "duration_type": "one_off"}}
		}
		for _, value := range []string{"1000000", "2147483647", "9e17"} {
			if message := w.Refused(400, "invalid_reward", "/v1/rewards", reward(value)); !strings.Contains(message, "999999.99") {
				t.Errorf("%s: %s", value, message)
			}
		}
		w.Post("/v1/rewards", reward("999999.99"))
	}
}

// Seats that cost more than an invoice takes are held without being billed; a
// person is told. With fewer of them all is as if it had never been.
func TestSeatsBeyondAnInvoiceAreToldAndSetRight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		take, back JSON
		path       string
	}{
		"tracked": {JSON{"value": 1e9}, JSON{"value": -999_999_998}, "/v1/track"},
		"set":     {JSON{"value": 1e9}, JSON{"value": 2}, "/v1/usage"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &MetricLog{}
			w := heard.World(t)
			w.StandardCatalog()
			w.CustomerWithCard("c", "pro_seats")
			call := func(body JSON) { w.Post(c.path, Merge(JSON{"customer_id": "c", "feature_id": "seats"}, body)) }
			call(c.take)
			w.WaitIdle()
			w.Want("told", []any{len(notBilled(w, "c")), heard.Sum("AmountNotBilled")}, []any{1, 1})
			w.Billed("c", 2000)
			w.AdvancePastRenewal(T1)
			w.Billed("c", 2000, 2000)
			w.Want("told of the next period", len(notBilled(w, "c")), 2)
			call(c.back)
			w.Advance("2h")
			w.WaitIdle()
			got := w.Invoices("c")
			if last := got[len(got)-1]; len(got) != 3 || last.Status != "paid" || last.Total < 1150 || last.Total > 1200 { // one seat for nearly a month
				t.Errorf("billed %v", got)
			}
			w.AdvancePastRenewal(T2)
			if got := w.Invoices("c"); len(got) != 4 || got[3].Total != 3200 {
				t.Errorf("billed %v", got)
			}
		})
	}
}

// Seats in use that no invoice takes stop neither a purchase of seats, nor a
// change of plan, a trial's end, or a cancel.
func TestSeatsBeyondAnInvoiceStopNothing(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(w *World){
		"a purchase": func(w *World) {
			w.CustomerWithCard("c", "team")
			w.Track("c", "seats", 1e9)
			w.Want("preview", ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro_seats"}), "due_today.total"), 20)
			w.Attach("c", "pro_seats")
		},
		"an upgrade": func(w *World) {
			w.CustomerWithCard("c", "pro_seats")
			w.Track("c", "seats", 1e9)
			w.Attach("c", "premium_seats")
			w.HasProducts("c", "premium_seats active")
		},
		"a trial": func(w *World) {
			w.CustomerWithCard("c", "tried")
			w.Track("c", "seats", 1e9)
			w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
			w.HasProducts("c", "tried active")
		},
		"a cancel": func(w *World) {
			w.CustomerWithCard("c", "pro_seats")
			w.Track("c", "seats", 1e9)
			w.Cancel("c", "pro_seats", Immediately(), JSON{"prorate": true})
		},
		"a balance set": func(w *World) {
			w.CustomerWithCard("c", "pro_seats")
			w.Track("c", "seats", 1e9)
			w.Call("POST", "/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "seats", "balance": 0}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &MetricLog{}
			w := heard.World(t)
			w.StandardCatalog()
			w.Product("team", "main", Lifetime("seats", 2_000_000_000))
			w.Product("tried", "main", Price(20), Seats("seats", 1, 12, "", "")).Trial(7)
			play(w)
			w.Advance("2h")
			if len(notBilled(w, "c")) == 0 || heard.Sum("AmountNotBilled") == 0 {
				t.Error("nobody is told")
			}
			for _, in := range w.Invoices("c") {
				if in.Status != "paid" || in.Total > 10_000 {
					t.Errorf("an invoice of %d is %s", in.Total, in.Status)
				}
			}
			if a := w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil); a.Status != http.StatusOK {
				t.Errorf("deletion: %d %s", a.Status, a.Text)
			}
		})
	}
}

// A customer who chooses more on the page than a charge takes is refused there.
// The page stays open, and sells less.
func TestAQuantityChosenOnAPageBeyondACharge(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("dear_packs", "", Prepaid("messages", 900, 1, "")).AddOn()
	w.Post("/v1/customers", JSON{"id": "c"})
	page := w.Post("/v1/attach", JSON{"customer_id": "c", "product_id": "dear_packs", "options": []JSON{{"feature_id": "messages", "quantity": 1}}})["checkout_url"].(string)
	for _, n := range []int{1112, 999_999} {
		if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa", "quantities": JSON{"messages": n}}); a.Status != 400 || !strings.Contains(a.Text, "$999,999.99") {
			t.Errorf("%d: %d %s", n, a.Status, a.Text)
		}
	}
	w.HasProducts("c", "free active")
	w.Pay(page, JSON{"quantities": JSON{"messages": 1111}})
	w.HasProducts("c", "dear_packs active", "free active")
	w.Billed("c", 99_990_000)
}

// Credits that are paid by use multiply a use; beyond an invoice they are told as
// any other.
func TestCreditsBeyondAnInvoiceStopNoBilling(t *testing.T) {
	t.Parallel()
	heard := &MetricLog{}
	w := heard.World(t)
	w.Feature("call", "single_use")
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "call", "credit_cost": 1_000_000}}})
	w.Product("use", "main", Price(20), Overage("credits", 100, 0.5, 1))
	w.CustomerWithCard("c", "use")
	w.Track("c", "call", 1e9)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
	if told := notBilled(w, "c"); len(told) != 1 || !strings.Contains(told[0], "credits") || heard.Sum("AmountNotBilled") != 1 {
		t.Errorf("told %q", told)
	}
	w.HasBalance("c", "call", true, 100)
}
