package app

import (
	"context"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Figures are what the charts of an environment show.
type Figures struct {
	Redemptions map[string]int64                           // by day, yyyymmdd, in UTC
	Revenue     map[money.Currency]map[string]money.Amount // by month, yyyymm: what was paid of invoices, less what went back
}

// FiguresStore is the part of the table with the figures of charts.
type FiguresStore interface {
	// Figures reads the redemptions of the days since a moment, and the revenue of all
	// months. One request for each megabyte: months of a hundred years are less.
	Figures(ctx context.Context, env catalog.Env, since time.Time) (Figures, error)
}

// CountRevenue adds to what was earned in the month of a moment; below 0 it went back. Of
// names the part of the count that takes it.
type CountRevenue struct {
	At       time.Time
	Of       string
	Currency money.Currency
	Amount   money.Amount
}

func (w CountRevenue) To(t Table) { t.(interface{ CountRevenue(CountRevenue) }).CountRevenue(w) }

// FiguresTable is the part of Tables with these counts.
type FiguresTable interface {
	CountRevenue(CountRevenue)
}

// saveInvoice saves an invoice together with what it brings, and counts it as revenue with
// the event that says it was paid, once. Where a later state of it is known, the rest is
// saved alone.
func (w work) saveInvoice(ctx context.Context, event Event, invoice billing.Invoice, known []Write) error {
	save := SaveInvoice{InternalID: w.state.Customer.InternalID, Invoice: invoice, Noted: w.NewID()}
	if event.Type == "invoice.paid" && invoice.Status == "paid" && invoice.Total != 0 && w.state.Sells(invoice) {
		save.Earned = true
		err := w.commit(ctx, append(known, save, revenueOf(invoice, w.caller.Now))...)
		if !ConflictIn[SaveInvoice](err) {
			return err
		}
		save.Earned = false // it was counted before
	}
	err := w.commit(ctx, append(known, save)...)
	if ConflictIn[SaveInvoice](err) {
		return w.commit(ctx, known...) // a later state of it is known
	}
	return err
}

func revenueOf(in billing.Invoice, now time.Time) CountRevenue {
	at := in.PaidAt
	if at.IsZero() {
		at = now
	}
	return CountRevenue{At: at, Of: in.StripeID, Currency: in.Currency, Amount: in.Total}
}

// revenueBack is what a payment takes off the revenue of this month, as it is now beside what
// was noted of it; above 0 the company has some of it again.
func revenueBack(p billing.Payment, noted billing.ReturnedPayment, now time.Time) CountRevenue {
	before := billing.BackBefore(p, noted)
	if noted.Uncounted {
		before = 0
	}
	return CountRevenue{At: now, Of: p.ChargeID, Currency: p.Currency, Amount: before - p.Returned()}
}
