package stripesim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// check runs a property over random histories.
func check(t *testing.T, property func(*rapid.T, *stroll)) {
	t.Helper()
	t.Parallel()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := newStroll(t)
		defer s.close()
		n++
		for _, st := range history().Draw(rt, "history") {
			s.take(st)
		}
		property(rt, s)
	})
	tried(t, n)
}

// What only looks at a history looks at the same one: to play it costs more
// than to look.
func TestPropertyBooksAddUp(t *testing.T) {
	check(t, func(rt *rapid.T, s *stroll) {
		invoicesAddUp(rt, s)
		ledgerAddsUp(rt, s)
		neverOvercharged(rt, s)
	})
}

// The sum of the lines less discounts is the total, and no part of an invoice
// contradicts another.
func invoicesAddUp(rt *rapid.T, s *stroll) {
	for _, inv := range s.invoices(s.customer) {
		var lines, off, listed int64
		for _, l := range inv.list("lines.data") {
			lines += l.num("amount")
			for _, d := range l.list("discount_amounts") {
				off += d.num("amount")
				if d.num("amount") > l.num("amount") {
					rt.Fatalf("%s: discount %d on a line of %d", inv.str("id"), d.num("amount"), l.num("amount"))
				}
			}
		}
		for _, d := range inv.list("total_discount_amounts") {
			listed += d.num("amount")
		}
		if lines != inv.num("subtotal") || lines-off != inv.num("total") || off != listed {
			rt.Fatalf("%s: lines %d, discounts %d/%d, subtotal %d, total %d", inv.str("id"), lines, off, listed, inv.num("subtotal"), inv.num("total"))
		}
		if inv.num("amount_due") < 0 || inv.str("status") != "draft" && inv.num("total") > 0 && inv.num("starting_balance") == 0 && inv.num("amount_due") != inv.num("total") && inv.num("total") >= 50 {
			rt.Fatalf("%s: due %d of %d", inv.str("id"), inv.num("amount_due"), inv.num("total"))
		}
	}
}

// The ledger adds up to the balance, row by row, and each finalized invoice
// moved it by what it says.
func ledgerAddsUp(rt *rapid.T, s *stroll) {
	rows := s.get("/v1/customers/"+s.customer+"/balance_transactions", "limit=100").list("data")
	var sum int64
	moved := map[string]int64{}
	for i := len(rows) - 1; i >= 0; i-- {
		sum += rows[i].num("amount")
		moved[rows[i].str("invoice")] += rows[i].num("amount")
		if rows[i].num("ending_balance") != sum {
			rt.Fatalf("row %s ends at %d, the sum is %d", rows[i].str("id"), rows[i].num("ending_balance"), sum)
		}
	}
	if got := s.get("/v1/customers/"+s.customer, "").num("balance"); got != sum {
		rt.Fatalf("balance %d, ledger %d", got, sum)
	}
	for _, inv := range s.invoices(s.customer) {
		want := inv.num("ending_balance") - inv.num("starting_balance")
		switch inv.str("status") {
		case "draft":
			want = 0
		case "void":
			want = 0
		}
		if moved[inv.str("id")] != want {
			rt.Fatalf("%s (%s) moved the balance by %d, not by %d", inv.str("id"), inv.str("status"), moved[inv.str("id")], want)
		}
	}
}

// Nobody pays more than is due, and what is paid was charged.
func neverOvercharged(rt *rapid.T, s *stroll) {
	charged := map[string]int64{}
	for _, c := range s.get("/v1/charges", "limit=100&customer="+s.customer).list("data") {
		if c.str("status") == "succeeded" {
			charged[c.str("invoice")] += c.num("amount")
		}
	}
	for _, inv := range s.invoices(s.customer) {
		if inv.num("amount_paid") > inv.num("amount_due") || inv.num("amount_remaining") != inv.num("amount_due")-inv.num("amount_paid") {
			rt.Fatalf("%s: due %d, paid %d, remaining %d", inv.str("id"), inv.num("amount_due"), inv.num("amount_paid"), inv.num("amount_remaining"))
		}
		if charged[inv.str("id")] != inv.num("amount_paid") {
			rt.Fatalf("%s: paid %d, charged %d", inv.str("id"), inv.num("amount_paid"), charged[inv.str("id")])
		}
	}
}

// The preview is the invoice that follows.
func TestPropertyUpcomingIsNext(t *testing.T) {
	compared := 0
	t.Cleanup(func() { t.Logf("%d previews compared", compared) })
	check(t, func(rt *rapid.T, s *stroll) {
		// one more subscription with a good card, and no debts: something to preview
		s.take(step{kind: "card"})
		s.take(step{kind: "pay"})
		price := rapid.IntRange(0, 40).Draw(rt, "price")
		s.take(step{kind: "subscribe", a: price})
		s.move(s.sim.Now().Add(2 * time.Hour)) // drafts on their way are finalized
		if s.previewed(rt) {
			compared++
			return
		}
		s.customer = s.world.customer("pm_card_visa")
		s.take(step{kind: "subscribe", a: price})
		s.move(s.sim.Now().Add(2 * time.Hour))
		if !s.previewed(rt) {
			rt.Fatal("nothing to preview")
		}
		compared++
	})
}

// previewed compares the preview of one subscription with what comes, and tells
// whether there was one to compare.
func (s *stroll) previewed(rt *rapid.T) bool {
	for _, sub := range s.get("/v1/subscriptions", "customer="+s.customer).list("data") {
		status, next, _ := s.call("GET", "/v1/invoices/upcoming", "subscription="+sub.str("id"))
		if st := sub.str("status"); status != 200 || st != "active" && st != "trialing" || sub.get("pending_update") != nil || s.disturbed(sub) {
			continue
		}
		s.move(time.Unix(sub.num("current_period_end"), 0))
		now := s.get("/v1/subscriptions/"+sub.str("id"), "expand[]=latest_invoice")
		latest, _ := now["latest_invoice"].(map[string]any)
		if diff := cmp.Diff(essence(next), essence(latest)); diff != "" {
			rt.Fatalf("preview (-) and invoice (+) of %s differ:\n%s", sub.str("id"), diff)
		}
		return true
	}
	return false
}

// disturbed: something else happens to the customer before the renewal.
func (s *stroll) disturbed(sub raw) bool {
	for _, other := range s.get("/v1/subscriptions", "customer="+s.customer).list("data") {
		if other.str("id") != sub.str("id") && (other.num("current_period_end") <= sub.num("current_period_end") || other.get("schedule") != nil) {
			return true
		}
	}
	if plan := sub.str("schedule"); plan != "" && s.get("/v1/subscription_schedules/"+plan, "").num("current_phase.end_date") < sub.num("current_period_end") {
		return true // its next phase comes first
	}
	open := s.get("/v1/invoices", "status=open&customer="+s.customer).list("data")
	if len(s.get("/v1/invoices", "status=draft&customer="+s.customer).list("data")) > 0 {
		return true // it may use up the customer's balance
	}
	return len(open) > 0 || sub.get("cancel_at") != nil
}

// essence is what an invoice charges, and for what.
func essence(inv raw) string {
	out := fmt.Sprint(inv.num("subtotal"), inv.num("total"), inv.num("amount_due"), inv.num("period_start"), inv.num("period_end"), "\n")
	for _, l := range inv.list("lines.data") {
		out += fmt.Sprintln(l.str("description"), l.num("amount"), l.num("period.start"), l.num("period.end"), l.get("discount_amounts"))
	}
	return out
}

// A clock that is moved in one step and one that is moved in many give the same
// invoices.
func TestPropertyStepsDoNotMatter(t *testing.T) {
	t.Parallel()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		one, many := newStroll(t), newStroll(t)
		defer one.close()
		defer many.close()
		n++
		cuts := rapid.SliceOfN(rapid.IntRange(1, 20*86400), 1, 4).Draw(rt, "cuts")
		whole := many.move
		many.move = func(to time.Time) {
			for _, cut := range cuts {
				if at := many.sim.Now().Add(time.Duration(cut) * time.Second); at.Before(to) {
					whole(at)
				}
			}
			whole(to)
		}
		for _, st := range history().Draw(rt, "history") {
			one.take(st)
			many.take(st)
		}
		a, _ := json.Marshal(one.invoices(one.customer))
		b, _ := json.Marshal(many.invoices(many.customer))
		if string(a) != string(b) {
			rt.Fatalf("invoices differ:\n%s\n%s", a, b)
		}
	})
	tried(t, n)
}

// Sending a request again under its key answers the same and changes nothing.
func TestPropertyReplayChangesNothing(t *testing.T) {
	check(t, func(rt *rapid.T, s *stroll) {
		form := fmt.Sprintf("customer=%s&items[0][price]=%s&payment_behavior=%s", s.customer, s.price(rapid.IntRange(0, 40).Draw(rt, "price")), behaviors[rapid.IntRange(0, 2).Draw(rt, "behavior")])
		status, body, head := s.call("POST", "/v1/subscriptions", form, "Idempotency-Key", "k1")
		events := len(s.sim.Events())
		if rapid.Bool().Draw(rt, "later") {
			if err := s.sim.AdvanceTo(context.Background(), s.sim.Now().Add(10*time.Minute)); err != nil {
				rt.Fatal(err)
			}
			events = len(s.sim.Events())
		}
		again, second, head2 := s.call("POST", "/v1/subscriptions", form, "Idempotency-Key", "k1")
		if status < 400 || status == 402 {
			if status != again || !cmp.Equal(body, second) || head2.Get("Idempotent-Replayed") != "true" || head.Get("Idempotent-Replayed") != "" {
				rt.Fatalf("first %d %v\nagain %d %v", status, body, again, second)
			}
		}
		if got := len(s.sim.Events()); got != events {
			rt.Fatalf("the replay made %d events", got-events)
		}
	})
}
