package billing

import (
	"fmt"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// CreateCustomer asks for a customer to exist.
type CreateCustomer struct {
	ID         string // "" for one that is claimed later by its e-mail address
	InternalID string // id for the record, should one be created
	Data       CustomerData
	StripeID   string // an existing Stripe customer to link
	NoTrials   bool   // this device had its trials: of each group the default that costs nothing
	Actor      string
	Now        time.Time
}

// NewCustomerOf returns a customer as it begins: with the default product of
// every group, and nothing at Stripe.
func NewCustomerOf(c *catalog.Catalog, cmd CreateCustomer) Settlement {
	customer := Customer{
		ID: cmd.ID, InternalID: cmd.InternalID, StripeID: cmd.StripeID, CreatedAt: cmd.Now,
		Name: cmd.Data.Name, Email: cmd.Data.Email, Fingerprint: cmd.Data.Fingerprint, Metadata: cmd.Data.Metadata,
	}
	op := Operation{Command: "create", Actor: cmd.Actor, Decision: Decision{Branch: "defaults",
		Why: "A new customer gets the default product of every group."}}
	defaults := c.Defaults()
	if cmd.NoTrials {
		defaults = c.Fallbacks()
	}
	for i, p := range defaults {
		start := CustomerProduct{
			ID: fmt.Sprintf("cp_%s_%d", cmd.InternalID[len("cus_"):], i), ProductID: p.ID, Version: p.Version,
			Group: p.Group, Status: Active, Quantity: 1,
			TrialEnds: p.TrialEnds(cmd.Now), EndsAt: p.TrialEnds(cmd.Now), // no more than the trial is paid for
		}
		op.Decision.Start = append(op.Decision.Start, start)
		if p.Trial != nil && p.Trial.UniqueFingerprint {
			op.Decision.DeviceTrials = append(op.Decision.DeviceTrials, p.ID)
		}
		if !start.EndsAt.IsZero() {
			op.Decision.Start = append(op.Decision.Start, fallback(c, start, start.ID+"_after", start.EndsAt, cmd.Now)...)
		}
	}
	return op.Settle(State{Customer: customer, Balances: map[string]entitlement.Balance{}}, c, Results{}, cmd.Now)
}
