package billing

import (
	"fmt"
	"time"
)

// A SetupPayment asks for a page on which the customer saves a card.
type SetupPayment struct {
	SuccessURL string            // where the page leads; "" is the default
	Extra      map[string]string // what PageParams returned
}

// SetupSlot is what such a page occupies while it is open: a customer has one.
const SetupSlot = "setup"

// DecideSetupPayment opens the page. Open pages with other terms are
// closed before its address is returned, so the card saved last is the one that
// counts; if Stripe refuses the page, they stay.
func DecideSetupPayment(cmd SetupPayment, open []Page) Decision {
	return Decision{
		Branch: "card_saved", Why: "The customer saved a card on a page; invoices are charged to it from now on.", Page: true,
		Steps: append([]Step{{Name: "session", Session: &NewSession{Setup: true, SuccessURL: cmd.SuccessURL, Extra: cmd.Extra}}}, expireSteps(open)...),
	}
}

// expireSteps closes the pages that something else replaces.
func expireSteps(pages []Page) []Step {
	var steps []Step
	for _, page := range pages {
		steps = append(steps, Step{Name: "expire_" + page.OperationID, ExpireSession: &ExpireSession{page.SessionID, page.OperationID}})
	}
	return steps
}

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
