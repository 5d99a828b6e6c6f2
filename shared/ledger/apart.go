package ledger

import (
	"math/big"
	"time"

	"windfall/shared/money"
)

// apart puts what waited for an invoice on invoices of its own, where it took effect:
// lines of ours, as seats may have been freed between two of them, and those of Stripe's
// for earlier changes. Their share of the money is that of the invoice. Seats that it
// charges and credits again were paid by nobody's money but the invoice's.
func apart(invoices []Invoice) (out []Invoice) {
	for _, in := range invoices {
		parts, rest := in.parts()
		if len(parts) == 0 {
			out = append(out, in)
			continue
		}
		given := money.Amount(0) // by what gives back more than it charges
		credited, charged := map[string]money.Amount{}, map[string]money.Amount{}
		for _, p := range parts {
			switch item := p.Lines[0].ItemID; {
			case !p.Lines[0].Ours:
				given += max(0, -p.Total)
			case p.Total < 0:
				credited[item] -= p.Total
			default:
				charged[item] += p.Total
			}
		}
		same := money.Amount(0) // of ours: credited and charged here
		for item, some := range credited {
			same += min(some, charged[item])
			given += max(0, some-charged[item])
		}
		for i := range parts {
			p := &parts[i]
			if p.Total > 0 {
				p.Paid, p.Due = part(p.Total, in.Paid+given, in.Total+given), dueOf(p.Total, in.Due, in.Total+given)
				rest.Paid, rest.Due = rest.Paid-p.Paid, rest.Due-p.Due
				*p = p.drafted()
			}
			rest.Total -= p.Total
		}
		rest.Paid = max(0, rest.Paid+given+part(same, in.Paid+given, in.Total+given))
		rest.Due = max(0, rest.Due+dueOf(same, in.Due, in.Total+given))
		rest = rest.drafted()
		if out = append(out, parts...); len(rest.Lines) > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// drafted has nothing of a draft count as paid: what credits on it pay for is charged
// with it, or not at all.
func (in Invoice) drafted() Invoice {
	if in.Draft {
		in.Paid, in.Due = 0, in.Paid+in.Due
	}
	return in
}

// parts are the lines of an invoice that waited for it, and the rest of it.
func (in Invoice) parts() (parts []Invoice, rest Invoice) {
	last := time.Time{} // when the last change of Stripe's took effect
	for _, l := range in.Lines {
		if !l.Ours && l.Proration && !l.Withheld && l.Period.Start.After(last) {
			last = l.Period.Start
		}
	}
	rest = in
	rest.Lines = nil
	earlier := map[time.Time]int{}
	for _, l := range in.Lines {
		at, waited := l.Period.Start, l.waited(in)
		switch i, known := earlier[at]; {
		case waited:
			parts = append(parts, Invoice{CreatedAt: at, Total: l.Amount - l.Off, Draft: in.Draft, Collected: in.Collected, Lines: []Line{l}})
		case l.Ours || !l.Proration || !at.Before(last):
			rest.Lines = append(rest.Lines, l)
		case known:
			parts[i].Lines, parts[i].Total = append(parts[i].Lines, l), parts[i].Total+l.Amount-l.Off
		default:
			earlier[at] = len(parts)
			parts = append(parts, Invoice{CreatedAt: at, Total: l.Amount - l.Off, Draft: in.Draft, Collected: in.Collected, Lines: []Line{l}})
		}
	}
	if len(parts) == 1 && len(rest.Lines) == 0 {
		return nil, in
	}
	return parts, rest
}

// waited reports whether a line of ours was made before its invoice, and by another
// command.
func (l Line) waited(in Invoice) bool {
	return l.Ours && l.SubscriptionID != "" && l.Operation != "" && l.Operation != in.Operation
}

// part is the share of an amount that some of a total is. A total of nothing is paid by
// the credits on it.
func part(amount, some, total money.Amount) money.Amount {
	if total <= 0 {
		return amount
	}
	share := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(int64(max(0, min(some, total)))))
	return money.Amount(share.Quo(share, big.NewInt(int64(total))).Int64())
}

// dueOf is part for what is owed: of a total of nothing, nothing is.
func dueOf(amount, some, total money.Amount) money.Amount {
	if total <= 0 {
		return 0
	}
	return part(amount, some, total)
}
