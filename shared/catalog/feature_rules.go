package catalog

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"windfall/shared/order"
	"windfall/shared/refusal"
)

// AnyMetered is how older clients spell a metered feature: how it is used is
// said beside it, and single use unless it is.
const AnyMetered FeatureType = "metered"

// EditFeature asks for a new feature or for changes to one; nil leaves things
// as they are.
type EditFeature struct {
	ID         string // of the feature
	NewID      string // "" or ID: ids never change
	Name       *string
	Type       *FeatureType
	EventNames *[]string
	Credits    *[]CreditCost
	Display    *Display
	Archived   *bool
	Shards     *int // WriteShards
	GroupBy    *[]string
	Now        time.Time
}

// A Display says how one unit and several are called.
type Display struct{ Singular, Plural string }

// DecideCreateFeature returns the feature to add. The errors are
// duplicate_feature_id and invalid_feature.
func DecideCreateFeature(c *Catalog, cmd EditFeature) (Feature, error) {
	if problem := SlugProblem(cmd.ID); problem != nil {
		return Feature{}, refusal.Invalid(ReasonFeatureText, problem)
	}
	if _, taken := c.Features[cmd.ID]; taken {
		return Feature{}, refusal.Conflict(ReasonDuplicateFeature, cmd.ID)
	}
	if cmd.Type == nil {
		return Feature{}, refusal.Invalid(ReasonFeatureTypeMissing)
	}
	f := cmd.applied(Feature{ID: cmd.ID, Name: nameOf(cmd.ID), CreatedAt: cmd.Now})
	return f, checkFeature(c, f)
}

// DecideEditFeature returns the feature as it is to be saved. Its type stays
// while a product grants it or a credit system counts it, as balances would
// change their meaning. The errors are feature_not_found and invalid_feature.
func DecideEditFeature(c *Catalog, cmd EditFeature) (Feature, error) {
	old, known := c.Features[cmd.ID]
	if !known {
		return Feature{}, refusal.ErrFeatureNotFound(cmd.ID)
	}
	if cmd.NewID != "" && cmd.NewID != cmd.ID {
		return Feature{}, refusal.Invalid(ReasonFeatureIDFixed, cmd.NewID)
	}
	f := cmd.applied(old)
	if user := c.userOf(old.ID); user != "" && f.Type != old.Type {
		return Feature{}, refusal.Invalid(ReasonFeatureTypeFixed, old.ID, user)
	}
	return f, checkFeature(c, f)
}

// DecideDeleteFeature returns an error while something uses the feature:
// feature_not_found or invalid_feature.
func DecideDeleteFeature(c *Catalog, id string) error {
	if _, known := c.Features[id]; !known {
		return refusal.ErrFeatureNotFound(id)
	}
	if user := c.userOf(id); user != "" {
		return refusal.Invalid(ReasonFeatureInUse, id, user)
	}
	return nil
}

// applied returns f with the edit made. What a new type has no use for goes.
func (cmd EditFeature) applied(f Feature) Feature {
	if cmd.Type != nil {
		if t := cmd.Type.spelledOut(f.Type); t != f.Type {
			f.Type, f.EventNames, f.Credits, f.WriteShards, f.GroupBy = t, nil, nil, 0, nil
		}
	}
	if cmd.Name != nil && *cmd.Name != "" {
		f.Name = *cmd.Name
	}
	if cmd.EventNames != nil {
		f.EventNames = *cmd.EventNames
	}
	if cmd.Credits != nil {
		f.Credits = *cmd.Credits
	}
	if cmd.Display != nil {
		f.Singular, f.Plural = cmd.Display.Singular, cmd.Display.Plural
	}
	if cmd.Archived != nil {
		f.Archived = *cmd.Archived
	}
	if cmd.Shards != nil {
		f.WriteShards = *cmd.Shards
	}
	if cmd.GroupBy != nil {
		f.GroupBy = *cmd.GroupBy
	}
	return f
}

func (t FeatureType) spelledOut(old FeatureType) FeatureType {
	switch {
	case t != AnyMetered:
		return t
	case old == ContinuousUse:
		return old
	}
	return SingleUse
}

// userOf names a product, reward or credit system that relies on a feature, or
// returns "". Old versions count: customers may hold them.
func (c *Catalog) userOf(featureID string) string {
	for _, id := range slices.Sorted(maps.Keys(c.Features)) {
		for _, cost := range c.Features[id].Credits {
			if cost.FeatureID == featureID {
				return fmt.Sprintf("credit system %q", id)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Rewards)) {
		if c.Rewards[id].grants(featureID) {
			return fmt.Sprintf("reward %q", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Products)) {
		for _, version := range c.Products[id] {
			if slices.ContainsFunc(version.Items, func(i Item) bool { return i.FeatureID == featureID || i.EntityID == featureID }) {
				return fmt.Sprintf("product %q", id)
			}
		}
	}
	return ""
}

// ListFeatures lists all features, oldest first.
func (c *Catalog) ListFeatures() []Feature {
	var out []Feature
	for _, id := range slices.Sorted(maps.Keys(c.Features)) {
		out = append(out, c.Features[id])
	}
	order.Stable(out, func(a, b *Feature) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return out
}
