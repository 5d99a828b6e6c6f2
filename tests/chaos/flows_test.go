package chaos

import (
	"strings"
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
	timed bool   // it is a run of the schedule
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

func update(plan string, more ...JSON) act {
	return call("POST", "/v1/billing.update", Merge(JSON{"customer_id": "c", "plan_id": plan}, more...))
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
		act{do: attach("pro", JSON{"checkout_session_params": JSON{"custom_text": JSON{"submit": JSON{"message": "hi"}}}}).do, told: "stripe_error",
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
	{"attach", "a billing day", card, attach("pro", JSON{"billing_cycle_anchor": 31}), nil},
	{"attach", "a billing day on a page", nil, attach("pro", JSON{"billing_cycle_anchor": 15}), payOpenPage},
	{"attach", "a billing day by invoice, refused card", func(w *World) { w.PutFailingCard("c") }, attach("pro", JSON{"billing_cycle_anchor": 15}), payOpenPage},
	{"attach", "upgrade that begins a full period", overdrawn, attach("premium", JSON{"billing_cycle_anchor": "now"}), nil},
	{"attach", "one more of an add-on", held("pro", "addon_words"), attach("addon_words", JSON{"new_billing_subscription": true}), nil},
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
	{"attach", "a version whose seats are a month's, of a year's", seatsOfAYear("year"), attach("year"), nil},
	{"attach", "upgrade within a year, with seats of its months", seatsOfAYear("month"), attach("larger"), nil},
	{"update", "more of a feature", packs("200"), update("packs", JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 500}}}), nil},
	{"update", "more of a feature, without a charge", packs("200"), update("packs", JSON{"proration_behavior": "none", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 500}}}), nil},
	{"update", "another price", held("pro"), update("pro", JSON{"customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}), nil},
	{"update", "another price, refused card", func(w *World) { held("pro")(w); w.PutFailingCard("c") }, refused(update("pro", JSON{"customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}})), nil},
	{"update", "an end is withdrawn", func(w *World) { held("premium")(w); w.Cancel("c", "premium") }, update("premium", JSON{"cancel_action": "uncancel"}), nil},
	{"update", "at once, credited", held("pro"), update("pro", JSON{"cancel_action": "cancel_immediately"}), nil},
	{"update", "upgrade without a charge", held("pro"), call("POST", "/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "premium", "proration_behavior": "none"}), nil},
	{"update", "several", held("pro", "addon_words"), act{do: call("POST", "/v1/billing.multi_update", JSON{"customer_id": "c", "updates": []JSON{
		{"plan_id": "addon_words", "cancel_action": "cancel_immediately"}, {"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}}}).do}, nil},
	{"update", "a schedule", card, act{do: call("POST", "/v1/billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "pro"}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "premium"}}}}}).do}, nil},
	{"update", "a schedule with terms of what begins", card, act{do: call("POST", "/v1/billing.create_schedule", JSON{"customer_id": "c", "metadata": JSON{"a": "b"}, "phases": []JSON{
		{"plans": []JSON{{"plan_id": "pro", "customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "premium"}}}}}).do}, nil},
	{"lock", "reserved", nil, posted("/v1/balances.check", reserveThirty), spendWhatIsLeft},
	{"lock", "reserved, with credits, by a track", creditsOfC, posted("/v1/balances.track", JSON{"customer_id": "c", "feature_id": "call", "value": 30, "lock": JSON{"enabled": true, "lock_id": "l"}}), spendWhatIsLeft},
	{"lock", "confirmed", locked, posted("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm"}), spendWhatIsLeft},
	{"lock", "confirmed with more", locked, posted("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm", "override_value": 45}), spendWhatIsLeft},
	{"lock", "confirmed after its subscription ended", lockedThenEnded, posted("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm"}), swept},
	{"lock", "released", locked, posted("/v1/balances.finalize", JSON{"lock_id": "l", "action": "release"}), spendWhatIsLeft},
	{"balance", "given", nil, call("POST", "/v1/balances.create", JSON{"customer_id": "c", "feature_id": "messages", "included_grant": 50, "balance_id": "gift"}), nil},
	{"balance", "added to", nil, call("POST", "/v1/balances.update", JSON{"customer_id": "c", "feature_id": "messages", "add_to_balance": 7}), nil},
	{"balance", "taken away", gifted, call("POST", "/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "messages"}), nil},
	{"batch track", "two customers, several parts", nil, act{do: trackBatch}, nil},
	{"attach", "card on file, in euros", pays("eur", card), attach("pro"), nil},
	{"attach", "card on file, in yen that are chosen with it", card, attach("pro", JSON{"currency": "jpy"}), nil},
	{"attach", "no card, in euros that are chosen with it", nil, attach("pro", JSON{"currency": "eur"}), payOpenPage},
	{"attach", "a page instead of one in another currency", func(w *World) { w.Attach("c", "premium", JSON{"currency": "eur"}) }, attach("pro", JSON{"currency": "jpy"}), payOpenPage},
	{"attach", "upgrade with overage, in dinars", pays("kwd", overdrawn), attach("premium"), nil},
	{"attach", "another quantity, in yen", pays("jpy", packs("200")), attach("packs", Quantity("messages", 500)), nil},
	{"attach", "downgrade, in euros", pays("eur", held("premium")), attach("pro"), nil},
	{"cancel", "at once, credited, in dinars", pays("kwd", held("pro")), cancel("pro", Immediately(), JSON{"prorate": true}), nil},
	{"cancel", "at once, with overage, in yen", pays("jpy", overdrawn), cancel("use", Immediately()), nil},
	{"webhook", "renewal, in dinars", pays("kwd", renewed), events("invoice.created", "invoice.paid", "customer.subscription.updated"), nil},
	{"batch track", "seats that are paid for", seatsOfATeam, act{do: trackSeatsBatch}, nil},
	{"attach with a reward", "card on file", rewarded(card), rewards("pro"), nil},
	{"attach with a reward", "no card", rewarded(nil), rewards("pro"), payOpenPage},
	{"attach with a reward", "a page instead of one that has the code", rewarded(func(w *World) { w.Attach("c", "premium", JSON{"promo_code": "ONCE"}) }), rewards("pro"), payOpenPage},
	{"attach with a reward", "refused card", rewarded(func(w *World) { w.PutFailingCard("c") }), rewards("pro"), payOpenPage},
	{"attach with a reward", "one-off", rewarded(card), rewards("topup", Quantity("messages", 250)), nil},
	{"attach with a reward", "upgrade", rewarded(held("pro")), rewards("premium"), nil},
	{"attach with a reward", "upgrade with a refused card", rewarded(func(w *World) { held("pro")(w); w.PutFailingCard("c") }), refused(rewards("premium")), nil},
	{"give a reward", "a free product", promoted, act{do: giveReward("promo"), told: "referral_code_max_redemptions_reached"}, nil},
	{"give a reward", "a discount", rewarded(card), act{do: giveReward("fifth"), told: "referral_code_max_redemptions_reached"}, swept},
	{"give a reward", "a discount behind another one", rewarded(func(w *World) {
		card(w)
		w.CallStripe("POST", "/v1/coupons", "id=OTHER&percent_off=10&duration=forever")
		w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=OTHER")
	}), act{do: giveReward("fifth"), told: "referral_code_max_redemptions_reached"}, swept},
	{"redeem a code", "of features", granting, act{do: redeemPromoCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"take off a reward", "the one that runs", discountQueued, act{do: takeOffReward("")}, swept},
	{"take off a reward", "of a subscription with a change for later", codeQueued, act{do: takeOffReward("/fifth")}, swept},
	{"delete customer", "with a page that has a code", rewarded(func(w *World) { w.Attach("c", "pro", JSON{"promo_code": "ONCE"}) }), remove(""), nil},
	{"attach", "free product, after a long life", lived(nil), attach("booster"), nil},
	{"attach", "upgrade, after a long life", lived(held("pro")), attach("premium"), nil},
	{"attach", "no card, after a long life", lived(nil), attach("pro"), payOpenPage},
	{"cancel", "at once, with overage, after a long life", lived(overdrawn), cancel("use", Immediately()), nil},
	{"delete customer", "after a long life", lived(overdrawn), remove("?cancel=true"), nil},
	{"redeem", "a promotion code, after a long life", lived(promoted), act{do: redeemPromoCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"webhook", "subscription deleted, after a long life", lived(deleted), events("customer.subscription.deleted"), nil},
	{"webhook", "renewal, after a long life", lived(renewed), events("invoice.created", "invoice.paid", "customer.subscription.updated"), nil},
	{"cancel", "with the period", held("pro"), cancel("pro"), nil},
	{"cancel", "at once", held("pro"), cancel("pro", Immediately()), nil},
	{"cancel", "at once, with overage", overdrawn, cancel("use", Immediately()), nil},
	{"cancel", "at once, with a month of the year to be billed", monthOver, cancel("year_use", Immediately()), nil},
	{"attach", "upgrade with a month of the year to be billed", monthOver, attach("premium", JSON{"plan_schedule": "immediate"}), nil},
	{"delete customer", "with a month of the year to be billed", monthOver, remove("?cancel=true"), nil},
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
	{"entities", "made, of seats that are paid", crew(), call("POST", "/v1/customers/c/entities", JSON{"id": "d", "feature_id": "seats"}), swept},
	{"entities", "one deleted", crew("a", "b"), act{do: call("DELETE", "/v1/customers/c/entities/a", nil).do, sweep: true, told: "entity_not_found"}, swept},
	{"entities", "made by a track", crew("a"), act{do: call("POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "entity_id": "b", "value": 7,
		"entity_data": JSON{"feature_id": "seats"}, "idempotency_key": "once"}).do, told: "duplicate_idempotency_key"}, swept},
	{"entities", "a product of one", crew("a", "b"), attach("pro", Of("a")), swept},
	{"entities", "an upgrade of one's product", func(w *World) { crew("a", "b")(w); w.Attach("c", "pro", Of("a")) }, attach("premium", Of("a")), swept},
	{"entities", "one's product cancelled", func(w *World) { crew("a", "b")(w); w.Attach("c", "pro", Of("a")) }, cancel("pro", Of("a"), Immediately()), swept},
	{"entities", "a change of plan", crew("a", "b", "d", "e", "f"), attach("crew_pro"), swept},
	{"entities", "made by an attach of two plans", crew("a"), act{do: call("POST", "/v1/billing.multi_attach", JSON{"customer_id": "c", "entity_id": "b", "entity_data": JSON{"feature_id": "seats"},
		"plans": []JSON{{"plan_id": "pro"}, {"plan_id": "addon_words"}}}).do}, swept},
	{"entities", "more of a feature for one", packsOf("a"), update("packs", Of("a"), JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 500}}}), swept},
	{"entities", "one's plan ends with its period", packsOf("a"), update("packs", Of("a"), JSON{"cancel_action": "cancel_end_of_cycle"}), swept},
	{"entities", "a schedule of one", crew("a", "b"), act{do: call("POST", "/v1/billing.create_schedule", JSON{"customer_id": "c", "entity_id": "a", "phases": []JSON{{"plans": []JSON{{"plan_id": "premium"}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "pro"}}}}}).do}, swept},
	{"entities", "no card", func(w *World) {
		crew("a")(w)
		w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "invoice_settings[default_payment_method]=")
	}, attach("pro", Of("a")), payOpenPage},
	{"entities", "units of one reserved", crew("a", "b"), posted("/v1/balances.check", lockOf("a")), nil},
	{"entities", "units of one confirmed", func(w *World) { crew("a", "b")(w); w.Post("/v1/balances.check", lockOf("a")) }, posted("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm", "override_value": 70}), nil},
	{"entities", "a balance of one given", crew("a", "b"), call("POST", "/v1/balances.create", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "words", "included_grant": 50, "balance_id": "gift"}), nil},
	{"entities", "the customer deleted", func(w *World) { crew("a", "b")(w); w.Attach("c", "pro", Of("a")) }, remove("?cancel=true"), nil},
	{"delete customer", "subscribed", both, remove("?cancel=true"), nil},
	{"delete customer", "with overage", overdrawn, remove("?cancel=true"), nil},
	{"delete customer", "while the renewal is a draft", draftHour, remove("?cancel=true"), nil},
	{"delete customer", "with a downgrade scheduled", held("premium", "pro"), remove("?cancel=true"), nil},
	{"delete customer", "with a subscription of staff's", startedAtStripe, remove("?cancel=true"), nil},
	{"delete customer", "at Stripe as well", overdrawn, remove("?cancel=true&delete_in_stripe=true"), nil},
	{"delete customer", "at Stripe alone", held("pro"), remove("?delete_in_stripe=true"), nil},
	{"create customer", "with the default product", nil, call("POST", "/v1/customers", JSON{"id": "d", "email": "d@x.io"}), nil},
	{"redeem", "sign-up, both sides", invited, act{do: redeemCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"redeem", "a promotion code", promoted, act{do: redeemPromoCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"redeem", "a promotion code of an add-on that is held", func(w *World) { promoted(w); w.Attach("c", "booster") }, act{do: redeemPromoCode, told: "referral_code_max_redemptions_reached"}, nil},
	{"webhook", "checkout completed", paidPage("pro"), events("checkout.session.completed"), nil},
	{"webhook", "subscription created", paidPage("pro"), events("customer.subscription.created"), nil},
	{"webhook", "invoice paid before the checkout", paidPage("pro"), events("invoice.paid"), nil},
	{"webhook", "checkout completed, with a reward", func(w *World) {
		rewarded(nil)(w)
		hold(w)
		w.Pay(w.Attach("c", "pro", JSON{"promo_code": "ONCE"})["checkout_url"].(string))
	}, events("checkout.session.completed"), nil},
	{"webhook", "renewal", renewed, events("invoice.created", "invoice.paid", "customer.subscription.updated"), nil},
	{"webhook", "a renewal uses a discount up for nothing", unlowered(1), events("invoice.finalized"), nil},
	{"webhook", "a renewal uses a discount up for nothing while another one waits", unlowered(2), events("customer.discount.deleted", "invoice.finalized"), swept},
	{"webhook", "failed renewal", failed, events("customer.subscription.updated", "invoice.payment_failed"), nil},
	{"webhook", "recovery", recovered, events("invoice.paid", "customer.subscription.updated"), nil},
	{"webhook", "a downgrade begins", begunChange("premium", "pro"), events("customer.subscription.updated", "invoice.created", "subscription_schedule.updated"), nil},
	{"webhook", "an end comes", begunChange("pro", "free"), events("customer.subscription.deleted"), nil},
	{"webhook", "cancelled in the portal", cancelledAtStripe, events("customer.subscription.updated"), nil},
	{"webhook", "subscription deleted", deleted, events("customer.subscription.deleted"), nil},
	{"webhook", "subscription deleted whose discount another one waits for", happened(discountOf("pro"), deleteFirst), events("customer.subscription.deleted"), nil},
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

// rewards attaches with a code that can be used once.
func rewards(product string, more ...JSON) act {
	return attach(product, append(more, JSON{"promo_code": "ONCE"})...)
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

func redeemCode(w *World) []Answer {
	return []Answer{w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"code": w.Notes["code"], "customer_id": "c"}, IdempotencyKey("once"))}
}

func redeemPromoCode(w *World) []Answer {
	return []Answer{w.Do(w.Stack.Key, "POST", "/v1/rewards/redeem", JSON{"code": "ONCE", "customer_id": "c"}, IdempotencyKey("once"))}
}

// swept lets the schedule finish what the answer did not wait for.
func swept(w *World) { w.Advance("5m") }

func giveReward(id string) func(w *World) []Answer {
	return func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, "POST", "/v1/customers/c/coupons/"+id, JSON{"promo_code": "ONCE"}, IdempotencyKey("once"))}
	}
}

func takeOffReward(named string) func(w *World) []Answer {
	return func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/coupons"+named, nil, IdempotencyKey("once"))}
	}
}

// sample is the part of the tries of a flow. The table of referrals is long, so of each of
// its rows less is tried where not all is: of each another part.
func (f flow) sample() sample {
	if strings.HasPrefix(f.command, "referral") && *oneOf > 1 {
		return sample{n: len(f.name), every: 36}
	}
	return sample{every: *oneOf}
}

// open builds a flow's world up to its act. Everything is held from here on:
// only the act itself is counted.
func (f flow) open(t *testing.T) (*World, *killer) {
	t.Helper()
	begin := mortal
	if f.act.timed {
		begin = scheduled
	}
	w, k := begin(t)
	smallCatalog(w)
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	if f.prepare != nil {
		f.prepare(w)
	}
	hold(w)
	w.Stack.HoldStream(true)
	return w, k
}
