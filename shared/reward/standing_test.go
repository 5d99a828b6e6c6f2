package reward

import (
	"testing"
	"time"

	"windfall/shared/catalog"
)

func TestStanding(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	over, later := now, now.Add(time.Millisecond)
	for name, c := range map[string]struct {
		code   PromoCode
		reward *catalog.Reward
		used   int
		want   Standing
	}{
		"nothing limits it":             {PromoCode{}, &catalog.Reward{}, 1000, StandsActive},
		"deactivated":                   {PromoCode{Inactive: true}, &catalog.Reward{}, 0, StandsInactive},
		"one use left":                  {PromoCode{Max: 3, Used: 2}, &catalog.Reward{}, 0, StandsActive},
		"its last use":                  {PromoCode{Max: 3, Used: 3}, &catalog.Reward{}, 0, UsedUp},
		"the last use of its reward":    {PromoCode{}, &catalog.Reward{Max: 5}, 5, UsedUp},
		"one use of its reward left":    {PromoCode{}, &catalog.Reward{Max: 5}, 4, StandsActive},
		"its last moment":               {PromoCode{ExpiresAt: later}, &catalog.Reward{}, 0, StandsActive},
		"over":                          {PromoCode{ExpiresAt: over}, &catalog.Reward{}, 0, Expired},
		"its reward is over":            {PromoCode{}, &catalog.Reward{RedeemBy: over}, 0, Expired},
		"over and used up":              {PromoCode{ExpiresAt: over, Max: 1, Used: 1}, &catalog.Reward{}, 0, UsedUp},
		"deactivated, and over since":   {PromoCode{Inactive: true, ExpiresAt: over}, &catalog.Reward{}, 0, Expired},
		"its reward is gone, used up":   {PromoCode{Max: 1, Used: 1}, nil, 0, RewardDeleted},
		"used at Stripe, not told here": {PromoCode{Max: 3, Used: 1, Held: 2}, &catalog.Reward{}, 0, UsedUp},
	} {
		if got := c.code.Standing(c.reward, c.used, now); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		dead := c.want == Expired || c.want == UsedUp || c.want == RewardDeleted
		if (c.code.Status(c.reward, c.used, now) == Dead) != dead {
			t.Errorf("%s: standing %s and status %s disagree", name, c.want, c.code.Status(c.reward, c.used, now))
		}
	}
}
