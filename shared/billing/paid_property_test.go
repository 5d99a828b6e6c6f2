package billing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/ledger"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

// A till is a customer of one subscription, the invoices of one period and the
// cash that moved. Its book is kept apart from the rules: in and out.
type till struct {
	*rapid.T
	AttachState
	now     time.Time
	n       int
	due     map[int]Amount // open or draft invoices, by their place in Billed
	in, out Amount         // paid by the customer; credited to them beyond a charge
	ended   bool
}

// No sequence of commands credits more than was paid, whatever becomes of the
// invoices in between.
func TestNoSequenceCreditsMoreThanWasPaid(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		k := till{T: rt, AttachState: customerOf(withCard), now: April, due: map[int]Amount{}}
		k.attach([]string{"pro", "premium", "pro_prepaid", "premium_prepaid", "plan_setup"})
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			k.now = k.now.Add(time.Duration(rapid.Int64Range(0, max(0, May.Unix()-k.now.Unix()-1)/3).Draw(rt, "wait")) * time.Second)
			if k.ended {
				break
			}
			switch rapid.SampledFrom([]string{"change", "change", "quantity", "version", "invoice", "invoice", "end"}).Draw(rt, "step") {
			case "change":
				k.attach([]string{"pro", "premium", "pro_prepaid", "premium_prepaid", "plan_setup", "free"})
			case "quantity":
				k.attach([]string{k.main().ProductID})
			case "version":
				k.version()
			case "invoice":
				k.settle()
			case "end":
				k.cancel()
			}
			if slack := Amount(k.n + 1); k.out > k.in+slack { // a cent for each rounding
				rt.Fatalf("%d was paid, and %d credited", k.in, k.out)
			}
		}
		if seen["tried"]++; k.out > 0 {
			seen["credited"]++
		}
	})
	if seen["credited"]*10 < seen["tried"] { // make check draws few, and new ones
		t.Errorf("hardly anything was tried: %v", seen)
	}
}

// A customer who pays at once has all of the time left credited, to the cent: no
// rounding is taken for a debt.
func TestPaidTimeIsCreditedWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k := till{T: rt, AttachState: customerOf(withCard), now: April, due: map[int]Amount{}}
		products := []string{"pro", "premium", "pro_prepaid", "premium_prepaid", "plan_setup"}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			k.attach(products)
			for i := range k.Billed.Invoices {
				k.Billed.Invoices[i].Paid, k.Billed.Invoices[i].Due = max(0, k.Billed.Invoices[i].Total), 0
			}
			k.now = k.now.Add(time.Duration(rapid.Int64Range(0, max(0, May.Unix()-k.now.Unix()-1)/3).Draw(rt, "wait")) * time.Second)
		}
		for _, in := range k.Billed.Invoices {
			if slices.ContainsFunc(in.Lines, func(l ledger.Line) bool { return l.Withheld }) {
				rt.Fatalf("paid time is not credited: %+v", in)
			}
		}
	})
}

func (k *till) main() *CustomerProduct {
	for i, cp := range k.Products {
		if cp.Running(k.now) && cp.Group == "main" {
			return &k.Products[i]
		}
	}
	return &CustomerProduct{ProductID: "pro"}
}

func (k *till) attach(ids []string) {
	k.n++
	id := rapid.SampledFrom(ids).Draw(k.T, "product")
	cmd := k.buy(func(a *Attach) {
		a.OperationID, a.Now, a.Schedule, a.ByInvoice = fmt.Sprint("op", k.n), k.now, Immediate, true
		for _, f := range []string{"messages", "words"} {
			if strings.Contains(id, "prepaid") && f == "messages" || id == "plan_setup" {
				quantity(f, fmt.Sprint(100*rapid.IntRange(0, 9).Draw(k.T, f)))(a)
			}
		}
	}, id)
	d, err := DecideAttach(k.AttachState, cmd)
	k.carry(d, err, cmd.OperationID)
}

// version sells the present product at another price, which the customer takes
// over without a charge.
func (k *till) version() {
	p := ProductOf(k.Catalog, *k.main())
	if p.Free() || p.ID != k.main().ProductID {
		return
	}
	p.Version, p.Items = len(k.Catalog.Products[p.ID])+1, slices.Clone(p.Items)
	price := Int(rapid.Int64Range(1, 90).Draw(k.T, "price"))
	p.Items[0].Price, p.Items[0].ID = &price, fmt.Sprint(p.Items[0].ID, "_v", p.Version)
	k.Catalog.Products[p.ID] = append(k.Catalog.Products[p.ID], p)
	k.n++
	d, err := DecideAttach(k.AttachState, k.buy(func(a *Attach) {
		a.OperationID, a.Now, a.ByInvoice, a.Quantities = fmt.Sprint("op", k.n), k.now, true, k.main().Quantities
	}, p.ID))
	k.carry(d, err, fmt.Sprint("op", k.n))
}

func (k *till) cancel() {
	k.n++
	id := fmt.Sprint("op", k.n)
	d, err := DecideCancel(k.State, k.Catalog, Cancel{OperationID: id, ProductID: k.main().ProductID, Immediately: true, Refund: true, Billed: k.Billed, Now: k.now})
	k.carry(d, err, id)
}

// carry does what the decision says, and books its lines as Stripe would.
func (k *till) carry(d Decision, err error, id string) {
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return
	}
	if err != nil {
		k.Fatal(err)
	}
	op := Operation{ID: id, Decision: d}
	k.State = saved(k.State, op.Settle(k.State, k.Catalog, Results{SubscriptionID: "s", Period: Period{Start: April, End: May}}, k.now))
	k.ended = k.ended || k.main().SubscriptionID == ""
	if len(d.Lines) == 0 {
		return
	}
	in := ledger.Invoice{CreatedAt: k.now, Total: d.DueNow()}
	for _, l := range d.Lines {
		line := ledger.Line{SubscriptionID: "s", ItemID: l.ItemID, Amount: l.Amount, Period: Period{Start: k.now, End: May}, Proration: l.Prorated,
			Withheld: strings.HasPrefix(l.Description, "Not paid")}
		if !l.Recurring {
			line.Period.End = k.now
		}
		in.Lines = append(in.Lines, line)
	}
	if in.Total < 0 {
		k.out -= in.Total
	} else {
		k.due[len(k.Billed.Invoices)], in.Due = in.Total, in.Total
	}
	k.Billed.Books = ledger.BooksOf
	k.Billed.Invoices = append(k.Billed.Invoices, in)
}

// settle lets an open invoice be paid, in part or whole, or given up.
func (k *till) settle() {
	var open []int
	for i, due := range k.due {
		if due > 0 {
			open = append(open, i)
		}
	}
	if slices.Sort(open); len(open) == 0 {
		return
	}
	i := rapid.SampledFrom(open).Draw(k.T, "invoice")
	k.Billed.Books = ledger.BooksOf
	k.Billed.Invoices = slices.Clone(k.Billed.Invoices)
	in := &k.Billed.Invoices[i]
	in.Paid, in.Due = Amount(rapid.Int64Range(0, int64(in.Total)).Draw(k.T, "paid")), 0
	if rapid.Bool().Draw(k.T, "whole") {
		in.Paid = in.Total
	}
	k.in, k.due[i] = k.in+in.Paid, 0
}
