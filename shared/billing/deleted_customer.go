package billing

import "time"

// A StripeOwner is whose a customer at Stripe is, or was: what is remembered
// after a customer is deleted, so that a charge that still comes is heard of.
type StripeOwner struct {
	Key         string // of the customer; "" for a deleted one, and for none
	InternalID  string
	DeletedAt   time.Time // zero while the customer is there, and where it is not known
	OperationID string    // of the deletion, whose last bill is expected
}

// Deleted reports whether the owner is a customer who was deleted.
func (o StripeOwner) Deleted() bool { return o.Key == "" && o.InternalID != "" }

// ChargedByInvoice returns the entry for an invoice that was paid after the
// deletion; nil for any other.
func (o StripeOwner) ChargedByInvoice(in Invoice, now time.Time) *Audit {
	if in.Status != "paid" || in.Total <= 0 || !o.since(in.PaidAt) ||
		in.OperationID != "" && in.OperationID == o.OperationID {
		return nil
	}
	a := o.charged("An invoice was paid", now)
	a.Amount, a.Currency = in.Total, in.Currency
	a.Stripe["customer"], a.Stripe["invoice"] = in.StripeCustomerID, in.StripeID
	return a
}

// ChargedBySubscription returns the entry for a subscription that runs.
func (o StripeOwner) ChargedBySubscription(sub Subscription, now time.Time) *Audit {
	if sub.status() == Expired {
		return nil
	}
	a := o.charged("A subscription runs", now)
	a.Stripe["customer"], a.Stripe["subscription"] = sub.StripeCustomerID, sub.ID
	return a
}

// ChargedByPage returns the entry for a page that was paid after the deletion.
func (o StripeOwner) ChargedByPage(r Results, now time.Time) *Audit {
	if !o.since(r.PaidAt) {
		return nil
	}
	a := o.charged("A page was paid", now)
	a.Stripe = r.ids()
	return a
}

// since reports whether a moment of Stripe's, a whole second, came after the
// deletion. Of a deletion at an unknown time it is not said: news of before may
// come late.
func (o StripeOwner) since(at time.Time) bool {
	return !o.DeletedAt.IsZero() && at.After(o.DeletedAt.Truncate(time.Second))
}

// DeletedCustomerCharged is the rule of entries about what Stripe still does
// for a customer who was deleted.
const DeletedCustomerCharged = "deleted_customer_charged"

func (o StripeOwner) charged(what string, now time.Time) *Audit {
	return &Audit{At: now, Actor: "stripe", Action: "charge", Rule: DeletedCustomerCharged, Stripe: map[string]string{},
		Why: what + " at Stripe although the customer was deleted here. Nobody has access by it: end it at Stripe, and pay back what was charged."}
}
