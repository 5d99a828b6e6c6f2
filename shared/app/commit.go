package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// commit saves, and logs and counts invoice mismatches, charges of deleted
// customers and changes at Stripe that are not followed, among the writes. Alarms watch the counts.
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
		case billing.ChangedAtStripe:
			MeterOf(ctx).ChangedAtStripe.Add(1)
			w.Log.ErrorContext(ctx, "changed at stripe", "subscription", entry.Audit.Stripe["subscription"], "why", entry.Audit.Why)
		case billing.DeletedCustomerCharged:
			MeterOf(ctx).DeletedCustomerCharged.Add(1)
			w.Log.ErrorContext(ctx, "a deleted customer is charged", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		}
	}
	return nil
}

// A Conflict is returned by Commit when the condition of a write did not hold.
// Nothing was written. It is refusal.ErrStale to whoever does not look closer.
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
