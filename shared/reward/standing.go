package reward

import (
	"time"

	"windfall/shared/catalog"
)

// A Standing is the Status of a code as people are told of it: of a dead one it says why.
type Standing string

const (
	StandsActive   Standing = "active"
	StandsInactive Standing = "inactive"
	Expired        Standing = "expired"        // its last day or that of its reward is over
	UsedUp         Standing = "used_up"        // its limit or that of its reward is reached
	RewardDeleted  Standing = "reward_deleted" // with all of its codes
)

// Standing is how a code stands. What is both used up and expired is used up, as the
// refusal of such a code says first.
func (p PromoCode) Standing(r *catalog.Reward, usedOfReward int, now time.Time) Standing {
	switch {
	case r == nil:
		return RewardDeleted
	case p.spent(), r.Max > 0 && usedOfReward >= r.Max:
		return UsedUp
	case p.Status(r, usedOfReward, now) == Dead:
		return Expired
	case p.Inactive:
		return StandsInactive
	}
	return StandsActive
}
