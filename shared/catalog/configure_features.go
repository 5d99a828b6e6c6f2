package catalog

import (
	"errors"
	"maps"
	"slices"

	"windfall/shared/refusal"
)

// features makes and changes the features that are listed. Credit systems come last, as
// they name others.
func (d *configuring) features() error {
	if d.Features == nil {
		return nil
	}
	var ids []string
	for _, cmd := range *d.Features {
		ids = append(ids, cmd.ID)
	}
	if err := twice(ids); err != nil {
		return err
	}
	changes := map[string]Difference[Feature]{}
	for _, systems := range []bool{false, true} {
		for _, cmd := range *d.Features {
			if cmd.Now = d.Now; (cmd.Type != nil && *cmd.Type == CreditSystem) != systems {
				continue
			}
			change, err := d.feature(cmd)
			if err != nil {
				return About(cmd.ID, err)
			}
			changes[cmd.ID] = change
		}
	}
	for _, id := range ids {
		d.change.Features = append(d.change.Features, changes[id])
	}
	return nil
}

func (d *configuring) feature(cmd EditFeature) (Difference[Feature], error) {
	old, there := d.draft.Features[cmd.ID]
	change := Difference[Feature]{ID: cmd.ID, Action: Unchanged}
	if there {
		change.Before, change.After = &old, &old
	}
	if slices.Contains(d.SkipFeatures, cmd.ID) {
		change.Action = Skipped
		return change, nil
	}
	decide := DecideEditFeature
	if !there {
		decide = DecideCreateFeature
	}
	f, err := decide(d.draft, cmd)
	var no *refusal.Error
	switch {
	case errors.As(err, &no) && no.Reason == ReasonFeatureTypeFixed:
		change.Action, change.Blocked = Updated, no
		return change, nil
	case err != nil:
		return change, err
	case there && f.same(old):
		return change, nil
	}
	d.draft.Features[f.ID] = f
	d.change.Steps = append(d.change.Steps, ConfigurationStep{Feature: &cmd, Create: !there})
	change.Action, change.After = Updated, &f
	if !there {
		change.Action = Created
	}
	return change, nil
}

// same reports whether two features mean the same.
func (f Feature) same(o Feature) bool {
	return f.ID == o.ID && f.Name == o.Name && f.Type == o.Type && slices.Equal(f.EventNames, o.EventNames) && f.Singular == o.Singular && f.Plural == o.Plural &&
		f.Archived == o.Archived && f.WriteShards == o.WriteShards && slices.Equal(f.GroupBy, o.GroupBy) &&
		slices.EqualFunc(f.Credits, o.Credits, func(a, b CreditCost) bool { return a.FeatureID == b.FeatureID && a.Cost.Equal(b.Cost) })
}

// featuresLeftOut removes what is not listed, credit systems first.
func (d *configuring) featuresLeftOut() error {
	if d.Features == nil || d.KeepOthers {
		return nil
	}
	kept := slices.Clone(d.SkipFeatures)
	for _, cmd := range *d.Features {
		kept = append(kept, cmd.ID)
	}
	for _, systems := range []bool{true, false} {
		for _, id := range slices.Sorted(maps.Keys(d.draft.Features)) {
			if f := d.draft.Features[id]; (f.Type == CreditSystem) == systems && !f.Archived && !slices.Contains(kept, id) {
				if err := d.removeFeature(f); err != nil {
					return About(id, err)
				}
			}
		}
	}
	return nil
}

// removeFeature deletes a feature that nothing uses, and archives another one. One that is
// granted by what is on offer stays: the configuration forgot it.
func (d *configuring) removeFeature(f Feature) error {
	change := Difference[Feature]{ID: f.ID, Action: Deleted, Before: &f}
	err := DecideDeleteFeature(d.draft, f.ID)
	var used *refusal.Error
	switch {
	case err == nil:
		delete(d.draft.Features, f.ID)
		d.change.Steps = append(d.change.Steps, ConfigurationStep{DeleteFeature: f.ID})
	case errors.As(err, &used) && d.draft.offers(f.ID):
		change.After, change.Blocked = &f, used
	default:
		off := true
		cmd := EditFeature{ID: f.ID, Archived: &off, Now: d.Now}
		after, err := DecideEditFeature(d.draft, cmd)
		if err != nil {
			return err
		}
		d.draft.Features[f.ID] = after
		d.change.Steps = append(d.change.Steps, ConfigurationStep{Feature: &cmd})
		change.Action, change.After = Archived, &after
	}
	d.change.Features = append(d.change.Features, change)
	return nil
}

// offers reports whether a product for sale grants a feature, or a credit system in use
// counts it.
func (c *Catalog) offers(featureID string) bool {
	for _, p := range c.ListProducts(false) {
		if slices.ContainsFunc(p.Items, func(i Item) bool { return i.FeatureID == featureID || i.EntityID == featureID }) {
			return true
		}
	}
	for _, f := range c.Features {
		if !f.Archived && slices.ContainsFunc(f.Credits, func(cost CreditCost) bool { return cost.FeatureID == featureID }) {
			return true
		}
	}
	return false
}
