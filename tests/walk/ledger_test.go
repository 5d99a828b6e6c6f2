package walk

import (
	"fmt"
	"math/big"

	"windfall/shared/money"
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
//     was paid. What a draft
//     charges for its period is not due, but for what a change has credited.
//   - A trial is free, with all that is used in it.
//   - Use beyond the allowance is due in whole units, once the period or the
//     product has ended (uses).
//   - What is paid once is due for each time and each pack (once).
type ledger struct {
	due    *big.Rat // cents
	most   int64    // that an invoice takes of what was used
	lines  int64    // that Stripe rounded, each to a cent
	last   *moment
	begun  map[string]charges  // each subscription's last renewal, less what a change has credited of it
	billed map[string]*big.Rat // what its period was billed at, where a price came later without a charge
	text   []string            // one line for each amount
	beyond map[string]bool     // subscriptions of which Stripe credited more than was paid: what later credits are worth is not known here
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
	currency          money.Currency
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
	whole            int64   // when its period began, or would have if it were no shorter first one
	day              int     // of the month on which it begins
	ended            int64   // 0 while it lives
	trialing, paused bool    // paused: nothing is collected
	paid             payment // for this period
	waits            bool    // prorations wait for its next invoice
}

type payment int

const (
	paid    payment = iota // all invoices of the period are
	drafted                // its invoice is not issued yet
	relied                 // nor is it, but a change credited some of it, which is charged in any case
	unpaid                 // none is
	dropped                // none ever will be: voided, written off or given back
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
	prorated                // Stripe credits it, paid or not
)

func (l *ledger) add(amount *big.Rat, lines int64, format string, args ...any) {
	if amount.Sign() != 0 {
		l.due.Add(l.due, amount)
		l.lines += lines
		l.text = append(l.text, fmt.Sprintf("%s  %10s  ", date(l.last.now), amount.FloatString(2))+fmt.Sprintf(format, args...))
	}
}
