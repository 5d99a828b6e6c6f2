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
				return t.putData(catalogKey(t.env, rewardPrefix, w.Reward.ID), w.Reward, newOrThere(w.New))
			}),
			on(func(t table, w app.DeleteReward) items {
				out := items{t.remove(catalogKey(t.env, rewardPrefix, w.Reward.ID), isThere, nil)}
				for _, c := range w.Reward.PromoCodes {
					out = append(out, t.remove(codeKey(t.env, c.Code, "PROMOTION"), whenever, nil))
				}
				return out
			}),
		},
	})
}

// A promotion code is taken by one reward; only conditions read the row.
func init() {
	declare(kind{
		name: "promotion code", pk: "<env>#CODE#<CODE>", sk: "PROMOTION", version: 1,
		writes: []handler{
			on(func(t table, w app.ReservePromoCode) items {
				r := newRow(codeKey(t.env, w.Code, "PROMOTION"))
				r.setText("reward", w.RewardID)
				return items{t.put(r, isNew+" OR reward = :reward", values{":reward": text(w.RewardID)})}
			}),
			on(func(t table, w app.ReleasePromoCode) items {
				return items{t.remove(codeKey(t.env, w.Code, "PROMOTION"), isNew+" OR reward = :reward", values{":reward": text(w.RewardID)})}
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
