package walk

import (
	"encoding/json"
	"net/url"

	"pgregory.net/rapid"

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
func stockCredits(w *world.World) {
	w.Post("/v1/rewards", world.JSON{"id": "credits", "name": "Credits", "type": "invoice_credits", "credits_expire_months": 1,
		"discount_config": world.JSON{"discount_value": 25, "duration_type": "one_off", "apply_to_all": true}})
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
