package credit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

// A bank is a customer's balance at Stripe, and the invoices that use it.
type bank struct {
	now      time.Time
	ledger   []Transaction
	keys     map[string]bool // of our transactions
	given    int             // grants
	invoices []invoice
	staff    money.Amount // what they gave, less what they took
}

type invoice struct {
	id                string
	used, paid, back  money.Amount
	void, uncollected bool
}

func (b *bank) balance() money.Amount {
	if len(b.ledger) == 0 {
		return 0
	}
	return b.ledger[len(b.ledger)-1].Ending
}

func (b *bank) add(amount money.Amount, invoice string, unused bool, post Post) {
	b.ledger = append(b.ledger, Transaction{ID: fmt.Sprintf("cbtxn_%d", len(b.ledger)), Amount: amount, Ending: b.balance() + amount, Invoice: invoice, Unused: unused, At: b.now, Post: post})
}

// post puts what is asked there, each key once, as an Idempotency-Key has it.
func (b *bank) post(posts []Post) {
	for _, p := range posts {
		if !b.keys[p.Key] {
			b.keys[p.Key] = true
			b.add(p.Amount, "", false, p)
		}
	}
}

// after is the ledger behind a transaction.
func (b *bank) after(cursor string) []Transaction {
	for i, tx := range b.ledger {
		if tx.ID == cursor {
			return b.ledger[i+1:]
		}
	}
	return b.ledger
}

func (b *bank) give(amount money.Amount) {
	b.staff += amount
	b.add(-amount, "", false, Post{})
}

// own is what of the balance is no grant's, once all is posted: what staff gave, less
// what invoices and staff took that no grant paid.
func (b *bank) own(a Account) money.Amount {
	own := b.staff
	for _, in := range b.invoices {
		if !in.void {
			own -= in.used
		}
	}
	for _, g := range a.Grants {
		for _, e := range g.Entries {
			if in := b.invoice(e.Invoice); in == nil || in.used > 0 && !in.void {
				own += e.Amount
			}
		}
	}
	return own
}

func (b *bank) invoice(id string) *invoice {
	for i := range b.invoices {
		if b.invoices[i].id == id {
			return &b.invoices[i]
		}
	}
	return nil
}

func (b *bank) finalize(total money.Amount) {
	in := invoice{id: fmt.Sprintf("in_%d", len(b.invoices))}
	if in.used = min(total, max(0, -b.balance())); in.used > 0 {
		b.add(in.used, in.id, false, Post{})
	}
	in.paid = total - in.used
	b.invoices = append(b.invoices, in)
}

// adds reports whether every grant comes to what was given, and the balance to what
// Stripe has.
func adds(t *rapid.T, a Account, b *bank, whole bool) {
	for _, g := range a.Grants {
		if g.Granted != g.Applied()+g.Remaining+g.Expired || g.Remaining < 0 || g.Expired < 0 {
			t.Fatalf("granted %d, applied %d, remaining %d, expired %d: %+v", g.Granted, g.Applied(), g.Remaining, g.Expired, g)
		}
		seen := map[string]bool{}
		for _, e := range g.Entries {
			if seen[e.Invoice] || e.Returned < 0 || e.Returned > e.Amount {
				t.Fatalf("entry %+v of %+v", e, g)
			}
			seen[e.Invoice] = true
		}
	}
	if whole && a.Cursor != "" && a.Balance() != b.balance() {
		t.Fatalf("the books have %d, Stripe %d: %+v", a.Balance(), b.balance(), a)
	}
}

// Whatever happens to invoices and to the balance, in whatever order it is heard of, and
// however often: each grant adds up, its remainder never rises but by what an invoice
// gives back, and in the end Stripe has what the books have.
func TestI14CreditsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := &bank{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), keys: map[string]bool{}}
		var a Account
		note := func() {
			for _, in := range b.invoices {
				a = a.Unpaid(in.id, in.void || in.uncollected).Refunded(in.id, in.back, in.paid)
			}
		}
		hear := func() { // a part of the ledger may come again
			from := 0
			for i, tx := range b.ledger {
				if tx.ID == a.Cursor {
					from = i + 1
				}
			}
			a = a.Book("cus", b.ledger[rapid.IntRange(0, from).Draw(t, "from"):])
			note()
			adds(t, a, b, true)
		}
		amount := func(what string) money.Amount { return money.Amount(rapid.IntRange(1, 50).Draw(t, what)) }
		some := func() *invoice {
			if len(b.invoices) == 0 {
				return &invoice{}
			}
			return &b.invoices[rapid.IntRange(0, len(b.invoices)-1).Draw(t, "invoice")]
		}
		few := func(a Account) bool { return a.Live() > 1 }
		t.Repeat(map[string]func(*rapid.T){
			"merged": func(*rapid.T) {
				if unheard := slices.ContainsFunc(b.after(a.Cursor), func(tx Transaction) bool { return tx.Post.Key != "" }); unheard {
					return // what Stripe was just told of keeps its grant until it is heard of
				}
				before, was := a.Balance(), a.Remaining(b.now)
				if a = a.merged(few, b.now); a.Balance() != before || a.Remaining(b.now) != was {
					t.Fatalf("merged: %d and %d, before %d and %d", a.Balance(), a.Remaining(b.now), before, was)
				}
			},
			"not known": func(*rapid.T) { a = a.NotKnown("cus", b.now) },
			"given": func(t *rapid.T) {
				b.given++
				g := Grant{ID: fmt.Sprintf("cg_%d", b.given), RewardID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "reward"), Granted: amount("granted"), At: b.now}
				if g.Remaining = g.Granted; rapid.Bool().Draw(t, "expires") {
					g.Expires = b.now.AddDate(0, 0, rapid.IntRange(1, 9).Draw(t, "in"))
				}
				if used := money.Amount(rapid.IntRange(0, int(g.Granted)).Draw(t, "used at once")); used > 0 {
					g.Remaining, g.Entries = g.Granted-used, []Entry{{Invoice: fmt.Sprintf("in_%d", len(b.invoices)), Amount: used, At: b.now}}
					b.invoices = append(b.invoices, invoice{id: fmt.Sprintf("in_%d", len(b.invoices)), paid: amount("rest")})
				}
				a = a.With(g)
			},
			"posted": func(t *rapid.T) {
				b.post(a.Posts("cus", b.now))
				if rapid.Bool().Draw(t, "and heard of") {
					hear()
				}
			},
			"heard of":   func(*rapid.T) { hear() },
			"day":        func(*rapid.T) { b.now = b.now.AddDate(0, 0, 1) },
			"finalized":  func(*rapid.T) { b.finalize(amount("total")) },
			"staff give": func(*rapid.T) { b.give(amount("credit")) },
			"staff take": func(*rapid.T) { b.give(-amount("debit")) },
			"uncollected": func(*rapid.T) {
				if in := some(); !in.void && in.back == 0 {
					in.uncollected = true
				}
			},
			"paid after all": func(*rapid.T) { some().uncollected = false },
			"void": func(*rapid.T) {
				if in := some(); in.id != "" && !in.void && in.back == 0 {
					if in.void = true; in.used > 0 {
						b.add(-in.used, in.id, true, Post{})
					}
				}
			},
			"refunded": func(t *rapid.T) {
				if in := some(); !in.void && !in.uncollected && in.paid > 0 {
					in.back = money.Amount(rapid.IntRange(int(in.back), int(in.paid)).Draw(t, "back"))
				}
			},
			"": func(t *rapid.T) { adds(t, a, b, false) },
		})
		b.now = b.now.Add(askAgain)
		for range 20 {
			b.post(a.Posts("cus", b.now))
			hear()
		}
		a = a.Expire(b.now)
		adds(t, a, b, true)
		for _, g := range a.Grants {
			for _, e := range g.Entries {
				if left := e.owed() - e.Returned; g.Posted && (left > 0 || e.Twice != 0 || left < 0 && g.Remaining > 0) {
					t.Fatalf("entry %+v of %+v", e, g)
				}
			}
			if g.over(b.now) && g.Remaining > 0 {
				t.Fatalf("it has expired: %+v", g)
			}
		}
		if own := a.Own - a.Debt; a.Cursor != "" && own != b.own(a) {
			t.Fatalf("the customer's own is %d, want %d: %+v", own, b.own(a), a)
		}
		if posts := a.Posts("cus", b.now); len(posts) > 0 {
			t.Fatalf("there is always more to post: %v", posts)
		}
	})
}
