package walk

import (
	"encoding/json"
	"net/url"

	"pgregory.net/rapid"

	"windfall/shared/money"
	"windfall/tests/world"
)

// give gives a customer 25.00 of credits for a month. Where a fault keeps Stripe from
// being told, the schedule does that after the answer.
func (k *walker) give(d *deed, _ view) {
	k.command(k.t, d, "/v1/customers/"+people[d.who]+"/coupons/credits", world.JSON{})
	if d.fault.kind != "" {
		k.post(k.t, "/_local/clock", world.JSON{"advance": "6m"})
		k.deliverAll(k.t)
	}
}

// stockCredits makes the reward that give gives.
func stockCredits(w *world.World, currency money.Currency) {
	w.Post("/v1/rewards", world.JSON{"id": "credits", "name": "Credits", "type": "invoice_credits", "credits_expire_months": 1,
		"discount_config": world.JSON{"discount_value": major(2500, currency), "duration_type": "one_off", "apply_to_all": true}})
}

// codes are the promotion codes of the shop: the one of three uses has a limit, and so has
// the reward of FIX.
var codes = []string{"ONCE", "MONTHS", "EVER", "FIX", "THREE", "CREDITS", "NOBODYS"}

func stockCodes(w *world.World, currency money.Currency) {
	off := func(id, kind string, value any, duration string, months int, more world.JSON) {
		w.Post("/v1/rewards", world.Merge(world.JSON{"id": id, "name": id, "type": kind,
			"discount_config": world.JSON{"discount_value": value, "duration_type": duration, "duration_value": months, "apply_to_all": true}}, more))
	}
	code := func(text string) world.JSON { return world.JSON{"promo_codes": []world.JSON{{"code": text}}} }
	off("once", "percentage_discount", 33.3, "one_off", 0, code("ONCE"))
	off("months", "percentage_discount", 20, "months", 2, code("MONTHS"))
	off("ever", "percentage_discount", 100, "forever", 0, code("EVER"))
	off("fix", "fixed_discount", major(777, currency), "one_off", 0, world.JSON{"max_redemptions": 4, "promo_codes": []world.JSON{{"code": "FIX"}}})
	off("three", "fixed_discount", major(1500, currency), "forever", 0, world.JSON{"promo_codes": []world.JSON{{"code": "THREE", "max_redemptions": 3}}})
	off("some", "invoice_credits", major(4000, currency), "one_off", 0, code("CREDITS"))
}

// buyByCode buys something with a code: it is named, or typed on the page.
func (k *walker) buyByCode(d *deed, _ view) {
	d.reward, d.typed = codes[d.much%len(codes)], d.what%2 == 0
	k.attach(k.t, d, shop[d.what/2%len(shop)])
	if d.typed && d.code == "checkout_created" && d.fault.kind == "" {
		d.path = "" // what follows is the customer's
		k.page(k.t, d)
	}
}

// limits: RWD-35. No limit is exceeded, whoever counts.
func (k *walker) limits(t *rapid.T) {
	for id, most := range map[string]float64{"fix": 4, "three": 3} {
		a := k.w.Do(k.w.Stack.Key, "GET", "/v1/rewards/"+id, nil)
		if used, _ := a.Body["times_redeemed"].(float64); used > most {
			k.fail(t, "reward %s was used %v times, of %v", id, used, most)
		}
	}
}

// credits: I-14. Every grant adds up, and Stripe has as the customer's balance what the
// books have.
func (k *walker) credits(t *rapid.T, who string, v view) {
	a, id := v.rows.Credits, v.rows.Customer.StripeID
	for _, g := range a.Grants {
		if g.Granted != g.Applied()+g.Remaining+g.Expired || g.Remaining < 0 || g.Remaining > g.Granted {
			k.fail(t, "I-14 %s: of %d credits %d are applied, %d remain and %d are expired", who, g.Granted, g.Applied(), g.Remaining, g.Expired)
		}
	}
	if a.Cursor == "" || a.StripeID != id || len(a.Posts(id, v.now)) > 0 {
		return
	}
	status, text, err := k.w.Stack.Stripe("GET", "/v1/customers/"+id, url.Values{})
	var at struct {
		Balance int64
		Deleted bool
	}
	if err == nil && status == 200 {
		err = json.Unmarshal(text, &at)
	}
	if err != nil {
		t.Fatal(err)
	}
	if status == 200 && !at.Deleted && at.Balance != int64(a.Balance()) {
		k.fail(t, "I-14 %s: the balance at Stripe is %d, and %d by the books: %+v", who, at.Balance, a.Balance(), a)
	}
}
