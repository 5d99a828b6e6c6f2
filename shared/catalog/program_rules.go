package catalog

import (
	"slices"
	"time"

	"windfall/shared/refusal"
)

// Who a referral program rewards.
const (
	ForReferrer = "referrer"
	ForAll      = "all" // the redeemer, too
)

// EditProgram asks for a referral program to be as it says.
type EditProgram struct {
	ID               string // an edit also takes the internal id
	NewID            string // "" or ID: ids never change
	InternalID       string // for a new one
	When             string
	Reward           string // id of the reward, the caller's or ours
	ReceivedBy       string
	MaxRedemptions   *int // nil is no limit
	ProductIDs       []string
	ExcludeTrial     *bool // nil is true: a trial is no purchase
	NewCustomersOnly bool
	HoldDays         int
	Guard            Guard
	Now              time.Time
}

// Program finds a referral program by the caller's id or by ours.
func (c *Catalog) Program(id string) (ReferralProgram, error) {
	if p, ok := c.Programs[id]; ok {
		return p, nil
	}
	for _, p := range c.Programs {
		if p.InternalID == id {
			return p, nil
		}
	}
	return ReferralProgram{}, refusal.NotFound(ReasonProgramNotFound, id)
}

// DecideCreateProgram returns a new referral program. The errors are
// invalid_inputs, invalid_request, reward_not_found and product_not_found.
func DecideCreateProgram(c *Catalog, cmd EditProgram) (ReferralProgram, error) {
	if problem := SlugProblem(cmd.ID); problem != nil {
		return ReferralProgram{}, refusal.Invalid(ReasonProgramText, problem)
	}
	if likeOurs(ProgramPrefix, cmd.ID) {
		return ReferralProgram{}, refusal.Invalid(ReasonIDLikeOurs, cmd.ID)
	}
	if _, taken := c.Programs[cmd.ID]; taken {
		return ReferralProgram{}, ErrDuplicateProgram(cmd.ID)
	}
	return cmd.program(c, ReferralProgram{ID: cmd.ID, InternalID: cmd.InternalID, CreatedAt: cmd.Now})
}

// DecideEditProgram returns a referral program with all of its terms replaced.
// Codes and redemptions made so far stay. The errors are
// reward_program_not_found and those of DecideCreateProgram.
func DecideEditProgram(c *Catalog, cmd EditProgram) (ReferralProgram, error) {
	old, err := c.Program(cmd.ID)
	if err != nil {
		return ReferralProgram{}, err
	}
	if cmd.NewID != "" && cmd.NewID != old.ID {
		return ReferralProgram{}, refusal.Invalid(ReasonProgramIDFixed, cmd.NewID)
	}
	return cmd.program(c, old)
}

// Terms asks for a program as it is.
func (p ReferralProgram) Terms() EditProgram {
	cmd := EditProgram{ID: p.ID, When: p.When, Reward: p.RewardID, ReceivedBy: p.ReceivedBy, ProductIDs: p.ProductIDs,
		ExcludeTrial: &p.ExcludeTrial, NewCustomersOnly: p.NewCustomersOnly, HoldDays: p.HoldDays, Guard: p.Guard}
	if p.MaxRedemptions > 0 {
		cmd.MaxRedemptions = &p.MaxRedemptions
	}
	return cmd
}

// program returns p with the terms of the command, if they can be honoured.
func (cmd EditProgram) program(c *Catalog, p ReferralProgram) (ReferralProgram, error) {
	p.When, p.ReceivedBy, p.NewCustomersOnly = cmd.When, cmd.ReceivedBy, cmd.NewCustomersOnly
	p.HoldDays, p.Guard = cmd.HoldDays, cmd.Guard
	p.ProductIDs = slices.Sorted(slices.Values(cmd.ProductIDs))
	p.ExcludeTrial = cmd.ExcludeTrial == nil || *cmd.ExcludeTrial
	p.MaxRedemptions = 0
	switch {
	case p.When != OnSignUp && p.When != OnCheckout:
		return p, refusal.Invalid(ReasonProgramTrigger, OnSignUp, OnCheckout)
	case p.ReceivedBy != ForReferrer && p.ReceivedBy != ForAll:
		return p, refusal.Invalid(ReasonProgramReceivers, ForReferrer, ForAll)
	case len(p.ProductIDs) > maxProgramProducts:
		return p, refusal.Invalid(ReasonProgramProductsTooMany, maxProgramProducts, len(p.ProductIDs))
	case p.When == OnCheckout && len(p.ProductIDs) == 0:
		return p, refusal.Invalid(ReasonProgramWithoutProducts)
	case p.When == OnSignUp && len(p.ProductIDs) > 0:
		return p, refusal.Invalid(ReasonProgramProductsAtSignUp, OnSignUp, OnCheckout)
	case cmd.MaxRedemptions != nil && *cmd.MaxRedemptions < 1:
		return p, refusal.Invalid(ReasonProgramLimit)
	case cmd.HoldDays < 0 || cmd.HoldDays > maxHoldDays:
		return p, refusal.Invalid(ReasonProgramHoldDays, maxHoldDays, cmd.HoldDays)
	case cmd.MaxRedemptions != nil:
		p.MaxRedemptions = *cmd.MaxRedemptions
	}
	if no := p.Guard.problem(); no != nil {
		return p, no
	}
	for n, id := range p.ProductIDs {
		if n > 0 && id == p.ProductIDs[n-1] {
			return p, refusal.Invalid(ReasonProgramProductTwice, id)
		}
		if _, err := c.Product(id); err != nil {
			return p, err
		}
	}
	reward, err := c.Reward(cmd.Reward)
	if err != nil {
		return p, err
	}
	p.RewardID = reward.ID
	return p, c.CheckGiven(p, reward)
}

// ErrDuplicateProgram means that the id of a referral program is taken.
func ErrDuplicateProgram(id string) *refusal.Error {
	return refusal.Invalid(ReasonDuplicateProgram, id)
}
