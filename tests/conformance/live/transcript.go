package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// A transcript is the course of a scenario, without the parts that differ from
// run to run: ids are left out, times have names, and amounts are cents.
type transcript struct {
	lines []string
	names map[int64]string
}

func (t *transcript) String() string { return strings.Join(t.lines, "\n") + "\n" }

func (t *transcript) say(format string, args ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

// name gives a time its name.
func (t *transcript) name(name string, at int64) { t.names[at] = name }

func (t *transcript) when(at int64) string {
	if at == 0 {
		return "never"
	}
	if name, ok := t.names[at]; ok {
		return name
	}
	best, distance := "", int64(1<<62)
	for known, name := range t.names {
		if d := at - known; d > 0 && d < distance {
			best, distance = name, d
		}
	}
	return fmt.Sprintf("%s + %s", best, time.Duration(distance)*time.Second)
}

// refused records the kind of Stripe's error. Its wording may change, so it is
// left out.
func (t *transcript) refused(what string, err error) {
	var e *stripe.Error
	if !errors.As(err, &e) {
		t.say("%s: not refused", what)
		return
	}
	t.say("%s: refused, %d %s %s %s", what, e.HTTPStatusCode, e.Type, orDash(string(e.Code)), orDash(string(e.DeclineCode)))
}

// subscription records the state of a subscription.
func (w *world) subscription(id string) {
	sub := must(w.Subscriptions.Get(id, nil))
	var items []string
	for _, i := range sub.Items.Data {
		items = append(items, fmt.Sprintf("%d × %d", i.Quantity, i.Price.UnitAmount))
	}
	w.say("subscription %s: %s, period %s to %s", sub.Status, strings.Join(items, ", "), w.when(sub.CurrentPeriodStart), w.when(sub.CurrentPeriodEnd))
	if sub.CancelAtPeriodEnd || sub.EndedAt != 0 {
		w.say("  cancel at %s, ended %s", w.when(sub.CancelAt), w.when(sub.EndedAt))
	}
	if sub.Discount != nil {
		w.say("  discount until %s", w.when(sub.Discount.End))
	}
}

// invoices records a customer's invoices, oldest first.
func (w *world) invoices(customer string) {
	for _, inv := range w.invoicesOf(customer) {
		w.invoice(inv)
	}
}

// invoicesOf are a customer's invoices, oldest first.
func (w *world) invoicesOf(customer string) []*stripe.Invoice {
	var all []*stripe.Invoice
	list := w.Invoices.List(&stripe.InvoiceListParams{Customer: &customer})
	for list.Next() {
		all = append(all, list.Invoice())
	}
	must(all, list.Err())
	slices.Reverse(all) // Stripe lists the newest first
	return all
}

func (w *world) invoice(inv *stripe.Invoice) {
	w.say("invoice %s %s at %s: total %d, due %d, paid %d, tries %d", inv.BillingReason, inv.Status, w.when(inv.Created), inv.Total, inv.AmountDue, inv.AmountPaid, inv.AttemptCount)
	var lines []string
	for _, l := range inv.Lines.Data {
		kind := "line"
		if l.Proration {
			kind = "proration"
		}
		off := ""
		for _, d := range l.DiscountAmounts {
			off += fmt.Sprintf(" less %d", d.Amount)
		}
		lines = append(lines, fmt.Sprintf("  %s %d%s, %s to %s", kind, l.Amount, off, w.when(l.Period.Start), w.when(l.Period.End)))
	}
	slices.Sort(lines) // the order of lines is not promised
	w.lines = append(w.lines, lines...)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
