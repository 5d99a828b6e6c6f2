package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	. "windfall/tests/world"
)

// writtenOff prepares a customer by invoice whose invoice is given up.
func writtenOff(w *World) {
	w.Attach("c", "pro", JSON{"invoice_only": true})
	w.Post("/_local/invoices/"+w.Invoices("c")[0].ID+"/mark_uncollectible", nil)
}

// partlyPaid is writtenOff, after a balance of 5 was used for it.
func partlyPaid(w *World) {
	w.PutGoodCard("c")
	id := w.Customer("c")["stripe_id"].(string)
	if status, text, err := w.Stack.Stripe("POST", "/v1/customers/"+id+"/balance_transactions", url.Values{"amount": {"-500"}, "currency": {"usd"}}); status != http.StatusOK || err != nil {
		w.Fatal(status, string(text), err)
	}
	writtenOff(w)
}

// overdrawn prepares a customer with overage.
func overdrawn(w *World) {
	held("use")(w)
	w.Track("c", "messages", 155)
}

// pays prepares a customer who pays in another currency than the environment's.
func pays(currency string, prepare func(*World)) func(*World) {
	return func(w *World) {
		w.Post("/v1/customers/c", JSON{"currency": currency})
		prepare(w)
	}
}

// monthOver prepares a year whose first month is over, with overage that no schedule
// has billed yet, and more in the second.
func monthOver(w *World) {
	w.Helper()
	held("year_use")(w)
	w.Track("c", "messages", 155)
	if err := w.Stack.Sim.AdvanceTo(w.Context(), theRenewal.Add(time.Minute)); err != nil {
		w.Fatal(err)
	}
	w.Track("c", "messages", 125)
}

// packs prepares a customer with prepaid messages.
func packs(n string) func(w *World) {
	return func(w *World) {
		w.PutGoodCard("c")
		w.Attach("c", "packs", JSON{"options": []JSON{{"feature_id": "messages", "quantity": json.Number(n)}}})
	}
}

// seatsOfAYear prepares seats that are paid for every so often within a year, of a product
// whose next version has them every month.
func seatsOfAYear(every string) func(w *World) {
	return func(w *World) {
		w.PutGoodCard("c")
		w.Feature("seats", "continuous_use")
		seats := Seats("seats", 1, 50, "bill_immediately", "none")
		w.Product("year", "years", Every("year", Price(100)), Every(every, seats))
		w.Product("larger", "years", Every("year", Price(200)), Every("month", seats))
		w.Attach("c", "year")
		w.Track("c", "seats", 3)
		w.Advance("15d")
		w.Post("/v1/products/year", JSON{"items": []JSON{Every("year", Price(100)), Every("month", seats)}})
		w.CustomerWithCard("d", "year") // the first sale of each makes its prices
		w.CustomerWithCard("e", "larger")
		w.Advance("2h")
	}
}

// both prepares two products on one subscription.
func both(w *World) {
	w.PutGoodCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
}

// startedAtStripe prepares a customer who has a subscription here, and one that
// staff started at Stripe, and one that they scheduled for later.
func startedAtStripe(w *World) {
	held("pro")(w)
	ask := func(path string, form url.Values) any {
		status, text, err := w.Stack.Stripe(http.MethodPost, path, form)
		if status != http.StatusOK || err != nil {
			w.Fatalf("POST %s at Stripe: %d %s, %v", path, status, text, err)
		}
		return ParseJSON(w.T, text)["id"]
	}
	price := ask("/v1/prices", url.Values{"currency": {"usd"}, "unit_amount": {"900"}, "recurring[interval]": {"month"}, "product_data[name]": {"X"}})
	customer, item := w.Customer("c")["stripe_id"].(string), price.(string)
	ask("/v1/subscriptions", url.Values{"customer": {customer}, "items[0][price]": {item}})
	ask("/v1/subscription_schedules", url.Values{"customer": {customer}, "start_date": {fmt.Sprint(T0.AddDate(1, 0, 0).Unix())},
		"phases[0][iterations]": {"3"}, "phases[0][items][0][price]": {item}})
	w.WaitIdle()
}

// begunChange lets a scheduled change happen, with its events on the way.
func begunChange(from, to string) func(w *World) {
	return func(w *World) {
		held(from, to)(w)
		hold(w)
		toRenewal(w)
	}
}

func cancelledAtStripe(w *World) {
	held("pro")(w)
	hold(w)
	w.Post("/_local/subscriptions/"+w.Invoices("c")[0].Subscription, JSON{"cancel_at_period_end": true})
}

func card(w *World) { w.PutGoodCard("c") }

// held prepares a customer with a card and these products.
func held(products ...string) func(w *World) {
	return func(w *World) {
		w.PutGoodCard("c")
		for _, p := range products {
			w.Attach("c", p)
		}
	}
}

// lived prepares a customer with a history of ended products, stored as they were before
// any of them moved.
func lived(before func(w *World)) func(w *World) {
	return func(w *World) {
		if before != nil {
			before(w)
		}
		for i := range 6 {
			cp := billing.CustomerProduct{ID: fmt.Sprint("cp_old_", i), ProductID: "pro", Version: 1, Group: "main", Status: billing.Expired, Quantity: 1,
				StartsAt: T0.AddDate(0, -i-2, 0), EndsAt: T0.AddDate(0, -i-1, 0), SubscriptionID: fmt.Sprint("sub_old_", i)}
			if err := w.Stack.Save(w.Context(), app.SaveCustomerProduct{Key: "c", Product: cp}); err != nil {
				w.Fatal(err)
			}
		}
	}
}

// hold holds Stripe's events back from now on.
func hold(w *World) { w.Helper(); w.Post("/_local/delivery", JSON{"mode": "hold"}) }

// let delivers events, held ones first.
func let(w *World) { w.Helper(); w.Post("/_local/delivery", JSON{"mode": "immediate"}) }

func paidPage(product string) func(w *World) {
	return func(w *World) {
		hold(w)
		w.Pay(w.Attach("c", product)["checkout_url"].(string))
	}
}

// payOpenPage pays the page of the customer's open checkout, if there is one.
func payOpenPage(w *World) {
	_, text, err := w.Stack.Stripe(http.MethodGet, "/v1/checkout/sessions?limit=100", nil)
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range ParseJSON(w.T, text)["data"].([]any) {
		if ValueAt(s, "status") == "open" {
			w.Pay(ValueAt(s, "url").(string))
		}
	}
}

// invited prepares a code of another customer, under the text that the flow
// redeems; the codes of a world are random.
func invited(w *World) {
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "gift", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "max_redemptions": 1})
	w.Post("/v1/customers", JSON{"id": "r"})
	w.Notes["code"], _ = w.Post("/v1/referrals/code", JSON{"customer_id": "r", "program_id": "both"})["code"].(string)
}

// promoted prepares a promotion code for one use of a reward that has two.
func promoted(w *World) {
	w.Post("/v1/rewards", JSON{"id": "promo", "name": "promo", "type": "free_product", "free_product_id": "booster", "max_redemptions": 2,
		"promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 1, "max_redemptions_per_customer": 1}}})
}

// granting prepares a code for one use of a reward of features.
func granting(w *World) {
	w.Post("/v1/rewards", JSON{"id": "beta", "name": "beta", "type": "feature_grant", "promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 1}},
		"grants": []JSON{{"feature_id": "messages", "included": 500, "expiry": JSON{"type": "month", "length": 1}}, {"feature_id": "words", "included": 5}}})
}

// discountQueued prepares a discount that runs, and one that waits for its end.
func discountQueued(w *World) {
	rewarded(card)(w)
	w.Post("/v1/rewards", JSON{"id": "tenth", "name": "tenth", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "forever", "apply_to_all": true}})
	for _, id := range []string{"fifth", "tenth"} {
		w.Post("/v1/customers/c/coupons/"+id, JSON{})
	}
}

// codeQueued prepares a discount by a code on a subscription that is to change, and one that
// waits behind it.
func codeQueued(w *World) {
	discountOf("premium")(w)
	w.Attach("c", "pro")
}

// discountOf prepares a discount by a code on the subscription of a product, and one that
// waits behind it.
func discountOf(product string) func(w *World) {
	return func(w *World) {
		rewarded(card)(w)
		w.Post("/v1/rewards", JSON{"id": "tenth", "name": "tenth", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "forever", "apply_to_all": true}})
		w.Attach("c", product, JSON{"promo_code": "ONCE"})
		w.Post("/v1/customers/c/coupons/tenth", JSON{})
	}
}

// rewarded prepares a code for one use of a discount that lasts.
func rewarded(then func(w *World)) func(w *World) {
	return func(w *World) {
		w.Post("/v1/rewards", JSON{"id": "fifth", "name": "fifth", "type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "forever", "apply_to_all": true},
			"promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 1, "max_redemptions_per_customer": 1}}})
		if then != nil {
			then(w)
		}
	}
}

var theRenewal = T0.AddDate(0, 1, 0)

func renewed(w *World) {
	held("pro")(w)
	w.Track("c", "messages", 40)
	hold(w)
	toRenewal(w)
}

// unlowered comes to a renewal of 0 that uses up the first of some discounts.
func unlowered(discounts int) func(w *World) {
	return func(w *World) {
		w.Product("metered", "meter", Overage("messages", 0, 1, 10))
		w.Post("/v1/rewards", JSON{"id": "once", "name": "once", "type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true}})
		held("metered")(w)
		for range discounts {
			w.Post("/v1/customers/c/coupons/once", JSON{})
		}
		hold(w)
		w.AdvancePastRenewal(theRenewal)
	}
}

func failed(w *World) {
	heldWithBadCard(w)
	hold(w)
	toRenewal(w)
}

// recovered has the failure delivered first, and then the invoice paid.
func recovered(w *World) {
	failed(w)
	let(w)
	hold(w)
	payWithGoodCard(w)
}

func deleted(w *World) {
	held("pro", "addon_words")(w)
	hold(w)
	deleteFirst(w)
}

// smallCatalog is the part of the standard catalog that the flows need.
func smallCatalog(w *World) {
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	all := func(eur, jpy, kwd float64) JSON { return JSON{"eur": eur, "jpy": jpy, "kwd": kwd} }
	w.Product("free", "main", Messages(100)).Default()
	w.Product("pro", "main", In(Price(20), all(18, 2000, 6.15)), Messages(500))
	w.Product("premium", "main", In(Price(50), all(45, 5000, 15.3)), Messages(1000))
	w.Product("ultra", "main", Price(90), Messages(5000))
	w.Product("use", "main", In(Price(20), all(18, 2000, 6.15)), In(Overage("messages", 100, 1, 10), all(0.9, 111, 0.307)))
	w.Product("packs", "main", In(Price(20), all(18, 2000, 6.15)), In(Prepaid("messages", 10, 100, "month"), all(9, 1100, 3.07)))
	w.Product("tried_high", "main", Price(30), Messages(500)).Trial(7)
	w.Product("yearly", "main", JSON{"price": 200, "interval": "year"}, Messages(500))
	w.Product("year_use", "main", Every("year", Price(200)), Overage("messages", 100, 1, 10))
	w.Product("tried", "main", Price(20), Messages(500)).Trial(7)
	w.Product("addon_words", "", Price(20), Consumable("words", 200)).AddOn()
	w.Product("booster", "", Messages(100)).AddOn()
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
}
