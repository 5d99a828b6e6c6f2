package dynamo

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
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
	t.add(append(t.putVersion(catalogKey(t.env, rewardPrefix, w.Reward.ID), w.Reward, w.Reward.Version), t.limitUses(w))...)
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

const queuedPrefix = "REWARD#"

func init() {
	declare(kind{
		name: "queued reward", pk: "<env>#CUS#<key>", sk: queuedPrefix + "<ms>#<redemption>", version: 1,
		state: func(s *billing.State, r row) error {
			var q billing.QueuedReward
			err := r.json("data", &q)
			s.Queue = append(s.Queue, q)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, q := range w.Queue {
				out = append(out, t.remove(queuedKey(t.env, w.Key, q), isThere, nil))
			}
			return out
		},
	})
}

func (t *transaction) QueueReward(w app.QueueReward) {
	r := newRow(queuedKey(t.env, w.Key, w.Queued))
	r.setJSON("data", w.Queued)
	r.setDue(t.env, w.Key, w.Queued.NextCheckAt, w.Queued.RedemptionID)
	t.add(t.put(r, whenever, nil))
}

func (t *transaction) UnqueueReward(w app.UnqueueReward) {
	t.add(t.remove(queuedKey(t.env, w.Key, w.Queued), isThere, nil))
}

// queuedKey sorts by the time the reward was earned: first come, first applied.
func queuedKey(env catalog.Env, customerKey string, q billing.QueuedReward) key {
	return key{customerPK(env, customerKey), fmt.Sprintf("%s%015d#%s", queuedPrefix, q.Since.UnixMilli(), q.RedemptionID)}
}

// readQueued takes apart what queuedKey has behind its prefix.
func readQueued(queued string) (since time.Time, redemption string) {
	ms, redemption, _ := strings.Cut(queued, "#")
	n, _ := strconv.ParseInt(ms, 10, 64) // written by queuedKey
	return time.UnixMilli(n).UTC(), redemption
}
