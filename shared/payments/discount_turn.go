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

// turnAfter is when the next discount may be put on a customer with running ones: shortly
// before the last of them ends, but not before an invoice that they still lower; at their
// end where Stripe is late with such an invoice. Zero if their end is not known.
func turnAfter(run []*stripe.Discount, c *stripe.Customer, now time.Time) time.Time {
	if slices.ContainsFunc(run, func(d *stripe.Discount) bool { return d.End == 0 }) {
		return time.Time{}
	}
	end := time.Unix(slices.MaxFunc(run, func(a, b *stripe.Discount) int { return int(a.End - b.End) }).End, 0)
	turn := end.Add(-handOver)
	if c.Subscriptions == nil {
		return turn
	}
	for _, sub := range c.Subscriptions.Data {
		renews := time.Unix(sub.CurrentPeriodEnd, 0)
		switch {
		case over(sub) || !renews.Before(end):
		case !renews.After(now):
			return end
		case !renews.Before(turn):
			turn = renews.Add(time.Second) // from the renewal on, its last month would end before an invoice
		}
	}
	return turn
}
