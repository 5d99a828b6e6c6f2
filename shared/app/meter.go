package app

import (
	"context"
	"sync/atomic"
)

// A Meter counts what one request cost, for its log line and for the budgets
// that tests hold it to.
type Meter struct {
	DynamoRequests    atomic.Int64
	DynamoMilli       atomic.Int64 // capacity units consumed, in thousandths
	StripeCalls       atomic.Int64
	InvoiceMismatches atomic.Int64 // invoices that differ from the computed lines
	AmountsNotBilled  atomic.Int64 // due amounts beyond any invoice

	DeletedCustomerCharged atomic.Int64 // events of charges after a deletion
	PaymentsReturned       atomic.Int64 // payments refunded or disputed
	ChangedAtStripe        atomic.Int64 // changes of subscriptions at Stripe that are not followed
}

type meterKey struct{}

// WithMeter returns a context that counts into m.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// MeterOf returns the meter of a request; outside of one it counts into nothing.
func MeterOf(ctx context.Context) *Meter {
	if m, ok := ctx.Value(meterKey{}).(*Meter); ok {
		return m
	}
	return &Meter{}
}
