package payments

import (
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// handOver is how long before the end of a discount the next one may have its turn: time
// for three runs of the schedule. A discount of some months that came with a purchase ends
// at the very moment of a renewal, whose invoice would have neither of them otherwise.
const handOver = 15 * time.Minute

// turnAfter is when the next discount may be put on a customer with running ones: at the
// end of the last of them, or shortly before, where an invoice comes at that end or soon
// after it, but not before an invoice that they still lower. Zero if their end is not known.
func turnAfter(run []*stripe.Discount, c *stripe.Customer, now time.Time) time.Time {
	if slices.ContainsFunc(run, func(d *stripe.Discount) bool { return d.End == 0 }) {
		return time.Time{}
	}
	end := moment(slices.MaxFunc(run, func(a, b *stripe.Discount) int { return int(a.End - b.End) }).End)
	early, turn := earlyTurn(end), end
	if now.Before(early) {
		return early // to look again: what renews may be another by then
	}
	wait := time.Time{}
	for _, sub := range subscriptionsOf(c) {
		switch renews := moment(sub.CurrentPeriodEnd); {
		case over(sub) || renews.Sub(end) > handOver:
		case !renews.Before(end):
			turn = early
		case !renews.After(now):
			return end // Stripe is late with its invoice
		case !renews.Before(wait):
			wait = renews.Add(time.Second) // from the renewal on, its last month would end before an invoice
		}
	}
	if !wait.IsZero() {
		return wait
	}
	return turn
}

// earlyTurn is shortly before the end of a discount, and on the same day where a month has
// no such day: from the day before, the months of the next one would end after an invoice
// too many, as both days fall on the last of a shorter month.
func earlyTurn(end time.Time) time.Time {
	early := end.Add(-handOver)
	if end.Day() > 28 && early.Day() != end.Day() {
		return end.Truncate(24 * time.Hour)
	}
	return early
}

func subscriptionsOf(c *stripe.Customer) []*stripe.Subscription {
	if c.Subscriptions == nil {
		return nil
	}
	return c.Subscriptions.Data
}
