package app

import "context"

type reasonKey struct{}

// WithReason returns a context in which a reason becomes part of the audit entries of balances
// that are set and rewards that are given: a person says why they do what no rule does.
func WithReason(ctx context.Context, reason string) context.Context {
	if reason == "" {
		return ctx
	}
	return context.WithValue(ctx, reasonKey{}, reason)
}

// reasoned adds the reason of a context to the entries among writes.
func reasoned(ctx context.Context, writes []Write) []Write {
	reason, _ := ctx.Value(reasonKey{}).(string)
	if reason == "" {
		return writes
	}
	for i, w := range writes {
		if entry, is := w.(AddAudit); is {
			entry.Audit.Why += " Reason: " + reason
			writes[i] = entry
		}
	}
	return writes
}
