package billing

import "time"

// A Status is where a customer product stands. Trialing and cancelled are not
// stored: they follow from the dates.
type Status string

const (
	Scheduled Status = "scheduled"
	Active    Status = "active"
	PastDue   Status = "past_due"
	Expired   Status = "expired"
	Trialing  Status = "trialing" // shown, never stored
)

// A CustomerProduct is one product in one customer's hands.
type CustomerProduct struct {
	ID         string // "cp_…"
	ProductID  string
	Version    int
	Custom     *Product // items made for this customer alone
	Group      string
	AddOn      bool
	Status     Status
	StartsAt   time.Time
	CanceledAt time.Time // when the end was asked for; zero while it goes on
	EndsAt     time.Time // when it ends or ended; zero while open
	TrialEnds  time.Time
	Period     Period // of the Stripe subscription; zero without one
	Quantity   int    // how often a one-off was bought, at least 1
	Quantities []Quantity

	SubscriptionID string
	CreatedBy      string // id of the operation
}

// A Period is one billing period.
type Period struct{ Start, End time.Time }

// A Quantity is a prepaid quantity of a feature, in units without the included
// usage.
type Quantity struct {
	FeatureID string
	Quantity  Decimal
}

// At is the status at a moment. Dates win over the stored status, so that a
// late sweep neither gives nor takes time.
func (p CustomerProduct) At(now time.Time) Status {
	switch {
	case p.Status == Expired, !p.EndsAt.IsZero() && !now.Before(p.EndsAt):
		return Expired
	case p.Status == Scheduled && now.Before(p.StartsAt):
		return Scheduled
	case p.Status == PastDue:
		return PastDue
	case now.Before(p.TrialEnds):
		return Trialing
	}
	return Active
}

// Running reports whether the product is held and not merely waiting or over.
// A product that is past due is still held, though it gives no access.
func (p CustomerProduct) Running(now time.Time) bool {
	s := p.At(now)
	return s == Active || s == Trialing || s == PastDue
}
