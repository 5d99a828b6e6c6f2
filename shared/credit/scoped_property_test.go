package credit

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

// A paper is an invoice at Stripe with lines by which credits for some prices pay.
type paper struct {
	id, operation string
	charged, back money.Amount
	lines         map[string]money.Amount // by grants
	asked         []Use                   // lines that a process may still ask for
	issued, void  bool
	dead          bool // a draft that is never issued
}

func (p *paper) total() money.Amount {
	left := p.charged
	for _, paid := range p.lines {
		left -= paid
	}
	return left
}

// Whatever becomes of drafts, and in whatever order it is heard of, however often and by
// how many processes at once: what is left of credits for some prices is what was given
// less what issued invoices have of it, and keep. A line may come when what was reserved
// for it was given back, and a process may die before any line.
func TestI14CreditsForSomePricesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var a Account
		var papers []*paper
		given := 0
		amount := func(what string) money.Amount { return money.Amount(rapid.IntRange(1, 50).Draw(t, what)) }
		some := func() *paper {
			if len(papers) == 0 {
				return &paper{dead: true}
			}
			return papers[rapid.IntRange(0, len(papers)-1).Draw(t, "paper")]
		}
		hear := func(p *paper) {
			switch {
			case p.issued:
				a = a.Settled(p.id, p.operation, p.lines, now).Unpaid(p.id, p.void).Refunded(p.id, p.back, p.total())
			case p.dead:
				a = a.Settled(p.id, p.operation, nil, now)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"given": func(t *rapid.T) {
				given++
				g := Grant{ID: fmt.Sprintf("cg_%d", given), Scoped: true, Items: []string{"x"}, Granted: amount("granted"), At: now}
				g.Remaining = g.Granted
				a = a.With(g)
			},
			"drafted": func(t *rapid.T) {
				p := &paper{id: fmt.Sprintf("in_%d", len(papers)), charged: amount("charged"), lines: map[string]money.Amount{}}
				if rapid.Bool().Draw(t, "alone") {
					p.operation = fmt.Sprintf("%s%d", AlonePrefix, len(papers))
				}
				papers = append(papers, p)
			},
			"used": func(t *rapid.T) { // and the process dies after some lines
				p := some()
				if p.issued || p.dead {
					return
				}
				on := p.id
				if p.operation != "" {
					on = p.operation
				}
				after, uses := a.Use(on, Bill{Charges: []Charge{{"x", p.charged}}, Total: p.total(), Paid: p.lines}, now)
				a, p.asked = after, uses
				for _, u := range uses[:rapid.IntRange(0, len(uses)).Draw(t, "lines")] {
					p.lines[u.GrantID] = u.Amount
				}
				if p.total() < 0 {
					t.Fatalf("credits pay more than %d: %v", p.charged, p.lines)
				}
			},
			"a line comes late": func(*rapid.T) {
				p := some()
				for _, u := range p.asked {
					if _, there := p.lines[u.GrantID]; !there && !p.issued && p.total() >= u.Amount {
						p.lines[u.GrantID] = u.Amount
					}
				}
			},
			"released too soon": func(t *rapid.T) {
				if p := some(); !p.issued { // an end is heard of while another process goes on
					a = a.Released(p.id)
				}
			},
			"abandoned": func(*rapid.T) { a = a.Abandoned(now.Add(-time.Minute)) },
			"issued":    func(*rapid.T) { p := some(); p.issued = !p.dead },
			"dies":      func(*rapid.T) { p := some(); p.dead = !p.issued },
			"void":      func(*rapid.T) { p := some(); p.void = p.issued && p.back == 0 },
			"refunded": func(t *rapid.T) {
				if p := some(); p.issued && !p.void && p.total() > 0 {
					p.back = money.Amount(rapid.IntRange(int(p.back), int(p.total())).Draw(t, "back"))
				}
			},
			"heard of": func(*rapid.T) { hear(some()) },
			"day":      func(*rapid.T) { now = now.AddDate(0, 0, 1) },
			"": func(t *rapid.T) {
				for _, g := range a.Grants {
					if g.Granted != g.Applied()+g.Remaining+g.Expired || g.Remaining < 0 {
						t.Fatalf("it does not add up: %+v", g)
					}
				}
			},
		})
		for range 2 {
			for _, p := range papers {
				p.dead = !p.issued
				hear(p)
			}
		}
		for _, p := range papers {
			if !p.issued && a.appliedTo(p.id) != 0 || p.issued && a.appliedTo(p.id) > sum(p.lines) {
				t.Fatalf("%s has %v, and the books %d: %+v", p.id, p.lines, a.appliedTo(p.id), a)
			}
			for id, paid := range p.lines { // what comes too late may be spent elsewhere
				g := a.Grant(id)
				if e := g.entry(p.id); p.issued && g.Remaining > 0 && (e == nil || e.Amount != paid) {
					t.Fatalf("%s has %d of a grant, and the books %+v", p.id, paid, g)
				}
			}
		}
		for _, g := range a.Grants {
			for _, e := range g.Entries {
				if e.Reserved {
					t.Fatalf("still reserved: %+v", e)
				}
			}
		}
	})
}

func sum(lines map[string]money.Amount) (all money.Amount) {
	for _, paid := range lines {
		all += paid
	}
	return all
}

// appliedTo is what grants are booked to have paid of an invoice, before anything came back.
func (a Account) appliedTo(invoice string) (all money.Amount) {
	for _, g := range a.Grants {
		if e := g.entry(invoice); e != nil {
			all += e.Amount
		}
	}
	return all
}
