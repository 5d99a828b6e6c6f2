package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	rewardPrefix  = "REWARD#"
	programPrefix = "PROGRAM#"
)

func init() {
	declare(kind{
		name: "reward", pk: "<env>#CATALOG", sk: rewardPrefix + "<id>", version: 1,
		catalog: byID(func(c *catalog.Catalog) map[string]catalog.Reward { return c.Rewards }),
		writes: []handler{
			on(func(t table, w app.SaveReward) items {
				return append(t.putData(catalogKey(t.env, rewardPrefix, w.Reward.ID), w.Reward, newOrThere(w.New)), t.limitUses(w.Reward))
			}),
			on(func(t table, w app.DeleteReward) items {
				return items{t.remove(catalogKey(t.env, rewardPrefix, w.Reward.ID), isThere, nil), t.endUses(w.Reward)}
			}),
		},
	})
}

func init() {
	declare(kind{
		name: "referral program", pk: "<env>#CATALOG", sk: programPrefix + "<id>", version: 1,
		catalog: byID(func(c *catalog.Catalog) map[string]catalog.ReferralProgram { return c.Programs }),
		writes: []handler{
			on(func(t table, w app.SaveProgram) items {
				return t.putData(catalogKey(t.env, programPrefix, w.Program.ID), w.Program, newOrThere(w.New))
			}),
			on(func(t table, w app.DeleteProgram) items {
				return items{t.remove(catalogKey(t.env, programPrefix, w.ID), isThere, nil)}
			}),
		},
	})
}
