package walk

import "math/big"

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
		for ; at <= after.now && (s.ended == 0 || s.ended > at); at = later(s.anchor, at, s.day, monthsOf[interval]) {
			price, every := after.price(id, at, "")
			if every == "" {
				break
			}
			if interval = every; s.paused || was.paused {
				continue
			}
			l.begun[id] = chargesOf(after.on(id, at))
			delete(l.billed, id)
			l.add(price, 0, "%s begins a period on %s", id, date(at))
		}
		if begun := l.begun[id]; s.ended > 0 && (s.paid == drafted || s.paid == relied) { // its last invoice never was one
			l.add(new(big.Rat).Neg(begun.sum()), 0, "%s ended before its renewal was issued", id)
		}
	}
}

var monthsOf = map[string]int{"month": 1, "quarter": 3, "year": 12}

// begin: a subscription begins with a full period, or with a share of one that ends on
// its billing day, or with a trial.
func (l *ledger) begin(id string, m moment, s sub) {
	if !s.trialing && s.ended == 0 {
		price, _ := m.price(id, m.now, "")
		l.add(share(price, s, s.from), int64(2*len(m.on(id, m.now))), "%s begins", id)
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
	if l.billed[id] == nil && ends == silent && s.from == was.from {
		l.billed[id] = sum(had)
	}
	l.beyond[id] = l.beyond[id] || ends == prorated && l.billed[id] != nil
	if ends != silent || s.from != was.from {
		defer delete(l.billed, id)
	}
	draft := was.paid == drafted || was.paid == relied
	for _, p := range had {
		switch {
		case draft && !holds(has, p) && (s.ended > 0 || !was.trialing && (ends == refunded || ends == forfeited)):
			off, credited := l.begun[id].leave(p) // the draft charges no time of what has left, but for what it was credited
			back.Add(back, off)
			if was.paid == relied && (ends == refunded || ends == exchanged) {
				back.Add(back, share(credited, was, before.now))
			}
		case ends == silent || was.trialing || ends == forfeited && !holds(has, p):
		case ends == refunded && !holds(has, p) && (was.paid == unpaid || was.paid == dropped):
		case ends == exchanged && was.paid == dropped:
			back.Add(back, share(p.kept(has), was, before.now))
		default:
			back.Add(back, share(p.price(), was, before.now))
		}
	}
	if most := l.billed[id]; most != nil && ends != silent && ends != prorated { // no more than was paid, though it costs more by now
		back = least(back, share(most, was, before.now))
	}
	if draft && s.ended > 0 { // nor of what left without a charge
		back.Add(back, l.begun[id].sum())
	}
	if ends == exchanged {
		l.begun[id].without(had, has)
	}
	l.unsure = l.unsure || s.ended > 0 && was.waits || was.paid == partly && (ends == refunded || ends == exchanged || s.ended > 0)
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

func sum(plans []plan) *big.Rat {
	all := new(big.Rat)
	for _, p := range plans {
		all.Add(all, p.price())
	}
	return all
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// uses: what was used beyond the allowance, of each period that ended.
func (l *ledger) uses(before, after moment) {
	for _, p := range before.plans {
		for feature, u := range p.used {
			ended := !holds(after.at(after.now), p) && holds(before.at(before.now), p)
			if p.trial > before.now || u.resets > after.now && !ended && !after.anew(p, feature) && !after.tries(p) {
				continue
			}
			l.add(p.overage(feature, u.units, l.most), 0, "%s of %s used of %s", u.units.FloatString(3), feature, p.product)
		}
	}
}

// tries reports whether a plan is on trial now: what was used before is due.
func (m moment) tries(was plan) bool {
	for _, p := range m.plans {
		if p.id == was.id {
			return p.trial > m.now
		}
	}
	return false
}

// anew reports whether a use of a plan comes to an end on another day than
// before, though the plan goes on: its period was cut short and begun anew.
func (m moment) anew(was plan, feature string) bool {
	for _, p := range m.plans {
		if p.id == was.id {
			return p.trial <= m.now && p.used[feature].resets > was.used[feature].resets
		}
	}
	return false
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
			was.product, was.currency = p.product, p.currency
			more := new(big.Rat).Sub(p.price(), was.price())
			l.add(more, 0, "%s once", p.product)
		}
	}
}
