package app

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// commit saves, and logs and counts the writes that a person must look at: invoice mismatches,
// amounts not billed, charges of deleted customers, returned payments,
// changes at Stripe that are not followed. Alarms watch the counts.
func (w work) commit(ctx context.Context, writes ...Write) error {
	if err := w.Store.Commit(ctx, w.caller.Env, writes...); err != nil {
		return err
	}
	for _, row := range writes {
		entry, is := row.(AddAudit)
		if !is {
			continue
		}
		switch entry.Audit.Rule {
		case billing.InvoiceMismatch:
			MeterOf(ctx).InvoiceMismatches.Add(1)
			w.Log.ErrorContext(ctx, "invoice mismatch", "invoice", entry.Audit.Stripe["invoice"], "why", entry.Audit.Why)
		case billing.AmountNotBilled:
			MeterOf(ctx).AmountsNotBilled.Add(1)
			w.Log.ErrorContext(ctx, "an amount is not billed", "customer", entry.InternalID, "why", entry.Audit.Why)
		case billing.ChangedAtStripe:
			MeterOf(ctx).ChangedAtStripe.Add(1)
			w.Log.ErrorContext(ctx, "changed at stripe", "subscription", entry.Audit.Stripe["subscription"], "why", entry.Audit.Why)
		case billing.StripeCustomerUnknown:
			w.Log.ErrorContext(ctx, "a stripe customer is not known", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		case billing.DeletedCustomerCharged:
			MeterOf(ctx).DeletedCustomerCharged.Add(1)
			w.Log.ErrorContext(ctx, "a deleted customer is charged", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		case billing.PaymentRefunded, billing.PaymentDisputed:
			MeterOf(ctx).PaymentsReturned.Add(1)
			w.Log.WarnContext(ctx, "a payment was refunded or disputed", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		}
	}
	return nil
}

// A Conflict is returned by Commit when the condition of a write did not hold.
// Nothing was written. errors.Is finds refusal.ErrStale in it.
type Conflict struct{ Failed []Write }

func (c *Conflict) Error() string { return refusal.ErrStale.Error() }

func (c *Conflict) Unwrap() error { return refusal.ErrStale }

// ConflictIn reports whether err is a conflict in a write of type W.
func ConflictIn[W Write](err error) bool {
	var conflict *Conflict
	if !errors.As(err, &conflict) {
		return false
	}
	for _, w := range conflict.Failed {
		if _, is := w.(W); is {
			return true
		}
	}
	return false
}

func without[W Write](writes []Write) []Write {
	var out []Write
	for _, w := range writes {
		if _, is := w.(W); !is {
			out = append(out, w)
		}
	}
	return out
}

// A Meter counts what one request cost, for its log line and for the budgets
// that tests hold it to.
type Meter struct {
	DynamoRequests    atomic.Int64
	DynamoMilli       atomic.Int64 // capacity units consumed, in thousandths
	StripeCalls       atomic.Int64
	InvoiceMismatches atomic.Int64 // invoices that differ from the computed lines
	AmountsNotBilled  atomic.Int64 // due amounts beyond any invoice
	CodesNotCopied    atomic.Int64 // codes that Stripe refuses to copy

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

// writes builds the writes of a settlement for a customer.
func (w work) writes(key string, done billing.Settlement) []Write {
	writes := w.begins(key, done)
	if len(done.Gone) > 0 {
		writes = append(writes, DeleteRows{Key: key, Products: done.Gone})
	}
	for _, q := range done.Queued {
		writes = append(writes, QueueReward{key, q})
	}
	if q := done.Unqueued; q != nil {
		writes = append(writes, UnqueueReward{key, *q})
	}
	for _, q := range done.Dropped {
		writes = append(writes, UnqueueReward{key, q})
	}
	if r := done.Redemption; r != nil {
		writes = append(writes, NewCodeRedemption{*r})
	}
	if done.Invoice != nil {
		writes = append(writes, SaveInvoice{InternalID: done.Customer.InternalID, Invoice: *done.Invoice, Noted: w.NewID()})
	}
	if done.Seats != nil {
		writes = append(writes, bySeats(key, *done.Seats))
	}
	if done.Customer.Entities.Total() > 0 && slices.ContainsFunc(done.Balances, func(b entitlement.Balance) bool { return b.Moved }) {
		writes = append(writes, w.entitiesFollow(key))
	}
	if done.Credits != nil {
		writes = append(writes, w.saveCredits(key, done.Customer.StripeID, *done.Credits))
	}
	for _, entry := range slices.Concat(done.Mismatches, done.NotBilled, done.Moves) {
		entry.ID = w.NewID()
		writes = append(writes, AuditOf(done.Customer, entry))
	}
	items := len(writes) + len(done.Gone)
	for _, b := range done.Balances {
		items += b.Shards.Count
	}
	if n := min(len(done.Moved), (withMoved-items)/itemsMoved); n > 0 {
		writes = append(writes, MoveEnded{key, done.Customer.InternalID, done.Moved[:n]})
	}
	return writes
}

// begins builds those writes of a settlement that a new customer needs, who has nothing
// yet that could end, wait or be paid: check and track create customers, and stay small.
func (w work) begins(key string, done billing.Settlement) []Write {
	writes := []Write{SaveCustomer{done.Customer}}
	for _, cp := range done.Products {
		writes = append(writes, SaveCustomerProduct{Key: key, Product: cp})
		if cp.Status != billing.Expired {
			writes = append(writes, w.markVersionInUse(cp)...)
		}
	}
	for _, b := range done.Balances {
		writes = append(writes, SaveBalance{key, b, w.caller.Now})
	}
	for _, t := range done.Trials {
		writes = append(writes, ClaimTrial{t})
	}
	if done.Audit.Action != "" {
		done.Audit.ID = w.NewID()
		writes = append(writes, AuditOf(done.Customer, done.Audit))
	}
	return writes
}

// ownPrices notes the first price of a customer's own in the settings: of that and another
// currency of the environment at the same moment one is decided again. Only an attach
// that Stripe bills brings any.
func (w work) ownPrices(d billing.Decision) []Write {
	for _, cp := range d.Start {
		if cp.Custom == nil {
			continue
		}
		if settings, first := w.catalog.FirstOwnPrice(cp.Custom.Items); first {
			return []Write{SaveSettings{settings}}
		}
	}
	return nil
}

// withMoved is how many items a transaction may come to with ended products that move,
// two items for each; what else a command saves has room for 40 more.
const (
	withMoved  = 60
	itemsMoved = 2
)

// markVersionInUse marks the version of a product as held, unless it is known to be.
func (w work) markVersionInUse(cp billing.CustomerProduct) []Write {
	version := catalog.VersionKey(cp.ProductID, cp.Version)
	if _, err := w.catalog.ProductVersion(cp.ProductID, cp.Version); err != nil || w.catalog.VersionsInUse[version] || slices.Contains(w.marked, version) {
		return nil
	}
	return []Write{MarkVersionInUse{cp.ProductID, cp.Version}}
}
