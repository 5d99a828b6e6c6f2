package walk

import (
	"fmt"
	"math/big"
)

// A ledger adds up what one customer owes over their whole life, from prices,
// times and uses alone. It knows nothing of how Windfall or Stripe compute.
//
//   - A subscription is due in advance, period by period: the price of
//     everything on it, as each period begins (pass).
//   - A change at once gives the time left of all that was there back, and
//     takes the time left of all that is there now; in full, if a period
//     begins with it (change).
//   - An end at once gives back only what was asked back, and only time that
//     was paid. A period with a draft invoice was not charged: it is not due.
//   - A trial is free, with all that is used in it.
//   - Use beyond the allowance is due in whole units, once the period or the
//     product has ended (uses).
//   - What is paid once is due for each time and each pack (once).
type ledger struct {
	due    *big.Rat // cents
	lines  int64    // that Stripe rounded, each to a cent
	last   *moment
	begun  map[string]*big.Rat // the price of each subscription's last renewal
	text   []string            // one line for each amount
	unsure bool                // an amount was not known: the next comparison takes Stripe's
}

// A moment is what is known of a customer at one time.
type moment struct {
	now   int64 // seconds
	plans []plan
	subs  map[string]sub
}

// A plan is a product in the customer's hands.
type plan struct {
	id, product, sub  string
	start, end, trial int64 // seconds; end and trial may be 0
	times             int64 // how often it was bought, if it is paid once
	units             map[string]int64
	used              map[string]use
}

// A use is what was used of a feature that is paid by use.
type use struct {
	units  *big.Rat
	resets int64
}

// A sub is a subscription at Stripe, as far as dates and payment go.
type sub struct {
	from, to, anchor int64
	ended            int64   // 0 while it lives
	trialing, paused bool    // paused: nothing is collected
	paid             payment // for this period
}

type payment int

const (
	paid    payment = iota // all invoices of the period are
	drafted                // its invoice is not issued yet
	unpaid                 // none is
	partly
)

// hear takes in what is known after a step. ends says what became of the time
// left of a product that the step ended.
func (l *ledger) hear(m moment, ends ending) {
	before := l.last
	if l.last = &m; before == nil {
		before = &moment{now: m.now}
	}
	l.uses(*before, m)
	l.once(*before, m)
	if m.now > before.now && ends == byTime {
		l.pass(*before, m)
		return
	}
	for id, s := range m.subs {
		l.change(id, *before, m, s, ends)
	}
}

// An ending says what happens to the time left of what ends in a step.
type ending int

const (
	byTime    ending = iota // nothing ends early
	exchanged               // it is given back
	forfeited               // it is not
	refunded                // it is, if it was paid
	silent                  // nothing is prorated: only a period that begins is due
)

// pass lets time pass: each period that begins is due in full. Stripe's own
// dates, afterwards, must be the ones that follow from the calendar.
func (l *ledger) pass(before, after moment) {
	for id, s := range after.subs {
		was, known := before.subs[id]
		if !known {
			l.begin(id, after, s)
			continue
		}
		if was.ended > 0 {
			continue
		}
		at, interval := was.to, ""
		for ; at <= after.now && (s.ended == 0 || s.ended > at); at = later(s.anchor, at, interval) {
			price, every := after.price(id, at, "")
			if every == "" {
				break
			}
			if interval = every; s.paused || was.paused {
				continue
			}
			l.begun[id] = price
			l.add(price, 0, "%s begins a period on %s", id, date(at))
		}
		if s.ended > 0 && s.paid == drafted { // its last invoice never was one
			l.add(new(big.Rat).Neg(l.begun[id]), 0, "%s ended before its renewal was issued", id)
		}
	}
}

// begin: a subscription begins with a full period, or with a trial.
func (l *ledger) begin(id string, m moment, s sub) {
	if !s.trialing && s.ended == 0 {
		price, _ := m.price(id, m.now, "")
		l.add(price, 0, "%s begins", id)
	}
}

// change: what the subscription had is given back, what it has now is taken.
func (l *ledger) change(id string, before, after moment, s sub, ends ending) {
	was, known := before.subs[id]
	if !known {
		l.begin(id, after, s)
		return
	}
	l.unsure = l.unsure || s.from > before.now && s.from == was.to // its renewal came while events were delivered again
	had, has := before.on(id, before.now), after.on(id, before.now)
	if was.ended > 0 || was.trialing && s.trialing || equal(had, has) && was.from == s.from && was.trialing == s.trialing {
		return
	}
	back, take := new(big.Rat), new(big.Rat)
	for _, p := range had {
		switch {
		case ends == silent || was.trialing || ends == forfeited && !holds(has, p):
		case ends == refunded && !holds(has, p) && (was.paid == unpaid || was.paid == drafted && s.ended > 0):
		default:
			back.Add(back, share(p.price(), was, before.now))
		}
	}
	if was.paid == drafted && s.ended > 0 && !was.trialing { // its last invoice never was one
		back.Set(l.begun[id])
	}
	l.unsure = l.unsure || was.paid == partly && (ends == refunded || s.ended > 0)
	if s.ended == 0 && !s.trialing {
		for _, p := range has {
			if s.from == was.from && ends == silent {
				continue
			} else if s.from == was.from {
				take.Add(take, share(p.price(), s, before.now))
			} else {
				take.Add(take, p.price())
			}
		}
	}
	l.add(take.Sub(take, back), int64(2*(len(had)+len(has))), "%s changes from %s to %s", id, names(had), names(has))
}

// uses: what was used beyond the allowance, of each period that ended.
func (l *ledger) uses(before, after moment) {
	for _, p := range before.plans {
		for feature, u := range p.used {
			ended := !holds(after.at(after.now), p) && holds(before.at(before.now), p)
			if p.trial > before.now || u.resets > after.now && !ended {
				continue
			}
			l.add(p.overage(feature, u.units), 0, "%s of %s used of %s", u.units.FloatString(3), feature, p.product)
		}
	}
}

// once: what is paid once, each time it is bought.
func (l *ledger) once(before, after moment) {
	had := map[string]plan{}
	for _, p := range before.plans {
		had[p.id] = p
	}
	for _, p := range after.plans {
		if offerOf(p.product).once() {
			was := had[p.id]
			was.product = p.product
			more := new(big.Rat).Sub(p.price(), was.price())
			l.add(more, 0, "%s once", p.product)
		}
	}
}

func (l *ledger) add(amount *big.Rat, lines int64, format string, args ...any) {
	if amount.Sign() != 0 {
		l.due.Add(l.due, amount)
		l.lines += lines
		l.text = append(l.text, fmt.Sprintf("%s  %10s  ", date(l.last.now), amount.FloatString(2))+fmt.Sprintf(format, args...))
	}
}
