package walk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/tests/world"
)

var referralKinds = []string{
	"program", "program", "drop program", "drop program", "code", "code", "code", "code", "code",
	"redeem", "redeem", "redeem", "redeem", "redeem", "redeem", "redeem", "redeem", "redeem", "redeem",
	"buy", "buy", "buy", "buy", "buy", "buy", "end", "track", "refund", "refund", "refund", "dispute",
	"approve", "approve", "reject", "delete", "clock", "clock", "clock", "clock", "hear again",
}

// step takes a step, and moves the model along.
func (k *referralWalker) step(s referralStep) {
	do := referralKinds[s.do%len(referralKinds)]
	who := k.people[s.who%len(k.people)]
	slot := s.what % len(k.programs)
	k.taken["steps"]++
	switch do {
	case "program":
		if k.programs[slot] == nil || k.programs[slot].gone {
			k.offerProgram(slot, s.what/len(k.programs), s.much)
		}
	case "drop program":
		if p := k.programs[slot]; p != nil && !p.gone && s.much%2 == 0 {
			k.note("program %s is deleted", p.id)
			k.w.Call("DELETE", "/v1/reward_programs/"+p.id, nil)
			p.gone = true
		}
	case "code":
		if p := k.programs[slot]; p != nil && !p.gone && !who.gone {
			k.code(who, p)
		}
	case "redeem":
		if code := k.ticket(s, who); code != nil && !who.gone {
			k.redeem(who, code)
		}
	case "buy":
		if waiting := k.of("pending"); len(waiting) > 0 && s.much%5 > 1 {
			who = waiting[s.what%len(waiting)].redeemer
		}
		if !who.gone {
			k.buy(who, []string{"starter", "team", "team", "tryout", "glance"}[s.what%5], s.much%3 == 0)
		}
	case "end", "track":
		if !who.gone {
			k.use(who, do, s)
		}
	case "refund", "dispute":
		if given := k.of("given", "held"); len(given) > 0 && s.much%5 > 0 {
			who = given[s.what%len(given)].redeemer
		}
		if !who.gone {
			k.sendBack(who, do, s)
		}
	case "approve", "reject":
		if held := k.of("held"); len(held) > 0 && s.much%5 > 0 {
			k.review(held[s.what%len(held)], do)
		} else if len(k.entries) > 0 {
			k.review(k.entries[s.what%len(k.entries)], do)
		}
	case "delete":
		k.vanish(s)
	case "clock":
		span := []string{"1h", "1d", "3d", "6d", "8d", "1 month"}[s.what%6]
		k.note("the clock goes on by %s", span)
		k.w.Advance(span)
		k.w.Advance("15m")
	case "hear again":
		k.note("the last events come again")
		var ids []string
		events := k.w.Stack.Sim.Events()
		for _, e := range events[max(0, len(events)-30):] {
			ids = append(ids, e.ID)
		}
		k.w.Stack.Sim.Deliver(k.w.Context(), ids, false)
		k.w.WaitIdle()
	}
	k.follow()
}

// of lists the redemptions in some states.
func (k *referralWalker) of(states ...string) []*entry {
	return slices.DeleteFunc(slices.Clone(k.entries), func(e *entry) bool { return !slices.Contains(states, e.status) })
}

// ticket is any code, or one of a program that the customer has not redeemed in.
func (k *referralWalker) ticket(s referralStep, who *person) *ticket {
	if len(k.tickets) == 0 {
		return nil
	}
	fresh := slices.DeleteFunc(slices.Clone(k.tickets), func(t *ticket) bool {
		done := slices.ContainsFunc(k.entries, func(e *entry) bool { return e.redeemer == who && e.code.of == t.of })
		return done || t.of.gone || t.owner.gone || t.owner == who
	})
	if s.much%4 > 0 && len(fresh) > 0 {
		return fresh[s.what%len(fresh)]
	}
	return k.tickets[s.what%len(k.tickets)]
}

// code asks for a code. I-27: it is always the same one, and nobody else's.
func (k *referralWalker) code(who *person, p *program) {
	a := k.w.Do(k.w.Stack.Key, "POST", "/v1/referrals/code", world.JSON{"customer_id": who.id, "program_id": p.id})
	text, _ := a.Body["code"].(string)
	if a.Status != http.StatusOK || text == "" {
		k.fail("I-27", "%s gets no code of %s: %d %s", who.id, p.id, a.Status, a.Text)
	}
	for _, other := range k.tickets {
		if mine := other.owner == who && other.of == p; mine && other.text == text {
			return
		} else if mine || other.text == text {
			k.fail("I-27", "%s has the code %s in %s, and %s has %s in %s", who.id, text, p.id, other.owner.id, other.text, other.of.id)
		}
	}
	k.tickets, p.codes = append(k.tickets, &ticket{text: text, of: p, owner: who}), p.codes+1
	k.note("%s has the code %s in %s", who.id, text, p.id)
}

// redeem redeems a code; the model says what comes of it.
func (k *referralWalker) redeem(who *person, code *ticket) {
	k.w.Advance("2m") // Stripe's times are whole seconds, and unknown codes are counted by the minute
	k.follow()
	no, flags := k.judge(who, code)
	key := world.IdempotencyKey(fmt.Sprint("redeem ", len(k.story)))
	body := world.JSON{"code": code.text, "customer_id": who.id}
	a := k.w.Do(k.w.Stack.Key, "POST", "/v1/referrals/redeem", body, key)
	k.w.WaitIdle()
	got, _ := a.Body["code"].(string)
	k.note("%s redeems %s of %s in %s → %d %s%v", who.id, code.text, code.owner.id, code.of.id, a.Status, got, a.Body["status"])
	if got != no {
		k.fail("redeem", "%s redeems %s of %s in %s: %q, want %q: %s", who.id, code.text, code.owner.id, code.of.id, got, no, a.Text)
	}
	if again := k.w.Do(k.w.Stack.Key, "POST", "/v1/referrals/redeem", body, key); again.Body["id"] != a.Body["id"] {
		k.fail("redeem", "the same request has another answer: %s, then %s", a.Text, again.Text)
	}
	if no != "" {
		k.taken["refused "+no]++
		return
	}
	e := &entry{id: fmt.Sprint(a.Body["id"]), code: code, redeemer: who, at: k.now(), flags: flags}
	code.times = append(code.times, e.at)
	who.brought = append(who.brought, code.owner)
	k.entries = append(k.entries, e)
	if k.to(e, "pending"); !code.of.checkout {
		k.setOff(e, e.at)
	}
}

func (k *referralWalker) buy(who *person, product string, page bool) {
	k.w.Advance("2m")
	body := world.JSON{"customer_id": who.id, "product_id": product}
	if page {
		body["force_checkout"] = true
	}
	a := k.w.Do(k.w.Stack.Key, "POST", "/v1/attach", body)
	k.w.WaitIdle()
	if to, ok := a.Body["checkout_url"].(string); ok && to != "" {
		k.w.ActOnPage(to, "complete", world.JSON{"payment_method": who.card})
		k.w.WaitIdle()
	}
	who.bought = who.bought || a.Status == http.StatusOK
	k.note("%s buys %s on a page: %v → %d %v", who.id, product, page, a.Status, a.Body["code"])
}

// use ends a product, or uses what was given.
func (k *referralWalker) use(who *person, do string, s referralStep) {
	if do == "end" {
		product := []string{"starter", "team", "tryout", "glance"}[s.what%4]
		a := k.w.Do(k.w.Stack.Key, "POST", "/v1/cancel", world.JSON{"customer_id": who.id, "product_id": product, "cancel_immediately": true})
		k.w.WaitIdle()
		k.note("%s ends %s → %d", who.id, product, a.Status)
		return
	}
	feature, value := []string{"messages", "words"}[s.what%2], []int{30, 130, 700}[s.much%3]
	k.w.Do(k.w.Stack.Key, "POST", "/v1/track", world.JSON{"customer_id": who.id, "feature_id": feature, "value": value})
	k.w.WaitIdle()
	who.used = true
	k.note("%s uses %d %s", who.id, value, feature)
}

// sendBack gives a payment back: all of it, half of it, or by the bank.
func (k *referralWalker) sendBack(who *person, do string, s referralStep) {
	var paid []*object.Invoice
	for _, in := range k.invoices(who) {
		if in.Status == "paid" && in.AmountPaid > 0 && in.Charge != "" {
			paid = append(paid, in)
		}
	}
	if len(paid) == 0 {
		return
	}
	in := paid[s.what%len(paid)]
	if s.much%4 == 0 {
		in = paid[len(paid)-1]
	}
	_, text, _ := k.w.Stack.Stripe("GET", "/v1/charges/"+string(in.Charge), url.Values{})
	var charge struct {
		Amount   int64
		Refunded int64 `json:"amount_refunded"`
		Disputed bool
	}
	if err := json.Unmarshal(text, &charge); err != nil {
		k.w.Fatal(err)
	}
	if charge.Disputed || charge.Refunded == charge.Amount {
		return
	}
	status := 0
	if do == "dispute" {
		a := k.w.Do(k.w.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/dispute", world.JSON{"amount": charge.Amount - charge.Refunded})
		status = a.Status
	} else {
		amount := charge.Amount - charge.Refunded
		if s.much%3 == 0 && amount > 1 {
			amount /= 2
		}
		status, _, _ = k.w.Stack.Stripe("POST", "/v1/refunds", url.Values{"charge": {string(in.Charge)}, "amount": {fmt.Sprint(amount)}})
		do = fmt.Sprintf("%s of %d", do, amount)
		charge.Refunded += amount
	}
	k.w.WaitIdle()
	k.note("%s of %s's invoice %s of %d → %d", do, who.id, in.ID, charge.Amount, status)
	if status == http.StatusOK && (charge.Refunded == charge.Amount || strings.HasPrefix(do, "dispute")) {
		k.wentBack(who, in.ID)
	}
	k.w.Advance("15m") // credits that come back to a grant that has ended end with the schedule
}

// review has a person approve or reject.
func (k *referralWalker) review(e *entry, verdict string) {
	a := k.w.Do(k.w.Stack.Key, "POST", "/v1/redemptions/"+e.id+"/"+verdict, world.JSON{})
	k.w.WaitIdle()
	k.note("%s is to be %sed: it is %s → %d %v", e.name(), verdict, e.status, a.Status, a.Body["status"])
	if ok := e.status == "held" && !e.code.owner.gone || e.said == verdict; ok != (a.Status == http.StatusOK) {
		k.fail("review", "%s of %s which is %s: %d %s", verdict, e.name(), e.status, a.Status, a.Text)
	}
	if e.status != "held" {
		return
	}
	if e.said = verdict; verdict == "approve" {
		k.to(e, "given")
	} else {
		k.to(e, "refused")
	}
}

// vanish deletes a customer, or makes one anew.
func (k *referralWalker) vanish(s referralStep) {
	slot := s.who % len(k.people)
	p := k.people[slot]
	if p.gone {
		k.make(slot)
		return
	}
	if s.much%3 > 0 {
		return
	}
	a := k.w.Do(k.w.Stack.Key, "DELETE", "/v1/customers/"+p.id+"?cancel=true", nil)
	k.w.WaitIdle()
	k.note("%s is deleted → %d", p.id, a.Status)
	if p.gone = a.Status == http.StatusOK; p.gone {
		k.w.Advance("15m")
	}
}

func (k *referralWalker) invoices(who *person) []*object.Invoice {
	s, _, err := k.w.Stack.Customer(k.w.Context(), who.id)
	if err != nil {
		k.w.Fatal(err)
	}
	if s.Customer.StripeID == "" {
		return nil
	}
	return list[object.Invoice](k.w, k.w, "/v1/invoices", url.Values{"customer": {s.Customer.StripeID}, "limit": {"100"}})
}
