package chaos

import (
	"fmt"
	"slices"

	. "windfall/tests/world"
)

// The rewards of programs: an add-on, a discount for one invoice, 30.00 of credits, and
// two months of a plan.
var (
	anAddOn   = JSON{"type": "free_product", "free_product_id": "booster"}
	aDiscount = JSON{"type": "percentage_discount", "discount_config": Merge(JSON{"discount_value": 10, "duration_type": "one_off"}, ofAll)}
	credits30 = JSON{"type": "invoice_credits", "discount_config": Merge(JSON{"discount_value": 30, "duration_type": "one_off"}, ofAll)}
	twoMonths = JSON{"type": "free_product", "free_product_id": "pro", "free_product_config": JSON{"duration_type": "months", "duration_value": 2}}

	forOne  = JSON{"received_by": "referrer"}
	waiting = JSON{"hold_days": 3}
)

// signUp is a program that gives its reward at once.
func signUp(more ...JSON) JSON { return Merge(JSON{"when": "customer_creation"}, more...) }

// invites prepares a program that gives a reward to both sides for the purchase of pro,
// and a code of r in it. then follow one after the other.
func invites(reward, terms JSON, then ...func(w *World)) func(w *World) {
	return func(w *World) {
		w.Post("/v1/rewards", Merge(JSON{"id": "reward", "name": "reward"}, reward))
		w.Post("/v1/customers", JSON{"id": "r", "email": "r@x.io"})
		program := Merge(JSON{"id": "P", "when": "checkout", "internal_reward_id": "reward", "received_by": "all", "product_ids": []string{"pro"}}, terms)
		if program["when"] == "customer_creation" {
			delete(program, "product_ids")
		}
		w.Post("/v1/reward_programs", program)
		w.Notes["code"] = codeOf(w, "r", "P")
		for _, next := range then {
			next(w)
		}
	}
}

func codeOf(w *World, customer, program string) string {
	w.Helper()
	return fmt.Sprint(w.Post("/v1/referrals/code", JSON{"customer_id": customer, "program_id": program})["code"])
}

// redeemed has c redeem the code.
func redeemed(w *World) { w.Notes["redemption"] = redeemBy(w, "c") }

func redeemBy(w *World, customer string) string {
	w.Helper()
	return fmt.Sprint(w.Post("/v1/referrals/redeem", JSON{"customer_id": customer, "code": w.Notes["code"]})["id"])
}

// buys has a customer buy pro by card, which is told at once.
func buys(customer string) func(w *World) {
	return func(w *World) {
		w.PutGoodCard(customer)
		w.Attach(customer, "pro")
		w.WaitIdle()
	}
}

// another customer redeems the code first, and buys.
func another(w *World) {
	w.Post("/v1/customers", JSON{"id": "d", "email": "d@x.io"})
	redeemBy(w, "d")
	buys("d")(w)
}

// ringed makes r a customer whom c has brought.
func ringed(w *World) {
	w.Post("/v1/rewards", Merge(JSON{"id": "small", "name": "small"}, anAddOn))
	w.Post("/v1/reward_programs", JSON{"id": "before", "when": "customer_creation", "internal_reward_id": "small", "received_by": "referrer"})
	w.Post("/v1/referrals/redeem", JSON{"customer_id": "r", "code": codeOf(w, "c", "before")})
}

func cardOf(customer string) func(w *World) { return func(w *World) { w.PutGoodCard(customer) } }

// itsDay comes, without a run of the schedule.
func itsDay(w *World) {
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T0.AddDate(0, 0, 3)); err != nil {
		w.Fatal(err)
	}
}

// bySchedule is one run of the schedule.
var bySchedule = act{timed: true, do: func(w *World) []Answer {
	_, _ = w.Stack.Gateway.InvokeScheduled(w.Context(), "close_periods", w.Stack.Sim.Now()) // it logs what fails, and comes again
	return nil
}}

// becomes lets the schedule finish, and expects the redemption to be in one of these
// statuses, with its sides where they are given behind it.
func becomes(statuses ...string) func(w *World) {
	return func(w *World) {
		w.Helper()
		swept(w)
		swept(w)
		r := w.Get("/v1/redemptions/" + w.Notes["redemption"])
		if got := fmt.Sprint(r["status"], " ", r["referrer_status"], " ", r["redeemer_status"]); !slices.Contains(statuses, got) {
			w.Errorf("the redemption is %s, and not %q", got, statuses)
		}
	}
}

var (
	bothHave    = becomes("applied applied applied")
	bothGive    = becomes("reversed reversed reversed")
	bothHeld    = becomes("held held held")
	bothRefused = becomes("refused refused refused")
	bothClosed  = becomes("closed closed closed")
)

func init() {
	again := "customer_already_redeemed_code"
	redeem := act{sweep: true, do: redeemCode}
	purchase := events("customer.subscription.created", "invoice.paid")
	refund, dispute := events("charge.refunded"), events("charge.dispute.created")
	// paying prepares the purchase of c's, which is told in the act.
	paying := func(reward, terms JSON, before ...func(w *World)) func(w *World) {
		return invites(reward, terms, append(before, redeemed, hold, buys("c"))...)
	}
	// taking prepares the return of its payment.
	taking := func(how string, reward, terms JSON, before ...func(w *World)) func(w *World) {
		return invites(reward, terms, append(before, redeemed, buys("c"), hold, takeBack(how, 2000))...)
	}
	// looked prepares one that a person is to look at.
	looked := func(reward JSON, before ...func(w *World)) func(w *World) {
		return invites(reward, signUp(), append(before, ringed, redeemed)...)
	}
	fast := func(mode string) JSON {
		return signUp(JSON{"guard": JSON{"velocity": JSON{"count": 1, "days": 1, "mode": mode}}})
	}
	refuseCards := JSON{"guard": JSON{"same_card": "refuse"}}
	flows = append(flows, []flow{
		{"referral redeem", "a flag holds it", invites(anAddOn, signUp(), ringed), redeem, swept},
		{"referral redeem", "the first is counted", invites(anAddOn, fast("flag")), redeem, swept},
		{"referral redeem", "too fast, it is held", invites(anAddOn, fast("flag"), another), redeem, swept},
		{"referral redeem", "days hold it", invites(anAddOn, signUp(waiting)), redeem, swept},
		{"referral redeem", "a purchase is to come", invites(anAddOn, JSON{"max_redemptions": 1}), redeem, swept},
		{"referral redeem", "credits for both", invites(credits30, signUp(), cardOf("r"), card), redeem, swept},
		{"referral redeem", "discounts for both", invites(aDiscount, signUp(), cardOf("r"), card), redeem, swept},
		{"referral redeem", "once in a program", invites(anAddOn, signUp()), act{do: redeemCode, told: again}, swept},
		{"referral trigger", "an add-on for both", paying(anAddOn, nil), purchase, bothHave},
		{"referral trigger", "discounts for both", paying(aDiscount, nil, cardOf("r")), purchase, bothHave},
		{"referral trigger", "credits for both", paying(credits30, nil, cardOf("r")), purchase, bothHave},
		{"referral trigger", "a plan for the referrer", paying(twoMonths, forOne, cardOf("r")), purchase, becomes("applied applied <nil>")},
		{"referral trigger", "days hold it", paying(anAddOn, waiting), purchase, bothHeld},
		{"referral trigger", "a flag holds it", paying(anAddOn, nil, ringed), purchase, bothHeld},
		{"referral trigger", "one card is refused", paying(anAddOn, refuseCards, cardOf("r")), purchase, bothRefused},
		{"referral trigger", "the limit closes it", paying(anAddOn, JSON{"max_redemptions": 1}, another), purchase, bothClosed},
		{"referral release", "an add-on for both", invites(anAddOn, signUp(waiting), redeemed, itsDay), bySchedule, bothHave},
		{"referral release", "discounts for both", invites(aDiscount, signUp(waiting), cardOf("r"), card, redeemed, itsDay), bySchedule, bothHave},
		{"referral release", "credits for both", invites(credits30, signUp(waiting), cardOf("r"), card, redeemed, itsDay), bySchedule, bothHave},
		{"referral release", "after a purchase", invites(anAddOn, waiting, redeemed, buys("c"), itsDay), bySchedule, bothHave},
		{"referral review", "an add-on is approved", looked(anAddOn), said("approve"), becomes("applied applied applied", "held held held")},
		{"referral review", "discounts are approved", looked(aDiscount, cardOf("r"), card), said("approve"), becomes("applied applied applied", "held held held")},
		{"referral review", "credits are approved", looked(credits30, cardOf("r"), card), said("approve"), becomes("applied applied applied", "held held held")},
		{"referral review", "it is rejected", looked(anAddOn), said("reject"), becomes("refused refused refused", "held held held")},
		{"referral reversal", "credits, refunded", taking("refund", credits30, nil, cardOf("r")), refund, bothGive},
		{"referral reversal", "credits, disputed", taking("dispute", credits30, nil, cardOf("r")), dispute, bothGive},
		{"referral reversal", "credits of which Stripe was not told", taking("refund", credits30, nil), refund, bothGive},
		{"referral reversal", "credits, used in part", invites(credits30, forOne, buys("r"), redeemed, buys("c"), toRenewal, hold, refundOfFirst), refund, becomes("reversed reversed <nil>")},
		{"referral reversal", "discounts that run", taking("refund", aDiscount, nil, cardOf("r")), refund, bothGive},
		{"referral reversal", "a discount that runs, disputed", taking("dispute", aDiscount, forOne, cardOf("r")), dispute, becomes("reversed reversed <nil>")},
		{"referral reversal", "a discount that runs, with one behind it", invites(aDiscount, forOne, cardOf("r"), redeemed, buys("c"), another, hold, takeBack("refund", 2000)), refund, becomes("reversed reversed <nil>")},
		{"referral reversal", "a discount that waits", taking("refund", aDiscount, forOne, cardOf("r"), another), refund, becomes("reversed reversed <nil>")},
		{"referral reversal", "months that run", taking("refund", twoMonths, forOne), refund, becomes("reversed applied <nil>")},
		{"referral reversal", "months, of which one runs and one waits", taking("refund", twoMonths, forOne, buys("r")), refund, noneRuns},
		{"referral reversal", "add-ons", taking("refund", anAddOn, nil), refund, bothGive},
		{"referral reversal", "add-ons, disputed", taking("dispute", anAddOn, nil), dispute, bothGive},
		{"referral reversal", "one of two add-ons", taking("refund", anAddOn, forOne, another), refund, becomes("reversed reversed <nil>")},
		{"referral reversal", "add-ons, one of them used", invites(anAddOn, nil, redeemed, buys("c"), uses, hold, takeBack("refund", 2000)), refund, becomes("reversed applied reversed")},
		{"referral reversal", "what is held", taking("refund", anAddOn, waiting), refund, bothRefused},
		{"referral reversal", "after the referrer is deleted", invites(anAddOn, nil, redeemed, buys("c"), gone("/v1/customers/r"), hold, takeBack("refund", 2000)), refund, becomes("reversed applied reversed")},
		{"referral reversal", "after the program is deleted", invites(anAddOn, nil, redeemed, buys("c"), gone("/v1/reward_programs/P"), hold, takeBack("refund", 2000)), refund, bothGive},
		{"referral reversal", "before the purchase is told", invites(anAddOn, nil, redeemed, hold, func(w *World) { payPage(w, "pro") }, takeBack("refund", 2000)), refund, bothRefused},
		{"referral reversal", "after a sign-up, before the purchase is told", invites(anAddOn, signUp(), redeemed, hold, func(w *World) { payPage(w, "pro") }, takeBack("refund", 2000)), refund, bothGive},
		{"referral reversal", "after a sign-up that is held, before the purchase is told", invites(anAddOn, signUp(waiting), redeemed, hold, func(w *World) { payPage(w, "pro") }, takeBack("refund", 2000)), refund, bothRefused},
		{"referral reversal", "after a sign-up, before the first payment after a trial is told", invites(anAddOn, signUp(), redeemed, triedAndPaid, takeBack("refund", 2000)), refund, bothGive},
		{"referral reversal", "after a sign-up that is held, before the first payment after a trial is told", invites(anAddOn, signUp(JSON{"hold_days": 9}), redeemed, triedAndPaid, takeBack("refund", 2000)), refund, bothRefused},
		{"referral deletion", "of a program with more than a page", invites(anAddOn, nil, redeemed, endedOnes), removal("/v1/reward_programs/P", "reward_program_not_found"), becomes("closed closed closed", "pending pending pending")},
		{"referral deletion", "of a referrer", invites(anAddOn, nil, redeemed), removal("/v1/customers/r", ""), becomes("closed closed closed", "pending pending pending")},
		{"referral deletion", "of a referrer, it is held", invites(anAddOn, signUp(waiting), redeemed), removal("/v1/customers/r", ""), becomes("closed closed closed", "held held held")},
		{"referral deletion", "of a redeemer", invites(anAddOn, nil, redeemed), removal("/v1/customers/c", ""), becomes("closed closed closed", "pending pending pending")},
		{"referral deletion", "of a redeemer, it is held", invites(anAddOn, signUp(waiting), redeemed), removal("/v1/customers/c", ""), becomes("closed closed closed", "held held held")},
	}...)
}

// said is what a person says of the redemption.
func said(verdict string) act {
	return act{sweep: true, do: func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, "POST", "/v1/redemptions/"+w.Notes["redemption"]+"/"+verdict, JSON{}, IdempotencyKey("once"))}
	}}
}

func removal(path, told string) act {
	return act{sweep: true, told: told, do: func(w *World) []Answer {
		return []Answer{w.Do(w.Stack.Key, "DELETE", path, nil, IdempotencyKey("once"))}
	}}
}
