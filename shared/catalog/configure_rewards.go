package catalog

import (
	"maps"
	"slices"
)

// Configurable reports whether a configuration can say what the reward gives: not a
// product, no credit, and not something off single prices.
func (r Reward) Configurable() bool {
	switch r.Type {
	case FeatureGrant:
		return true
	case PercentageDiscount, FixedDiscount:
		return r.Discount != nil && len(r.Discount.PriceIDs) == 0
	case InvoiceCredits, FreeProduct:
	}
	return false
}

// rewards makes and changes the rewards that are listed.
func (d *configuring) rewards() error {
	if d.Rewards == nil {
		return nil
	}
	if err := twice(idsOf(*d.Rewards, func(cmd EditReward) string { return cmd.ID })); err != nil {
		return err
	}
	for _, cmd := range *d.Rewards {
		change, err := d.reward(cmd)
		if err != nil {
			return About(cmd.ID, err)
		}
		d.change.Rewards = append(d.change.Rewards, change)
	}
	return nil
}

func (d *configuring) reward(cmd EditReward) (Difference[Reward], error) {
	cmd.Now = d.Now
	change := Difference[Reward]{ID: cmd.ID, Action: Created}
	old, there := d.draft.Rewards[cmd.ID]
	decide := DecideCreateReward
	if there {
		change.Before, change.Action, decide = &old, Updated, DecideEditReward
		if cmd.Discount != nil && cmd.Discount.Currency == "" && old.Discount != nil && old.Type == FixedDiscount && cmd.Type != nil && *cmd.Type == FixedDiscount {
			discount := *cmd.Discount
			discount.Currency = old.Discount.Currency
			cmd.Discount = &discount
		}
	}
	r, err := decide(d.draft, cmd)
	if err != nil {
		return change, err
	}
	change.After = &r
	if there && r.same(old) && !d.Coded[cmd.ID] {
		change.Action = Unchanged
		return change, nil
	}
	d.draft.Rewards[r.ID] = r
	d.change.Steps = append(d.change.Steps, ConfigurationStep{Reward: &cmd, Create: !there})
	return change, nil
}

// same reports whether two rewards mean the same.
func (r Reward) same(o Reward) bool {
	return r.ID == o.ID && r.Name == o.Name && r.Type == o.Type && r.Discount.same(o.Discount) && r.FreeProduct == o.FreeProduct && r.FreePeriods == o.FreePeriods &&
		r.Max == o.Max && r.MaxPerCustomer == o.MaxPerCustomer && r.RedeemBy.Equal(o.RedeemBy) && r.CreditMonths == o.CreditMonths &&
		slices.EqualFunc(r.Grants, o.Grants, func(a, b Granted) bool {
			return a.FeatureID == b.FeatureID && a.Included.Equal(b.Included) && a.Lasts.Plain() == b.Lasts.Plain()
		})
}

func (d *Discount) same(o *Discount) bool {
	if d == nil || o == nil {
		return d == o
	}
	return d.Value.Equal(o.Value) && d.Currency == o.Currency && d.Duration == o.Duration && d.Months == o.Months && d.ApplyToAll == o.ApplyToAll &&
		slices.Equal(d.PriceIDs, o.PriceIDs) && slices.Equal(d.ProductIDs, o.ProductIDs)
}

// freeRewards deletes what is not listed and no program gives, before others may take its
// codes. What was given stays.
func (d *configuring) freeRewards() error { return d.rewardsLeftOut(false) }

// givenRewards deletes the rest, when programs have changed.
func (d *configuring) givenRewards() error { return d.rewardsLeftOut(true) }

func (d *configuring) rewardsLeftOut(all bool) error {
	if d.Rewards == nil || d.KeepOthers {
		return nil
	}
	kept := idsOf(*d.Rewards, func(cmd EditReward) string { return cmd.ID })
	for _, id := range slices.Sorted(maps.Keys(d.draft.Rewards)) {
		r := d.draft.Rewards[id]
		if !r.Configurable() || slices.Contains(kept, id) {
			continue
		}
		if _, err := DecideDeleteReward(d.draft, id); err != nil && all {
			return err
		} else if err != nil {
			continue
		}
		delete(d.draft.Rewards, id)
		d.change.Steps = append(d.change.Steps, ConfigurationStep{DeleteReward: id})
		d.goneRewards = append(d.goneRewards, Difference[Reward]{ID: id, Action: Deleted, Before: &r})
	}
	return nil
}

// programs makes and changes the referral programs that are listed.
func (d *configuring) programs() error {
	if d.Programs == nil {
		return nil
	}
	if err := twice(idsOf(*d.Programs, func(cmd EditProgram) string { return cmd.ID })); err != nil {
		return err
	}
	for _, cmd := range *d.Programs {
		change, err := d.program(cmd)
		if err != nil {
			return About(cmd.ID, err)
		}
		d.change.Programs = append(d.change.Programs, change)
	}
	return nil
}

func (d *configuring) program(cmd EditProgram) (Difference[ReferralProgram], error) {
	change := Difference[ReferralProgram]{ID: cmd.ID, Action: Created}
	old, there := d.draft.Programs[cmd.ID]
	decide := DecideCreateProgram
	if there {
		change.Before, change.Action, decide = &old, Updated, DecideEditProgram
		terms := old.Terms()
		terms.When, terms.Reward, terms.ReceivedBy, terms.MaxRedemptions = cmd.When, cmd.Reward, cmd.ReceivedBy, cmd.MaxRedemptions
		terms.ProductIDs, terms.ExcludeTrial = cmd.ProductIDs, cmd.ExcludeTrial
		cmd = terms
	}
	cmd.Now = d.Now
	p, err := decide(d.draft, cmd)
	if err != nil {
		return change, err
	}
	change.After = &p
	if there && p.same(old) {
		change.Action = Unchanged
		return change, nil
	}
	d.draft.Programs[p.ID] = p
	d.change.Steps = append(d.change.Steps, ConfigurationStep{Program: &cmd, Create: !there})
	return change, nil
}

// same reports whether two programs have the same terms, of those that a configuration
// says.
func (p ReferralProgram) same(o ReferralProgram) bool {
	return p.ID == o.ID && p.When == o.When && p.RewardID == o.RewardID && p.ReceivedBy == o.ReceivedBy && p.MaxRedemptions == o.MaxRedemptions &&
		p.ExcludeTrial == o.ExcludeTrial && slices.Equal(p.ProductIDs, o.ProductIDs)
}

// programsLeftOut deletes what is not listed. Its rewards and products are free then.
func (d *configuring) programsLeftOut() error {
	if d.Programs == nil || d.KeepOthers {
		return nil
	}
	kept := idsOf(*d.Programs, func(cmd EditProgram) string { return cmd.ID })
	for _, id := range slices.Sorted(maps.Keys(d.draft.Programs)) {
		if p := d.draft.Programs[id]; !slices.Contains(kept, id) {
			delete(d.draft.Programs, id)
			d.change.Steps = append(d.change.Steps, ConfigurationStep{DeleteProgram: id})
			d.gonePrograms = append(d.gonePrograms, Difference[ReferralProgram]{ID: id, Action: Deleted, Before: &p})
		}
	}
	return nil
}

func idsOf[T any](all []T, id func(T) string) (ids []string) {
	for _, one := range all {
		ids = append(ids, id(one))
	}
	return ids
}
