package walk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/local/stripesim/object"
)

func (e *entry) name() string {
	return fmt.Sprintf("%s (%s by %s's code in %s)", e.id, e.redeemer.id, e.code.owner.id, e.code.of.id)
}

// judge is the answer to a redemption: the code of a refusal, or the flags of the guard.
func (k *referralWalker) judge(who *person, code *ticket) (refused string, flags []string) {
	p := code.of
	switch {
	case p.gone || code.owner.gone:
		return "referral_code_not_found", nil
	case !p.checkout && p.max > 0 && code.taken >= p.max:
		return "referral_code_max_redemptions_reached", nil
	case slices.ContainsFunc(k.entries, func(e *entry) bool { return e.redeemer == who && e.code.of == p }):
		return "customer_already_redeemed_referral_code", nil
	}
	recent := 0
	for _, at := range code.times {
		if at.After(k.now().AddDate(0, 0, -p.days)) {
			recent++
		}
	}
	no, flags := guards(who, code, p.velocity > 0 && recent >= p.velocity)
	switch {
	case no != "":
		return "customer_cannot_redeem_own_code", nil
	case p.isNew && who.bought:
		return "customer_not_new", nil
	}
	return "", flags
}

// guards asks the rules against rewards for bringing oneself.
func guards(who *person, code *ticket, tooFast bool) (refused string, flags []string) {
	p, owner := code.of, code.owner
	if who == owner || who.device != "" && who.device == owner.device {
		return "own", nil
	}
	for _, r := range []struct {
		name, mode string
		is         bool
	}{
		{"same_email", p.email, who.mailbox != "" && who.mailbox == owner.mailbox},
		{"same_card", p.card, who.card == owner.card},
		{"ring", p.ring, isBefore(who, owner, 4)},
		{"velocity", p.mode, tooFast},
	} {
		switch {
		case r.is && r.mode == "refuse":
			return r.name, nil
		case r.is && r.mode == "flag":
			flags = append(flags, r.name)
		}
	}
	return "", flags
}

// isBefore reports whether one brought another, or those who did, some steps back.
func isBefore(one, other *person, steps int) bool {
	return steps > 0 && slices.ContainsFunc(other.brought, func(by *person) bool { return by == one || isBefore(one, by, steps-1) })
}

// to moves a redemption.
func (k *referralWalker) to(e *entry, status string) {
	k.taken["is "+status]++
	if e.status == "held" && status == "refused" {
		e.code.taken--
	}
	if e.status = status; status == "given" {
		e.everGiven = true
	}
}

// setOff gives the reward, or holds it.
func (k *referralWalker) setOff(e *entry, at time.Time) {
	e.code.taken++
	for _, f := range e.flags {
		k.taken["flag "+f]++
	}
	p := e.code.of
	if len(e.flags) == 0 && p.hold == 0 {
		k.to(e, "given")
		return
	}
	k.to(e, "held")
	if p.hold > 0 {
		e.until = at.AddDate(0, 0, p.hold)
	}
}

// follow moves what waits: those who are gone end it, purchases set it off, and what is
// held has its day. Of several that a moved clock sets off the order is not known: what the
// guard refused was early enough to be asked, and what the limit closed was the last.
func (k *referralWalker) follow() {
	seen := map[string]string{}
	order, rank := slices.Clone(k.entries), map[string]int{"refused": -1, "closed": 1}
	for _, r := range k.listed("") {
		seen[r.ID] = r.Status
	}
	slices.SortStableFunc(order, func(a, b *entry) int {
		return rank[seen[a.id]] - rank[seen[b.id]]
	})
	for _, e := range order {
		gone := e.redeemer.gone || e.code.owner.gone
		switch {
		case e.status == "pending" && (gone || e.code.of.gone), e.status == "held" && gone:
			k.to(e, "closed")
		case e.status == "pending":
			if in := k.firstPayment(e, setsOff...); in != nil {
				if e.invoice = in.ID; in.Total == 0 {
					e.sub, e.tried = string(in.Subscription), slices.DeleteFunc(slices.Clone(setsOff), func(p string) bool { return !sells(in, []string{p}, true) })
					k.taken["set off by a trial"]++
				}
				k.purchased(e, time.Unix(int64(in.StatusTransitions.PaidAt), 0))
			}
		}
		due := e.status == "held" && len(e.flags) == 0 && !e.until.After(k.now())
		if due && (k.now().Sub(e.until) > 10*time.Minute || seen[e.id] != "held") {
			k.to(e, "given")
		}
	}
}

func (k *referralWalker) purchased(e *entry, at time.Time) {
	if p := e.code.of; p.max > 0 && e.code.taken >= p.max {
		k.to(e, "closed")
		return
	}
	no, flags := guards(e.redeemer, e.code, false)
	if no != "" {
		k.to(e, "refused")
		return
	}
	for _, f := range flags {
		if !slices.Contains(e.flags, f) {
			e.flags = append(e.flags, f)
		}
	}
	k.setOff(e, at)
}

// firstPayment is the redeemer's first invoice since redeeming that was paid; with
// products, for one of these. After a trial that set the redemption off it is the next
// one of its subscription, or for a product that was tried or is listed.
func (k *referralWalker) firstPayment(e *entry, products ...string) *object.Invoice {
	for _, in := range k.invoices(e.redeemer) {
		trial := len(products) > 0 && e.code.of.trial && in.BillingReason == "subscription_create" && in.Total == 0
		if in.Status != "paid" || in.Total <= 0 && !trial || in.Created < e.at.Unix() {
			continue
		}
		if len(products) == 0 && (e.sub == "" || string(in.Subscription) == e.sub || sells(in, e.tried, false) || !e.code.of.gone && sells(in, setsOff, false)) {
			return in
		}
		if sells(in, products, trial) {
			return in
		}
	}
	return nil
}

// sells reports whether an invoice has a line for one of some products that is paid, or of
// a trial.
func sells(in *object.Invoice, products []string, trial bool) bool {
	return slices.ContainsFunc(in.Lines.Data, func(l *object.InvoiceLine) bool {
		return (l.Amount > 0 || trial) && slices.ContainsFunc(products, func(p string) bool { return strings.Contains(string(l.Description), p) })
	})
}

// wentBack is told that a payment went back: it takes along what it was the first payment of.
func (k *referralWalker) wentBack(who *person, invoice string) {
	for _, e := range k.entries {
		if e.redeemer != who || e.status != "held" && e.status != "given" {
			continue
		}
		first := e.invoice
		if first == "" || e.sub != "" {
			if in := k.firstPayment(e); in != nil {
				first = in.ID
			}
		}
		switch {
		case first != invoice:
		case e.status == "held":
			k.to(e, "refused")
		default:
			k.to(e, "reversed")
		}
	}
}
