package billing

import (
	"slices"
	"time"

	"windfall/shared/ledger"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// BilledSince is the moment from which a customer's invoices say what of the
// periods that run was paid: those of the period before tell what a credit was worth
// that waited for the present one.
func (s State) BilledSince(now time.Time) time.Time {
	since := now
	for _, cp := range s.Products {
		if cp.SubscriptionID != "" && cp.Running(now) && !cp.Period.Start.IsZero() {
			if before := cp.Period.Start.Add(-cp.Period.End.Sub(cp.Period.Start)); before.Before(since) {
				since = before
			}
		}
	}
	return since.AddDate(0, 0, -4) // Stripe may bill a little before or after the turn, and months differ
}

// Bills are a customer's invoices at Stripe, what waits for the next one, and the
// discounts that lower it.
type Bills struct {
	ledger.Billed
	Discounts []BillDiscount
	Moved     []CustomerProduct // ended products that invoices may tell of
	Books     ledger.Books      `json:"-"` // nil without invoices: a function that reads none does not link what books them
}

// A BillDiscount lowers the invoices of a subscription, or of the customer.
type BillDiscount struct {
	SubscriptionID string          `json:"subscription_id,omitzero"` // "" for the customer
	End            time.Time       `json:"end,omitzero"`             // zero while no end is known
	Once           bool            `json:"once,omitempty"`           // the next invoice uses it up
	Ours           bool            `json:"ours,omitempty"`           // of a reward: it is put back where it is used up for nothing
	Discount       reward.Discount `json:"discount,omitzero"`
	Then           *BillDiscount   `json:"then,omitempty"` // the customer's, once one of a subscription is over
}

// ended reports whether a discount is over on a day: its end is no part of it.
func (d *BillDiscount) ended(at time.Time) bool { return !d.End.IsZero() && !at.Before(d.End) }

// running is the discount that lowers a subscription's invoices: its own, or the
// customer's. nil for none.
func (b Bills) running(subscriptionID string) *BillDiscount {
	var found *BillDiscount
	for i, d := range b.Discounts {
		switch d.SubscriptionID {
		case subscriptionID:
			return &b.Discounts[i]
		case "":
			found = &b.Discounts[i]
		}
	}
	return found
}

// LowerAlone takes the customer's discount off the lines of an invoice of their own
// that comes right after that of a decision: what that uses up is not put back yet.
func (b Bills) LowerAlone(d Decision, lines []Line) []Line {
	run := b.running("")
	if run == nil || run.Once && d.Running != nil && d.Running.SubscriptionID == "" && Subtotal(d.Lines) != 0 {
		return lines
	}
	return discounted(lines, &run.Discount)
}

// waiting lists what waits for an invoice of a subscription, as lines of it.
func waiting(b Bills, subscriptionID string) (lines []Line) {
	for _, w := range b.Waiting {
		if w.SubscriptionID == subscriptionID || w.SubscriptionID == "" {
			lines = append(lines, Line{Description: w.Description, ItemID: w.ItemID, ProductID: w.ProductID, Amount: w.Amount - w.Off, Prorated: w.Proration, Full: w.Full, Waited: true})
		}
	}
	return lines
}

// WaitingPrice is what a charge of ours that is to wait for the next invoice comes to:
// less the percentage that runs, as Stripe does with charges for changes. An amount is
// for the invoice as a whole, which takes it off what is not lowered already.
func (b Bills) WaitingPrice(subscriptionID, itemID string, list money.Amount) money.Amount {
	run := b.running(subscriptionID)
	if run == nil || run.Discount.Amount > 0 {
		return list
	}
	return list - run.Discount.Off([]reward.Charge{{ItemID: itemID, Amount: list}})[0]
}

// Credits reports whether a decision gives something back, so that it matters
// what was paid.
func (d Decision) Credits() bool {
	return slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Amount < 0 })
}

// InvoicesRunning reports whether a decision makes an invoice of a subscription
// that runs, on which Stripe puts what waits for it.
func (d Decision) InvoicesRunning() bool {
	return slices.ContainsFunc(d.Steps, func(s Step) bool {
		return s.Change != nil && !s.Change.NoCharge || s.End != nil && s.End.Refund
	})
}

// Subscribes reports whether a decision begins a subscription, on whose first invoice
// Stripe puts what waits for the customer.
func (d Decision) Subscribes() bool {
	return slices.ContainsFunc(d.Steps, func(s Step) bool {
		return s.Subscription != nil || s.Session != nil && s.Session.Recurring
	})
}

// ChangesRunning reports whether a decision is about a subscription that runs: it
// changes or ends it, now or with its period, or leaves it as it is.
func (d Decision) ChangesRunning() bool {
	return d.Branch == BranchUnchanged || slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Change != nil || s.Plan != nil || s.End != nil })
}

// leftBehind lists what waits for an invoice of a subscription that ends and makes none:
// it is billed on one of its own (payments/collect_ended.go).
func leftBehind(b Bills, subscriptionID string) (lines []Line) {
	var its []ledger.WaitingItem
	for _, w := range b.Waiting {
		if w.SubscriptionID == subscriptionID {
			its = append(its, w)
		}
	}
	b.Waiting = its
	return b.LowerAlone(Decision{}, waiting(b, subscriptionID))
}
