package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	. "windfall/tests/world"
)

// A flow is one command in one situation. To have a new command proven, add
// its flows to the list: everything else follows from it.
type flow struct {
	command string         // its name in the table of results
	name    string         // the situation
	prepare func(w *World) // the history before; may be nil
	act     act            // disturbed by the trouble
	after   func(w *World) // what follows in any case, such as a page being paid; may be nil
}

// An act is carried out, and repeated if it failed. It returns the statuses of
// its answers.
type act struct {
	do    func(w *World) []Answer
	sweep bool   // without a repetition, the schedule finishes it
	leave string // a pattern of rows that every try adds
	told  string // the code of a refusal that a repetition may get, as the first try had its effect
}

// call is a request with an Idempotency-Key of its own, which a client repeats
// without an answer.
func call(method, path string, body JSON) act {
	return act{sweep: true, do: func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, method, path, body, IdempotencyKey("once"))}
	}}
}

func attach(product string, more ...JSON) act {
	return call("POST", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": product}, more...))
}

// events is the delivery of Stripe's events, which Stripe repeats until each is
// accepted.
func events(types ...string) act {
	return act{do: func(w *World) []Answer {
		var out []Answer
		for _, status := range w.Redeliver(types...) {
			out = append(out, Answer{Status: int(status.(float64)), Text: "an event"})
		}
		return out
	}}
}

var flows = []flow{
	{"attach", "free product", nil, attach("booster"), nil},
	{"attach", "card on file", card, attach("pro"), nil},
	{"attach", "no card", nil, attach("pro"), payOpenPage},
	{"attach", "a page instead of another", func(w *World) { w.Attach("c", "premium") }, attach("pro"), payOpenPage},
	{"attach", "a page that Stripe refuses, instead of another", func(w *World) { w.Attach("c", "premium") },
		act{do: attach("pro", JSON{"checkout_session_params": JSON{"automatic_tax": JSON{"enabled": true}}}).do, told: "stripe_error",
			leave: `\\"rule\\":\\"refused\\"|^price\t\{"active":false`}, payOpenPage},
	{"attach", "refused card", func(w *World) { w.PutFailingCard("c") }, attach("pro"), payOpenPage},
	{"attach", "invoice mode", nil, attach("pro", JSON{"invoice_only": true}), nil},
	{"attach", "one-off", card, attach("topup", Quantity("messages", 250)), nil},
	{"attach", "add-on", held("pro"), attach("addon_words"), nil},
	{"attach", "two products", card, call("POST", "/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}}), nil},
	{"attach", "a card appeared while a page was open", func(w *World) { w.Attach("c", "pro"); w.PutGoodCard("c") }, attach("pro"), nil},
	{"attach", "upgrade", held("pro"), attach("premium"), nil},
	{"attach", "upgrade with overage", overdrawn, attach("premium"), nil},
	{"attach", "upgrade with a refused card", func(w *World) { overdrawn(w); w.PutFailingCard("c") }, refused(attach("premium")), nil},
	{"attach", "upgrade out of a trial", held("tried"), attach("premium"), nil},
	{"attach", "upgrade over a scheduled downgrade", held("premium", "pro"), attach("ultra"), nil},
	{"attach", "downgrade", held("premium"), attach("pro"), nil},
	{"attach", "downgrade to free", held("pro"), attach("free"), nil},
	{"attach", "downgrade that Stripe refuses, instead of an end", func(w *World) {
		held("premium")(w)
		w.Cancel("c", "premium")
		w.DiscountOfDeletedCoupon(w.Invoices("c")[0].Subscription)
	}, unplanned(attach("pro")), nil},
	{"attach", "another downgrade", held("premium", "pro"), attach("free"), nil},
	{"attach", "uncancel", func(w *World) { held("premium")(w); w.Cancel("c", "premium") }, attach("premium"), nil},
	{"attach", "withdrawn downgrade", held("premium", "pro"), attach("premium"), nil},
	{"attach", "items of one's own", held("pro"), attach("pro", JSON{"is_custom": true, "items": []JSON{Price(30), Messages(700)}}), nil},
	{"attach", "from paid to free at once", held("pro"), attach("free", JSON{"plan_schedule": "immediate"}), nil},
	{"attach", "another quantity", packs("200"), attach("packs", Quantity("messages", 500)), nil},
	{"cancel", "with the period", held("pro"), cancel("pro"), nil},
	{"cancel", "at once", held("pro"), cancel("pro", Immediately()), nil},
	{"cancel", "at once, with overage", overdrawn, cancel("use", Immediately()), nil},
	{"cancel", "at once, credited", held("pro"), cancel("pro", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "at once, while the renewal is a draft", draftHour, cancel("use", Immediately()), nil},
	{"cancel", "at once, credited, while the renewal is a draft", draftHour, cancel("use", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "one of two, while the renewal is a draft", draftHourOfTwo, cancel("use", Immediately()), nil},
	{"cancel", "at once, while the renewal is a draft and something waits", draftHourAndStaff, cancel("use", Immediately()), nil},
	{"cancel", "at once, after an upgrade while the renewal is a draft", draftHourAnd("premium"), cancel("premium", Immediately()), nil},
	{"cancel", "at once, credited, after an upgrade while the renewal is a draft", draftHourAnd("premium"), cancel("premium", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "at once, after a trial begun while the renewal is a draft", draftHourAnd("tried_high"), cancel("tried_high", Immediately()), nil},
	{"cancel", "at once, credited, after another interval while the renewal is a draft", draftHourAnd("yearly"), cancel("yearly", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "at once, credited, while prorations of staff's wait", prorationsWait, cancel("premium", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "at once, while something waits for the renewal", seatsWait, cancel("team", Immediately()), nil},
	{"attach", "from paid to free at once, while the renewal is a draft", draftHour, attach("free", JSON{"plan_schedule": "immediate"}), nil},
	{"cancel", "at once, credited as far as it was paid", partlyPaid, cancel("pro", Immediately(), JSON{"prorate": true}), nil},
	{"attach", "upgrade from a period that was not paid", writtenOff, attach("premium", JSON{"invoice_only": true}), nil},
	{"cancel", "one of two on a subscription", both, cancel("addon_words", Immediately()), nil},
	{"cancel", "a scheduled product", held("premium", "pro"), cancel("pro"), nil},
	{"delete customer", "with the default product", nil, remove(""), nil},
	{"delete customer", "with an open page", func(w *World) { w.Attach("c", "pro") }, remove(""), nil},
	{"delete customer", "subscribed", both, remove("?cancel=true"), nil},
	{"delete customer", "with overage", overdrawn, remove("?cancel=true"), nil},
	{"delete customer", "while the renewal is a draft", draftHour, remove("?cancel=true"), nil},
	{"delete customer", "with a downgrade scheduled", held("premium", "pro"), remove("?cancel=true"), nil},
	{"delete customer", "with a subscription of staff's", startedAtStripe, remove("?cancel=true"), nil},
	{"delete customer", "at Stripe as well", overdrawn, remove("?cancel=true&delete_in_stripe=true"), nil},
	{"delete customer", "at Stripe alone", held("pro"), remove("?delete_in_stripe=true"), nil},
	{"create customer", "with the default product", nil, call("POST", "/v1/customers", JSON{"id": "d", "email": "d@x.io"}), nil},
	{"redeem", "sign-up, both sides", referral, act{do: redeemCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"webhook", "checkout completed", paidPage("pro"), events("checkout.session.completed"), nil},
	{"webhook", "subscription created", paidPage("pro"), events("customer.subscription.created"), nil},
	{"webhook", "invoice paid before the checkout", paidPage("pro"), events("invoice.paid"), nil},
	{"webhook", "renewal", renewed, events("invoice.created", "invoice.paid", "customer.subscription.updated"), nil},
	{"webhook", "failed renewal", failed, events("customer.subscription.updated", "invoice.payment_failed"), nil},
	{"webhook", "recovery", recovered, events("invoice.paid", "customer.subscription.updated"), nil},
	{"webhook", "a downgrade begins", begunChange("premium", "pro"), events("customer.subscription.updated", "invoice.created", "subscription_schedule.updated"), nil},
	{"webhook", "an end comes", begunChange("pro", "free"), events("customer.subscription.deleted"), nil},
	{"webhook", "cancelled in the portal", cancelledAtStripe, events("customer.subscription.updated"), nil},
	{"webhook", "subscription deleted", deleted, events("customer.subscription.deleted"), nil},
	{"webhook", "subscription deleted while the renewal is a draft", endsAtStripe(draftHour), events("customer.subscription.deleted", "invoice.updated"), nil},
	{"webhook", "subscription deleted after an upgrade while the renewal is a draft", endsAtStripe(draftHourAnd("premium")), events("customer.subscription.deleted", "invoice.updated"), nil},
	{"webhook", "subscription deleted while something waits for the renewal", endsAtStripe(seatsWait), events("customer.subscription.deleted"), nil},
	{"webhook", "a top-up refunded in part", happened(toppedUp, takeBack("refund", 300)), events("charge.refunded"), nil},
	{"webhook", "a top-up refunded before its page was heard of", func(w *World) {
		hold(w)
		payPage(w, "topup", Quantity("messages", 250))
		takeBack("refund", 300)(w)
	}, events("charge.refunded"), nil},
	{"webhook", "a top-up disputed", happened(toppedUp, takeBack("dispute", 900)), events("charge.dispute.created"), nil},
	{"webhook", "a dispute won", happened(func(w *World) { toppedUp(w); takeBack("dispute", 900)(w) }, closeDisputes("won")), events("charge.dispute.closed"), nil},
	{"webhook", "a subscription refunded", happened(held("pro"), takeBack("refund", 2000)), events("charge.refunded"), nil},
	{"webhook", "a subscription disputed, which ends it", happened(func(w *World) { disputeEnds(w); held("pro")(w) }, takeBack("dispute", 2000)), events("charge.dispute.created"), nil},
}

func cancel(product string, more ...JSON) act {
	return call("POST", "/v1/cancel", Merge(JSON{"customer_id": "c", "product_id": product}, more...))
}

// remove deletes the customer, with these flags in the query.
func remove(flags string) act {
	return act{sweep: true, do: func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, "DELETE", "/v1/customers/c"+flags, nil, IdempotencyKey("once"))}
	}}
}

// refused is an act that ends with a declined card, on every retry.
func refused(a act) act {
	a.told, a.leave = "stripe_card_declined", `\\"rule\\":\\"refused\\"|^price\t\{"active":false`
	return a
}

// unplanned is an act that ends with Stripe's refusal, on every retry. Each try
// creates a schedule and releases it; the events of the end that it withdraws
// and restores are processed.
func unplanned(a act) act {
	a.told, a.leave = "stripe_error", `\\"rule\\":\\"refused\\"|^price\t\{"active":false|^subscription_schedule\t|\\"action\\":\\"follow\\"`
	return a
}

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

// packs prepares a customer with prepaid messages.
func packs(n string) func(w *World) {
	return func(w *World) {
		w.PutGoodCard("c")
		w.Attach("c", "packs", JSON{"options": []JSON{{"feature_id": "messages", "quantity": json.Number(n)}}})
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

// referral prepares a code of another customer, under the text that the flow
// redeems; the codes of a world are random.
func referral(w *World) {
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "gift", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "max_redemptions": 1})
	w.Post("/v1/customers", JSON{"id": "r"})
	w.Notes["code"], _ = w.Post("/v1/referrals/code", JSON{"customer_id": "r", "program_id": "both"})["code"].(string)
}

func redeemCode(w *World) []Answer {
	return []Answer{w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"code": w.Notes["code"], "customer_id": "c"}, IdempotencyKey("once"))}
}

var theRenewal = T0.AddDate(0, 1, 0)

func renewed(w *World) {
	held("pro")(w)
	w.Track("c", "messages", 40)
	hold(w)
	toRenewal(w)
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

// open builds a flow's world up to its act. Everything is held from here on:
// only the act itself is counted.
func (f flow) open(t *testing.T) (*World, *killer) {
	t.Helper()
	w, k := mortal(t)
	smallCatalog(w)
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	if f.prepare != nil {
		f.prepare(w)
	}
	hold(w)
	w.Stack.HoldStream(true)
	return w, k
}

// smallCatalog is the part of the standard catalog that the flows need.
func smallCatalog(w *World) {
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("free", "main", Messages(100)).Default()
	w.Product("pro", "main", Price(20), Messages(500))
	w.Product("premium", "main", Price(50), Messages(1000))
	w.Product("ultra", "main", Price(90), Messages(5000))
	w.Product("use", "main", Price(20), Overage("messages", 100, 1, 10))
	w.Product("packs", "main", Price(20), Prepaid("messages", 10, 100, "month"))
	w.Product("tried_high", "main", Price(30), Messages(500)).Trial(7)
	w.Product("yearly", "main", JSON{"price": 200, "interval": "year"}, Messages(500))
	w.Product("tried", "main", Price(20), Messages(500)).Trial(7)
	w.Product("addon_words", "", Price(20), Consumable("words", 200)).AddOn()
	w.Product("booster", "", Messages(100)).AddOn()
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
}
