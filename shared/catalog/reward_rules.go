package catalog

import (
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/refusal"
)

// EditReward asks for a new reward or for changes to one; nil leaves things as
// they are.
type EditReward struct {
	ID          string // of the reward; an edit also takes its internal id
	NewID       string // "" or ID: ids never change
	InternalID  string // for a new one
	Name        *string
	Type        *RewardType
	PromoCodes  *[]PromoCode
	Discount    *WantedDiscount
	FreeProduct *string
	Now         time.Time
}

// A RewardChange is what a create or an edit leaves behind: the reward, and
// the promotion codes it takes and gives up.
type RewardChange struct {
	Reward Reward
	Taken  []string
	Freed  []string
}

// Reward finds a reward by the caller's id or by ours.
func (c *Catalog) Reward(id string) (Reward, error) {
	if r, ok := c.Rewards[id]; ok {
		return r, nil
	}
	for _, r := range c.Rewards {
		if r.InternalID == id {
			return r, nil
		}
	}
	return Reward{}, refusal.NotFound(ReasonRewardNotFound, id)
}

// DecideCreateReward returns a new reward. The errors are duplicate_reward_id,
// duplicate_promo_code, invalid_reward and invalid_inputs.
func DecideCreateReward(c *Catalog, cmd EditReward) (RewardChange, error) {
	if cmd.ID == "" || cmd.Name == nil || *cmd.Name == "" {
		return RewardChange{}, refusal.Invalid(ReasonRewardNameless)
	}
	if IsReserved(cmd.ID) {
		return RewardChange{}, refusal.Invalid(ReasonRewardIDReserved, cmd.ID)
	}
	if problem := SlugProblem(cmd.ID); problem != nil {
		return RewardChange{}, refusal.Invalid(ReasonRewardText, problem)
	}
	if _, taken := c.Rewards[cmd.ID]; taken {
		return RewardChange{}, ErrDuplicateReward(cmd.ID)
	}
	return cmd.applied(c, Reward{ID: cmd.ID, InternalID: cmd.InternalID, CreatedAt: cmd.Now})
}

// DecideEditReward returns a reward as it is to be saved. A reward that
// referral programs give must stay one they can give. The errors are
// reward_not_found, invalid_request and those of DecideCreateReward.
func DecideEditReward(c *Catalog, cmd EditReward) (RewardChange, error) {
	old, err := c.Reward(cmd.ID)
	if err != nil {
		return RewardChange{}, err
	}
	if cmd.NewID != "" && cmd.NewID != old.ID {
		return RewardChange{}, refusal.Invalid(ReasonRewardIDFixed, cmd.NewID)
	}
	if cmd.Type != nil && *cmd.Type != old.Type && cmd.Discount == nil && *cmd.Type != FreeProduct && old.Type != FreeProduct {
		return RewardChange{}, refusal.Invalid(ReasonRewardTypeAlone, old.Type, *cmd.Type)
	}
	change, err := cmd.applied(c, old)
	if err != nil {
		return RewardChange{}, err
	}
	for _, id := range slices.Sorted(maps.Keys(c.Programs)) {
		if p := c.Programs[id]; p.RewardID == old.ID {
			if err := c.CheckGiven(p, change.Reward); err != nil {
				return RewardChange{}, err
			}
		}
	}
	return change, nil
}

// DecideDeleteReward returns the reward to remove. The errors are
// reward_not_found, and invalid_request while a referral program gives it.
func DecideDeleteReward(c *Catalog, id string) (Reward, error) {
	r, err := c.Reward(id)
	if err != nil {
		return Reward{}, err
	}
	var linked []string
	for _, program := range slices.Sorted(maps.Keys(c.Programs)) {
		if c.Programs[program].RewardID == r.ID {
			linked = append(linked, program)
		}
	}
	if len(linked) > 0 {
		return Reward{}, refusal.Invalid(ReasonRewardInProgram, r.ID, strings.Join(linked, ", "))
	}
	return r, nil
}

// ErrDuplicateReward means that the id of a reward is taken.
func ErrDuplicateReward(id string) *refusal.Error {
	return refusal.Invalid(ReasonDuplicateReward, id)
}
