package chaos

import (
	. "windfall/tests/world"
)

// credited prepares a code for one use of 30.00 of credits: for everything, or for use.
func credited(scope JSON, then func(w *World)) func(w *World) {
	return func(w *World) {
		terms := Merge(JSON{"discount_value": 30, "duration_type": "one_off"}, scope)
		w.Post("/v1/rewards", JSON{"id": "credits", "name": "credits", "type": "invoice_credits", "credits_expire_months": 2, "discount_config": terms,
			"promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 1, "max_redemptions_per_customer": 1}}})
		w.WaitIdle() // Stripe has the code, too
		if then != nil {
			then(w)
		}
	}
}

// creditsGiven has a customer by invoice who has the credits, and whose renewal has
// used some.
func creditsGiven(then func(w *World)) func(w *World) {
	return credited(ofAll, func(w *World) {
		w.Attach("c", "premium", JSON{"invoice_only": true}) // 50.00, of which the next one takes 30.00
		w.WaitIdle()
		w.Advance("1d")
		w.Post("/v1/customers/c/coupons/credits", JSON{"promo_code": "ONCE"})
		w.WaitIdle()
		hold(w)
		toRenewal(w)
		if then != nil {
			let(w)
			w.WaitIdle()
			hold(w)
			then(w)
		}
	})
}

var (
	ofAll = JSON{"apply_to_all": true}
	ofUse = JSON{"product_ids": []string{"use"}}
)

// creditsForUse comes to the draft of a renewal with overage, of 46.00 in all.
func creditsForUse(w *World) {
	credited(ofUse, func(w *World) {
		overdrawn(w)
		w.Track("c", "messages", 200)
		w.Post("/v1/customers/c/coupons/credits", JSON{"promo_code": "ONCE"})
		w.WaitIdle()
		hold(w)
		w.AdvanceTo(theRenewal)
	})(w)
}

// onInvoice does something at Stripe to the customer's last invoice.
func onInvoice(action string) func(w *World) {
	return func(w *World) {
		invoices := w.Invoices("c")
		w.CallStripe("POST", "/v1/invoices/"+invoices[len(invoices)-1].ID+"/"+action, "")
	}
}

func init() {
	again := "referral_code_max_redemptions_reached"
	flows = append(flows, []flow{
		{"credits", "given", credited(ofAll, card), act{do: giveReward("credits"), told: again}, swept},
		{"credits", "given for use alone", credited(ofUse, card), act{do: giveReward("credits"), told: again}, swept},
		{"credits", "with a purchase", credited(ofAll, card), rewards("pro"), swept},
		{"credits", "with a purchase, all of it later", credited(ofAll, card), rewards("tried_high"), swept},
		{"credits", "with a refused card", credited(ofAll, func(w *World) { w.PutFailingCard("c") }), rewards("premium"), func(w *World) { payOpenPage(w); swept(w) }},
		{"credits", "with an upgrade", credited(ofAll, held("pro")), rewards("premium"), swept},
		{"credits", "pay for the use that a change settles", creditsAndUse, attach("ultra"), swept},
		{"credits", "pay for use after an end", creditsAndUse, cancel("use", Immediately()), swept},
		{"credits", "with a page", credited(ofAll, func(w *World) {
			hold(w)
			w.Pay(w.Attach("c", "pro", JSON{"promo_code": "ONCE"})["checkout_url"].(string))
		}), events("checkout.session.completed"), swept},
		{"credits", "a renewal uses them", creditsGiven(nil), events("invoice.created", "invoice.finalized", "invoice.paid"), swept},
		{"credits", "a renewal uses them for use", creditsForUse, events("invoice.created"), func(w *World) { w.Advance("3h"); let(w); w.WaitIdle(); swept(w) }},
		{"credits", "a void invoice gives them back", creditsGiven(onInvoice("void")), events("invoice.voided"), swept},
		{"credits", "an uncollectible invoice gives them back", creditsGiven(onInvoice("mark_uncollectible")), events("invoice.marked_uncollectible"), swept},
		{"credits", "for a draft come back, whose customer was deleted at Stripe", creditsOfADeadDraft, events("customer.subscription.deleted"), swept},
	}...)
}

// creditsOnADraft has a draft that credits pay for in part.
func creditsOnADraft(w *World) {
	creditsForUse(w)
	w.Redeliver("invoice.created")
	let(w)
	w.WaitIdle()
	if left := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0.applied").(float64); left == 0 {
		w.Fatal("credits pay nothing of the draft")
	}
	hold(w)
}

// creditsOfADeadDraft has a draft that credits pay for, and its customer deleted.
func creditsOfADeadDraft(w *World) {
	creditsOnADraft(w)
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
}

// creditsAndUse has credits for use, and overage.
func creditsAndUse(w *World) {
	credited(ofUse, func(w *World) {
		overdrawn(w)
		w.Post("/v1/customers/c/coupons/credits", JSON{"promo_code": "ONCE"})
		w.WaitIdle()
	})(w)
}
