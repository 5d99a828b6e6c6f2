package dynamo

import (
	"maps"

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
		catalog: func(c *catalog.Catalog, r row, read *reading) error {
			v, err := parsed[catalog.Reward](read, r)
			v.Version = r.int("ver")
			c.Rewards[idIn(r.text("SK"))] = v
			return err
		},
		own:     func(c *catalog.Catalog) { c.Rewards = maps.Clone(c.Rewards) },
		without: func(c *catalog.Catalog, id string) { delete(c.Rewards, id) },
	})
}

func (t *transaction) SaveReward(w app.SaveReward) {
	t.add(append(t.putVersion(catalogKey(t.env, rewardPrefix, w.Reward.ID), w.Reward, w.Reward.Version), t.limitUses(w.Reward))...)
}

func (t *transaction) DeleteReward(w app.DeleteReward) {
	t.add(t.remove(catalogKey(t.env, rewardPrefix, w.Reward.ID), isThere, nil), t.endUses(w.Reward))
}

func init() {
	declare(kind{
		name: "referral program", pk: "<env>#CATALOG", sk: programPrefix + "<id>", version: 1,
		catalog: func(c *catalog.Catalog, r row, read *reading) error {
			v, err := parsed[catalog.ReferralProgram](read, r)
			v.Version = r.int("ver")
			c.Programs[idIn(r.text("SK"))] = v
			return err
		},
		own:     func(c *catalog.Catalog) { c.Programs = maps.Clone(c.Programs) },
		without: func(c *catalog.Catalog, id string) { delete(c.Programs, id) },
	})
}

func (t *transaction) SaveProgram(w app.SaveProgram) {
	t.add(t.putVersion(catalogKey(t.env, programPrefix, w.Program.ID), w.Program, w.Program.Version)...)
}

func (t *transaction) DeleteProgram(w app.DeleteProgram) {
	t.add(t.remove(catalogKey(t.env, programPrefix, w.ID), isThere, nil))
}
