package walk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"windfall/local/stripesim/object"
	"windfall/shared/money"
	"windfall/tests/world"
)

// behaviors of Stripe in a change; most walks change without proration.
var behaviors = []string{"none", "create_prorations", "none", "always_invoice"}

// changed makes a move of a change that staff make on a subscription at Stripe:
// the ledger knows what follows from the prices and dates that are there
// afterwards.
func changed(change func(*walker, *deed, view, *object.Subscription) world.JSON) func(*walker, *deed, view) {
	return func(k *walker, d *deed, v view) {
		d.fault = fault{}
		for _, s := range v.subs {
			if s.EndedAt != 0 || s.Status == "incomplete" || s.Status == "incomplete_expired" || s.CurrentPeriodStart == v.now.Unix() {
				continue // a period that begins in the second of another one is told apart by nobody
			}
			body := change(k, d, v, s)
			if body == nil {
				continue
			}
			d.silent = true
			if who := people[d.who]; k.last[who].path == "/v1/check" {
				delete(k.last, who)
			}
			if body["proration_behavior"] == prorate {
				body["proration_behavior"] = behaviors[(d.who+d.what+d.much)%len(behaviors)]
				d.prorated = body["proration_behavior"] != "none"
			}
			a := k.w.Do(k.w.Stack.Key, "POST", "/_local/subscriptions/"+s.ID, body)
			k.note(d, "%s %v → %d", s.ID, body, a.Status)
			return
		}
	}
}

func (k *walker) moveTrial(d *deed, v view, s *object.Subscription) world.JSON {
	if d.much%3 == 0 {
		return world.JSON{"trial_end": "now", "proration_behavior": prorate}
	}
	return world.JSON{"trial_end": v.now.Add(time.Duration(1+d.what) * 24 * time.Hour).Unix(), "proration_behavior": prorate}
}

func (k *walker) moveAnchor(*deed, view, *object.Subscription) world.JSON {
	return world.JSON{"billing_cycle_anchor": "now", "proration_behavior": prorate}
}

func (k *walker) moveEnd(d *deed, v view, s *object.Subscription) world.JSON {
	if s.CancelAt != 0 {
		return world.JSON{"cancel_at": "", "proration_behavior": "none"}
	}
	return world.JSON{"cancel_at": v.now.Add(time.Duration(1+d.what) * 7 * time.Hour).Unix(), "proration_behavior": "none"}
}

func (k *walker) pause(d *deed, _ view, s *object.Subscription) world.JSON {
	if s.PauseCollection != nil {
		return world.JSON{"pause_collection": ""}
	}
	return world.JSON{"pause_collection": world.JSON{"behavior": []string{"void", "keep_as_draft"}[d.much%2]}}
}

// putPrice exchanges the price of a product for the one of another product that
// somebody bought before.
func (k *walker) putPrice(d *deed, v view, s *object.Subscription) world.JSON {
	if len(s.Items.Data) != 1 {
		return nil
	}
	item := s.Items.Data[0]
	for _, p := range list[object.Price](k.t, k.w, "/v1/prices", url.Values{"limit": {"100"}, "active": {"true"}}) {
		if o, known := soldFor(p); known && p.Currency == s.Currency && p.ID != item.Price.ID && len(o.gives) == 1 && (d.what+d.much)%3 != 0 {
			return world.JSON{"items": []world.JSON{{"id": item.ID, "price": p.ID}}, "proration_behavior": prorate}
		}
		d.what++
	}
	return nil
}

// prorate stands for a behavior that the step draws.
const prorate = "drawn"

// soldFor is the product of the shop that costs a price, if it sells no more.
func soldFor(p *object.Price) (offer, bool) {
	for _, o := range shop {
		if p.UnitAmount != nil && *p.UnitAmount == o.in(money.Currency(p.Currency)).fee && o.fee > 0 && p.Recurring != nil && !o.sells() {
			return o, true
		}
	}
	return offer{}, false
}

// setQuantity changes how many packs are billed.
func (k *walker) setQuantity(d *deed, _ view, s *object.Subscription) world.JSON {
	for _, i := range s.Items.Data {
		for _, o := range shop {
			for _, g := range o.in(money.Currency(i.Price.Currency)).gives {
				if g.pack > 0 && i.Price.UnitAmount != nil && *i.Price.UnitAmount == g.cents && !o.once() {
					return world.JSON{"items": []world.JSON{{"id": i.ID, "quantity": 1 + d.much}}, "proration_behavior": prorate}
				}
			}
		}
	}
	return nil
}

// foreign puts a price beside a product's that is not ours, or takes it off.
func (k *walker) foreign(_ *deed, _ view, s *object.Subscription) world.JSON {
	if f := foreigners(s); len(f) > 0 {
		return world.JSON{"items": []world.JSON{{"id": f[0].ID, "deleted": true}}, "proration_behavior": "none"}
	}
	interval := "month"
	for _, i := range s.Items.Data {
		interval = string(i.Price.Recurring.Interval) // Stripe has one for a subscription
	}
	made := k.atStripe("/v1/prices", url.Values{"currency": {s.Currency}, "unit_amount": {fmt.Sprint(foreignFee * money.Currency(s.Currency).Step())}, "recurring[interval]": {interval}, "product_data[name]": {"Consulting"}})
	return world.JSON{"items": []world.JSON{{"price": made, "quantity": 1}}, "proration_behavior": "none"}
}

// foreignFee is the price of no product of the shop, in cents.
const foreignFee = 7003

// coupon takes a tenth off the invoices of a subscription, or no longer.
func (k *walker) coupon(d *deed, v view) {
	d.fault = fault{}
	for _, s := range v.subs {
		if s.EndedAt != 0 || s.Status == "incomplete" || s.Status == "incomplete_expired" {
			continue
		}
		values := url.Values{"coupon": {""}}
		if s.Discount == nil {
			values = url.Values{"coupon": {k.atStripe("/v1/coupons", url.Values{"percent_off": {"10"}, "duration": {"forever"}})}}
		}
		d.silent = true
		k.atStripe("/v1/subscriptions/"+s.ID, values)
		k.note(d, "%s %v", s.ID, values)
		return
	}
}

// atStripe sends a request that staff make, and returns the id of its object.
func (k *walker) atStripe(path string, values url.Values) string {
	status, text, err := k.w.Stack.Stripe("POST", path, values)
	var made struct{ ID string }
	if err = errors.Join(err, json.Unmarshal(text, &made)); err != nil || status != 200 {
		k.t.Fatalf("%s %v: %d %s %v", path, values, status, text, err)
	}
	return made.ID
}

// leave deletes the customer at Stripe.
func (k *walker) leave(d *deed, v view) {
	d.fault = fault{}
	if id := v.rows.Customer.StripeID; id != "" {
		status, _, err := k.w.Stack.Stripe("DELETE", "/v1/customers/"+id, url.Values{})
		if err != nil {
			k.t.Fatal(err)
		}
		k.note(d, "%s is deleted → %d", id, status)
	}
}

// relink makes another customer at Stripe and links it.
func (k *walker) relink(d *deed, _ view) {
	d.fault = fault{}
	made := k.atStripe("/v1/customers", url.Values{"name": {"another"}})
	k.command(k.t, d, "/v1/customers/"+people[d.who], world.JSON{"stripe_id": made})
}
