package billing

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/ledger"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// A life is that of one customer, kept twice: with all rows for ever, and with what has
// ended in the history.
type life struct {
	*rapid.T
	c            *catalog.Catalog
	whole, small State
	history      []CustomerProduct
	subs         map[string]Subscription // ever made, as they are at Stripe
	custom       []string                // ids of items of the customer's own
	now          time.Time
	n, most      int
}

// Every decision is the same whether ended products are among the rows or in the
// history, where those are read that MovedProducts says.
func TestDecisionsWithoutWhatHasEnded(t *testing.T) {
	t.Parallel()
	moved, kept := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		s := customerOf(withCard)
		l := &life{T: rt, c: s.Catalog, whole: s.State, small: s.State, subs: map[string]Subscription{}, now: April}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			l.n++
			switch rapid.SampledFrom([]string{"attach", "attach", "attach", "custom", "cancel", "wait", "close", "follow", "track", "bill"}).Draw(rt, "step") {
			case "attach":
				l.attach(rapid.SampledFrom([]string{"free", "hobby", "hobby_paid", "pro", "pro_use", "premium_use", "usage_only", "packs_and_use", "topup", "booster", "g2_free", "g2_pro", "setup"}).Draw(rt, "product"), false)
			case "custom":
				l.attach(rapid.SampledFrom([]string{"pro", "pro_use", "hobby"}).Draw(rt, "product"), true)
			case "cancel":
				l.cancel()
			case "wait":
				l.now = l.now.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(rt, "hours")) * time.Hour)
			case "close":
				l.settle(func(s State) Settlement { return CloseDue(s, l.c, l.now) })
			case "follow":
				l.follow()
			case "track":
				l.track()
			case "bill":
				l.bill()
			}
			l.compare()
		}
		moved, kept = moved+len(l.history), max(kept, l.most)
	})
	if moved == 0 {
		t.Error("nothing moved")
	}
	t.Logf("%d products moved, and at most %d that had ended were kept", moved, kept)
}

// settle carries a decision out in both lives.
func (l *life) settle(decide func(s State) Settlement) {
	a, b := decide(l.whole), decide(l.small)
	moved := b.Moved
	next := saved(l.small, b)
	next.Products = slices.DeleteFunc(next.Products, func(cp CustomerProduct) bool {
		return slices.ContainsFunc(moved, func(m CustomerProduct) bool { return m.ID == cp.ID })
	})
	l.history = append(l.history, moved...)
	l.whole, l.small = sorted(saved(l.whole, a)), sorted(next)
	l.whole.Customer.Moved = MovedProducts{}
	l.equal("the settlement", plain(a), plain(b))
	ended := 0
	for _, cp := range l.small.Products {
		if cp.Status == Expired {
			ended++
		}
	}
	l.most = max(l.most, ended)
}

// sorted has the products in the order in which rows are read.
func sorted(s State) State {
	slices.SortStableFunc(s.Products, func(a, b CustomerProduct) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// plain is a settlement without what moves.
func plain(s Settlement) Settlement {
	s.Moved, s.Customer.Moved = nil, MovedProducts{}
	return s
}

func (l *life) equal(what string, whole, small any) {
	l.Helper()
	a, _ := json.Marshal(whole)
	b, _ := json.Marshal(small)
	if string(a) != string(b) {
		l.Fatalf("step %d, %s:\n%s\nwithout what has ended:\n%s", l.n, what, a, b)
	}
}

func (l *life) state(s State) AttachState { return AttachState{State: s, Catalog: l.c, Card: "pm_1"} }

func (l *life) command(id string, custom bool) Attach {
	cmd := l.state(l.whole).buy(func(a *Attach) {
		a.OperationID, a.Now, a.Schedule = fmt.Sprint("op", l.n), l.now, Immediate
		if id == "topup" || id == "packs_and_use" {
			quantity("messages", "500")(a)
		}
	}, id)
	if custom {
		p := cmd.Products[0]
		p.Items = slices.Clone(p.Items)
		for i := range p.Items {
			p.Items[i].ID = fmt.Sprintf("%s_own%d", p.Items[i].ID, l.n)
			l.custom = append(l.custom, p.Items[i].ID)
		}
		cmd.Products, cmd.Custom = []catalog.Product{p}, true
	}
	return cmd
}

func (l *life) attach(id string, custom bool) {
	cmd := l.command(id, custom)
	d, err := DecideAttach(l.state(l.whole), cmd)
	other, otherErr := DecideAttach(l.state(l.small), cmd)
	l.equal("the decision", []any{d, fmt.Sprint(err)}, []any{other, fmt.Sprint(otherErr)})
	if err != nil || d.Page {
		return
	}
	l.carry(d, cmd.Products[0].Recurring())
}

func (l *life) cancel() {
	var held []string
	for _, cp := range l.whole.Products {
		if cp.At(l.now) != Expired {
			held = append(held, cp.ProductID)
		}
	}
	if len(held) == 0 {
		return
	}
	cmd := Cancel{OperationID: fmt.Sprint("op", l.n), ProductID: rapid.SampledFrom(held).Draw(l.T, "product"), Immediately: rapid.Bool().Draw(l.T, "at once"), Now: l.now}
	d, err := DecideCancel(l.whole, l.c, cmd)
	if err == nil && !d.Nothing() {
		l.carry(d, false)
	}
}

// carry settles a decision, with the subscription that Stripe would have.
func (l *life) carry(d Decision, recurring bool) {
	r := Results{}
	if recurring {
		for _, cp := range d.Start {
			if main := l.whole.ActivePlan(l.c, cp.Group, l.now); main != nil && main.SubscriptionID != "" && l.subs[main.SubscriptionID].Status == "active" {
				r.SubscriptionID, r.Period = main.SubscriptionID, main.Period
			}
		}
		if r.SubscriptionID == "" {
			r.SubscriptionID, r.Period = fmt.Sprint("sub_", l.n), Period{Start: l.now, End: Monthly.After(l.now, 1)}
			l.subs[r.SubscriptionID] = Subscription{ID: r.SubscriptionID, Status: "active", Period: r.Period}
		}
	}
	op := Operation{ID: fmt.Sprint("op", l.n), Command: "attach", Decision: d, CreatedAt: l.now}
	l.settle(func(s State) Settlement { return op.Settle(s, l.c, r, l.now) })
}

// follow hears of a subscription, at once or late, or of one that was over long ago.
func (l *life) follow() {
	if len(l.subs) == 0 {
		return
	}
	sub := l.subs[rapid.SampledFrom(slices.Sorted(maps.Keys(l.subs))).Draw(l.T, "subscription")]
	if sub.Status == "active" {
		for !sub.Period.End.After(l.now) {
			sub.Period = Period{Start: sub.Period.End, End: Monthly.After(sub.Period.End, 1)}
		}
		if rapid.Bool().Draw(l.T, "ended") {
			late := time.Duration(rapid.IntRange(0, 30*24).Draw(l.T, "hours ago")) * time.Hour
			sub.Status, sub.EndedAt = "canceled", later(sub.Period.Start, l.now.Add(-late))
			sub.CanceledAt = sub.EndedAt
		}
		l.subs[sub.ID] = sub
	}
	l.settle(func(s State) Settlement { return FollowSubscription(s, l.c, sub, l.now) })
}

func (l *life) track() {
	feature := rapid.SampledFrom([]string{"messages", "words", "seats"}).Draw(l.T, "feature")
	n := Int(rapid.Int64Range(1, 700).Draw(l.T, "used"))
	for _, s := range []*State{&l.whole, &l.small} {
		if b, has := s.Balances[feature]; has {
			s.Balances = maps.Clone(s.Balances)
			s.Balances[feature] = b.Deduct(n, l.now)
		}
	}
}

// bill makes a bill of a subscription, the last one or that of a renewal.
func (l *life) bill() {
	if len(l.subs) == 0 {
		return
	}
	sub := l.subs[rapid.SampledFrom(slices.Sorted(maps.Keys(l.subs))).Draw(l.T, "subscription")]
	in := Invoice{SubscriptionID: sub.ID, Renewal: true, Status: rapid.SampledFrom([]string{"draft", "open"}).Draw(l.T, "status"), Period: sub.Period}
	decide := func(s State) UsageBill {
		if sub.Status == "canceled" {
			return DecideFinalBill(s, l.c, sub, "pm_1", l.now)
		}
		return DecideUsageBill(s, l.c, in, "pm_1", l.now)
	}
	l.equal("the bill", decide(l.whole), decide(l.small))
	for _, s := range []*State{&l.whole, &l.small} {
		bill := decide(*s)
		s.Balances = maps.Clone(s.Balances)
		for _, b := range bill.PersistClosed {
			s.Balances[b.FeatureID] = b
		}
		for _, settled := range bill.Settled {
			b := s.Balances[settled.FeatureID]
			b.Closed = settled.Left
			s.Balances[settled.FeatureID] = b
		}
	}
}

// compare asks both lives whatever a command, an event or the schedule may ask.
func (l *life) compare() {
	l.Helper()
	moved := l.small.Customer.Moved
	withHistory := func(needed bool) State {
		if !needed {
			return l.small
		}
		return l.small.WithMoved(l.history)
	}
	both := func(what string, ask func(s State) any) { l.Helper(); l.equal(what, ask(l.whole), ask(l.small)) }
	for _, id := range []string{"free", "pro", "premium_use", "topup", "g2_pro"} {
		both("attach "+id, func(s State) any {
			d, err := DecideAttach(l.state(s), l.command(id, false))
			return []any{d, fmt.Sprint(err)}
		})
		both("cancel "+id, func(s State) any {
			d, err := DecideCancel(s, l.c, Cancel{OperationID: "op_c", ProductID: id, Immediately: true, Now: l.now})
			return []any{d, fmt.Sprint(err)}
		})
		both("check "+id, func(s State) any { return DecideProductCheck(s.Products, id, false, l.now) })
	}
	both("close", func(s State) any { return plain(CloseDue(s, l.c, l.now)) })
	both("due", func(s State) any { return s.DueSubscriptions(l.now) })
	both("delete", func(s State) any {
		d, err := DecideDelete(s, l.c, DeleteCustomer{Cancel: true, AtStripe: RunningAtStripe{Subscriptions: slices.Sorted(maps.Keys(l.subs))}, Now: l.now})
		return []any{d, fmt.Sprint(err)}
	})
	both("deletion", func(s State) any { return s.DeletionAudit(Operation{}, l.now) })
	both("billed since", func(s State) any { return s.BilledSince(l.now) })
	for _, id := range slices.Sorted(maps.Keys(l.subs)) {
		sub := l.subs[id]
		both("follow "+id, func(s State) any { return plain(FollowSubscription(s, l.c, sub, l.now)) })
		both("last bill of "+id, func(s State) any {
			over := sub
			over.Status, over.EndedAt = "canceled", l.now
			return DecideFinalBill(s, l.c, over, "", l.now)
		})
		paid := PaidFor{SubscriptionID: id, Total: 2000, BilledAt: l.now}
		refund := Payment{ChargeID: "ch_1", Amount: 2000, Refunded: 2000, Disputed: 2000}
		both("end access by "+id, func(s State) any { return EndsAccess(s, l.c, paid, refund, l.now) })
		unknown := !l.small.Sold(id) && !moved.Subscribed.IsZero()
		l.equal("refund of "+id, DecidePaymentReturn(l.whole, l.c, paid, ReturnedPayment{}, refund, l.now).Changed,
			DecidePaymentReturn(withHistory(unknown), l.c, paid, ReturnedPayment{}, refund, l.now).Changed)
		for ago := range 4 { // its renewal, heard of up to 90 days late
			end := l.now.AddDate(0, 0, -30*ago)
			in := Invoice{SubscriptionID: id, Renewal: true, Period: Period{End: end}, Currency: "usd", Totals: &InvoiceTotals{Periods: true, Sum: 77}}
			l.equal(fmt.Sprint("renewal of ", id, " on ", end), RenewalMismatch(l.whole, l.c, in, l.now),
				RenewalMismatch(withHistory(end.Before(moved.Subscribed)), l.c, in, l.now))
		}
	}
	for name, invoices := range map[string][]Invoice{"none": nil, "void": {{Status: "void", ProductIDs: []string{"topup", "pro"}, CreatedAt: l.now}}} {
		l.equal("paid, invoices: "+name, l.whole.HasPaid(l.c, invoices), withHistory(moved.Bought).HasPaid(l.c, invoices))
		l.equal("bought, invoices: "+name, l.whole.HasBought(l.c, invoices), withHistory(moved.Bought).HasBought(l.c, invoices))
	}
	books := withHistory(moved.Custom)
	for _, item := range ProductOf(l.c, CustomerProduct{ProductID: "pro_use", Version: 1}).Items {
		l.equal("earlier items", l.whole.earlier(l.c, item, l.now), books.earlier(l.c, item, l.now))
	}
	var lines []ledger.Line
	for _, id := range l.custom {
		lines = append(lines, ledger.Line{ItemID: id, Proration: true, Quantity: 3})
	}
	l.equal("tiers", l.whole.withTiers(l.c, []ledger.Invoice{{Lines: lines}}), books.withTiers(l.c, []ledger.Invoice{{Lines: lines}}))
}
