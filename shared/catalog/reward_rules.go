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
	ID             string // of the reward; an edit also takes its internal id
	NewID          string // "" or ID: ids never change
	InternalID     string // for a new one
	Name           *string
	Type           *RewardType
	Discount       *WantedDiscount
	FreeProduct    *string
	FreePeriods    *int // 0 takes them away
	Grants         *[]Granted
	Max            *int       // 0 takes a limit away, here and below
	MaxPerCustomer *int       //
	RedeemBy       *time.Time // zero takes the end away
	CreditMonths   *int
	Used           int // how often it was used; for an edit
	Now            time.Time
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
// invalid_reward and invalid_inputs.
func DecideCreateReward(c *Catalog, cmd EditReward) (Reward, error) {
	if cmd.ID == "" || cmd.Name == nil || *cmd.Name == "" {
		return Reward{}, refusal.Invalid(ReasonRewardNameless)
	}
	if IsReserved(cmd.ID) {
		return Reward{}, refusal.Invalid(ReasonRewardIDReserved, cmd.ID)
	}
	if likeOurs(RewardPrefix, cmd.ID) {
		return Reward{}, refusal.Invalid(ReasonIDLikeOurs, cmd.ID)
	}
	if problem := SlugProblem(cmd.ID); problem != nil {
		return Reward{}, refusal.Invalid(ReasonRewardText, problem)
	}
	if _, taken := c.Rewards[cmd.ID]; taken {
		return Reward{}, ErrDuplicateReward(cmd.ID)
	}
	return cmd.applied(c, Reward{ID: cmd.ID, InternalID: cmd.InternalID, CreatedAt: cmd.Now})
}

// DecideEditReward returns a reward as it is to be saved. A reward that
// referral programs give must stay one they can give, and one that has ended
// stays ended: its codes died with it. The errors are reward_not_found,
// invalid_request and those of DecideCreateReward.
func DecideEditReward(c *Catalog, cmd EditReward) (Reward, error) {
	old, err := c.Reward(cmd.ID)
	if err != nil {
		return Reward{}, err
	}
	if cmd.NewID != "" && cmd.NewID != old.ID {
		return Reward{}, refusal.Invalid(ReasonRewardIDFixed, cmd.NewID)
	}
	if cmd.Type != nil && *cmd.Type != old.Type && cmd.Discount == nil && !cmd.Type.Gift() && !old.Type.Gift() {
		return Reward{}, refusal.Invalid(ReasonRewardTypeAlone, old.Type, *cmd.Type)
	}
	if old.Ended(cmd.Used, cmd.Now) && (cmd.Max != nil && *cmd.Max != old.Max || cmd.RedeemBy != nil && !cmd.RedeemBy.Equal(old.RedeemBy)) {
		return Reward{}, refusal.Invalid(ReasonRewardEnded, old.ID)
	}
	changed, err := cmd.applied(c, old)
	if err != nil {
		return Reward{}, err
	}
	for _, id := range slices.Sorted(maps.Keys(c.Programs)) {
		if p := c.Programs[id]; p.RewardID == old.ID {
			if err := c.CheckGiven(p, changed); err != nil {
				return Reward{}, err
			}
		}
	}
	return changed, nil
}

// Ended reports whether nobody can use a reward any more: its uses are given, or
// its last day is over.
func (r Reward) Ended(used int, now time.Time) bool {
	return r.Max > 0 && used >= r.Max || !r.RedeemBy.IsZero() && !now.Before(r.RedeemBy)
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
