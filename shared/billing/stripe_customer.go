package billing

import (
	"fmt"
	"time"
)

// MakeStripeCustomer is the operation that makes a customer known to Stripe.
// It is named by the customer and its version, so of two calls that begin at
// the same moment only one is recorded.
func MakeStripeCustomer(c Customer, actor string, now time.Time) Operation {
	return Operation{
		ID: fmt.Sprintf("customer_%s_%d", c.InternalID, c.Version), Command: "link_stripe", Actor: actor, CreatedAt: now,
		Decision: Decision{Branch: "stripe_customer", Why: "The customer was made known to Stripe.", Steps: []Step{customerStep(c)}},
	}
}

func customerStep(c Customer) Step {
	return Step{Name: "customer", Customer: &NewCustomer{c.Name, c.Email}}
}
