package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/referral"
)

// Rows of before there was a list of what waits, and figures, get their place in it and are
// counted. A mark on the row is set with the count: no row is counted twice.

func (t table) waitingFrom(r row, place row) items {
	if r["list_pk"] != nil || place["list_pk"] == nil {
		return nil
	}
	return t.listed(r, place)
}

func listOldPastDue(_ context.Context, _ *Store, t table, r row) (items, error) {
	place := row{}
	if p, err := readHeld(r); err != nil {
		return nil, err
	} else if p.Status == billing.PastDue {
		place.waits(t.env, app.PastDue, p.Period.Start, p.ID)
	}
	return t.waitingFrom(r, place), nil
}

func listOldHeld(_ context.Context, _ *Store, t table, r row) (items, error) {
	place := row{}
	if held, err := readRedemption(r); err != nil {
		return nil, err
	} else if held.Status == referral.Held {
		place.waits(t.env, app.Held, held.CreatedAt, held.ID)
	}
	return t.waitingFrom(r, place), nil
}

func listOldOperation(_ context.Context, _ *Store, t table, r row) (items, error) {
	var op billing.Operation
	if err := r.json("data", &op); err != nil {
		return nil, err
	}
	place := row{}
	if op.State == billing.Running {
		place.waits(t.env, app.Unfinished, op.CreatedAt, op.ID)
	}
	return t.waitingFrom(r, place), nil
}

func listOldMismatch(_ context.Context, _ *Store, t table, r row) (items, error) {
	var a billing.Audit
	if err := r.json("data", &a); err != nil {
		return nil, err
	}
	place := row{}
	if a.Rule == billing.InvoiceMismatch && r["seen_by"] == nil {
		place.waits(t.env, app.Differs, a.At, a.ID)
	}
	listed := t.waitingFrom(r, place)
	for _, write := range listed { // it may have been seen since, which takes nothing off but its place
		*write.Update.ConditionExpression += " AND attribute_not_exists(seen_by)"
	}
	return listed, nil
}

// countOldRedemption counts on its day a redemption that is in the list of all.
func countOldRedemption(_ context.Context, _ *Store, t table, r row) (items, error) {
	if r["list_pk"] == nil || r["counted"] != nil {
		return nil, nil
	}
	_, at, id := placeOfWaiting(r.text("SK")) // it has the same form
	return items{t.marked(r), t.redeemedOn(at, id)}, nil
}

func (t table) marked(r row) types.TransactWriteItem {
	return t.update(key{r.text("PK"), r.text("SK")}, "SET counted = :yes", isThere+" AND attribute_not_exists(counted)", values{":yes": flag(true)})
}

// countOldInvoice counts an invoice that was paid for something sold here.
func countOldInvoice(_ context.Context, _ *Store, t table, r row) (items, error) {
	var in billing.Invoice
	if err := r.json("data", &in); err != nil || in.Status != "paid" || in.Total == 0 || len(in.ProductIDs) == 0 || r["earned"] != nil {
		return nil, err
	}
	at := in.PaidAt
	if at.IsZero() {
		at = in.CreatedAt
	}
	counted := t.update(key{r.text("PK"), r.text("SK")}, "SET earned = :yes", isThere+" AND attribute_not_exists(earned)", values{":yes": flag(true)})
	return append(items{counted}, t.revenue(app.CountRevenue{At: at, Of: in.StripeID, Currency: in.Currency, Amount: in.Total})...), nil
}

// countOldReturn takes a payment that went back off the month in which its invoice was paid:
// a note of before says no other.
func countOldReturn(ctx context.Context, s *Store, t table, r row) (items, error) {
	var p billing.ReturnedPayment
	if err := r.json("data", &p); err != nil || r["counted"] != nil || p.InvoiceID == "" {
		return nil, err
	}
	invoices, err := s.Invoices(ctx, t.env, strings.TrimPrefix(r.text("PK"), logPK(t.env, "")))
	if err != nil {
		return nil, err
	}
	for _, in := range invoices {
		if in.StripeID == p.InvoiceID && !in.PaidAt.IsZero() {
			back := billing.BackBefore(billing.Payment{Amount: in.Total}, p)
			return append(items{t.marked(r)}, t.revenue(app.CountRevenue{At: in.PaidAt, Of: p.ChargeID, Currency: in.Currency, Amount: -back})...), nil
		}
	}
	return nil, nil
}
