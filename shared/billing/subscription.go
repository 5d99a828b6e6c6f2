package billing

import "time"

// A Subscription is a Stripe subscription as it is now.
type Subscription struct {
	ID               string
	Status           string // active, trialing, past_due, unpaid, canceled, incomplete, incomplete_expired
	StripeCustomerID string
	OperationID      string
	Period           Period
	TrialEnds        time.Time
	CancelAt         time.Time // zero while it goes on
	CanceledAt       time.Time // when the end was asked for
	EndedAt          time.Time
}

// Sync brings the customer products of a subscription to what Stripe says,
// and returns those that changed. It is a function of the subscription as it
// is now, so late, doubled and shuffled events end in the same state. What is
// over stays over.
func Sync(held []CustomerProduct, sub Subscription) []CustomerProduct {
	var changed []CustomerProduct
	for _, cp := range held {
		if cp.SubscriptionID != sub.ID || cp.Status == Expired {
			continue
		}
		next := cp
		next.Period, next.TrialEnds = sub.Period, sub.TrialEnds
		next.CanceledAt, next.EndsAt = sub.CanceledAt, sub.CancelAt
		next.Status = sub.status()
		if next.Status == Expired {
			next.EndsAt = sub.EndedAt
		}
		if !sameProduct(cp, next) {
			changed = append(changed, next)
		}
	}
	return changed
}

func (s Subscription) status() Status {
	switch s.Status {
	case "active", "trialing":
		return Active
	case "canceled", "incomplete_expired":
		return Expired
	}
	return PastDue // past_due, unpaid, incomplete, paused: no access until it is paid
}

func sameProduct(a, b CustomerProduct) bool {
	return a.Status == b.Status && a.Period == b.Period && a.TrialEnds.Equal(b.TrialEnds) &&
		a.CanceledAt.Equal(b.CanceledAt) && a.EndsAt.Equal(b.EndsAt)
}
