package v2

import (
	"strings"

	"windfall/shared/api"
	"windfall/shared/catalog"
)

// catalogChangesJSON is what a configuration would change.
type catalogChangesJSON struct {
	Plans    []planChangeJSON     `json:"plan_changes"`
	Features []featureChangeJSON  `json:"feature_changes"`
	Rewards  []resourceChangeJSON `json:"reward_changes"`
	Programs []resourceChangeJSON `json:"referral_program_changes"`
}

// resourceChangeJSON is what would become of a reward or of a referral program.
type resourceChangeJSON struct {
	ID     string `json:"id"`
	Action string `json:"action"` // created, updated, deleted or none
}

// featureChangeJSON is what would become of a feature.
type featureChangeJSON struct {
	ID       string         `json:"feature_id"`
	Feature  *featureJSON   `json:"feature"` // as it is then; null if it is gone
	Action   string         `json:"action"`  // create, update, remove, skipped or none
	Archive  bool           `json:"will_archive"`
	Blocked  bool           `json:"blocked"`
	Reason   api.OrNull     `json:"blocked_reason"` // a word …
	Message  api.OrNull     `json:"message"`        // … and a sentence; null unless it is blocked
	Previous map[string]any `json:"previous_attributes"`
}

// featureActions are the words for what becomes of a feature.
var featureActions = map[catalog.Action]string{catalog.Unchanged: "none", catalog.Created: "create", catalog.Updated: "update",
	catalog.Archived: "remove", catalog.Deleted: "remove", catalog.Skipped: "skipped"}

func featureChangeOf(c catalog.Difference[catalog.Feature]) featureChangeJSON {
	out := featureChangeJSON{ID: c.ID, Action: featureActions[c.Action], Archive: c.Action == catalog.Archived}
	if c.After != nil {
		f := featureAnswer(*c.After)
		out.Feature = &f
	}
	if c.Blocked != nil {
		out.Blocked, out.Reason, out.Message = true, "used_in_products", api.OrNull(sentence(c.Blocked))
		if strings.HasPrefix(c.Blocked.Said(), c.ID+", credit system") {
			out.Reason = "used_in_credit_system"
		}
	}
	if c.Before != nil && c.Action != catalog.Unchanged && c.Action != catalog.Skipped && c.Blocked == nil {
		out.Previous = differences(featureAnswer(*c.Before), out.Feature)
	}
	return out
}

// planChangeJSON is what would become of a plan.
type planChangeJSON struct {
	ID           string           `json:"plan_id"`
	Name         string           `json:"name"`
	Version      int              `json:"version"` // that is there now, or will be if it is new
	Plan         *planJSON        `json:"plan"`    // as it is then; null if it is gone
	Action       string           `json:"action"`  // created, updated, deleted, skipped or none
	Archive      bool             `json:"will_archive"`
	HasCustomers bool             `json:"has_customers"` // somebody holds this version, or did
	Versionable  bool             `json:"versionable"`   // it makes the next version
	Previous     map[string]any   `json:"previous_attributes"`
	PriceChange  *priceChangeJSON `json:"price_change,omitempty"`
	ItemChanges  []itemChangeJSON `json:"item_changes"`
	Customize    *struct{}        `json:"customize"` // always null, and the lists empty: there are no variants and no licenses
	Licenses     []struct{}       `json:"license_changes"`
	Parents      []struct{}       `json:"license_parents"`
	Variants     []struct{}       `json:"variants"`
	Others       []struct{}       `json:"other_versions"`
}

type priceChangeJSON struct {
	Previous *basePriceJSON `json:"previous"`
	Current  *basePriceJSON `json:"current"`
}

// itemChangeJSON is an item that a plan gets or loses. One that changes is lost and got.
type itemChangeJSON struct {
	Action    string       `json:"action"` // created or deleted
	FeatureID string       `json:"feature_id"`
	Item      planItemJSON `json:"item"`
}

func planChangeOf(c catalog.Difference[catalog.Product], before, after *catalog.Catalog, env catalog.Env) planChangeJSON {
	out := planChangeJSON{ID: c.ID, Name: c.ID, Action: string(c.Action), Archive: c.Action == catalog.Archived, ItemChanges: []itemChangeJSON{},
		Licenses: []struct{}{}, Parents: []struct{}{}, Variants: []struct{}{}, Others: []struct{}{}}
	if out.Archive {
		out.Action = string(catalog.Deleted)
	}
	var was *planJSON
	if c.Before != nil {
		plan := planAnswer(*c.Before, before, env)
		was, out.Name, out.Version = &plan, c.Before.Name, c.Before.Version
		out.HasCustomers = before.VersionsInUse[catalog.VersionKey(c.ID, c.Before.Version)]
	}
	if c.After != nil {
		plan := planAnswer(*c.After, after, env)
		out.Plan, out.Name = &plan, c.After.Name
		out.Versionable = c.Before != nil && c.After.Version > c.Before.Version
		if c.Before == nil {
			out.Version = c.After.Version
		}
	}
	if was == nil || c.Action == catalog.Unchanged || c.Action == catalog.Skipped {
		return out
	}
	out.Previous = differences(*was, out.Plan)
	for _, key := range []string{"price", "further_prices", "items", "version", "created_at"} {
		delete(out.Previous, key)
	}
	if out.Plan != nil {
		out.comparePrices(*c.Before, *c.After, after)
	}
	return out
}

// comparePrices lists what a plan gets and loses.
func (out *planChangeJSON) comparePrices(before, after catalog.Product, cat *catalog.Catalog) {
	was, _, old := before.Parted()
	is, _, now := after.Parted()
	if (was == nil) != (is == nil) || was != nil && !was.CostsSame(*is) {
		out.PriceChange = &priceChangeJSON{}
		if was != nil {
			price := basePriceOf(*was)
			out.PriceChange.Previous = &price
		}
		if is != nil {
			price := basePriceOf(*is)
			out.PriceChange.Current = &price
		}
	}
	out.listItems("deleted", old, now, cat)
	out.listItems("created", now, old, cat)
}

// listItems lists what is in one list and not in the other.
func (out *planChangeJSON) listItems(action string, some, others []catalog.Item, cat *catalog.Catalog) {
	ids := map[string]bool{}
	for _, i := range others {
		ids[i.ID] = true
	}
	for _, i := range some {
		if !ids[i.ID] {
			out.ItemChanges = append(out.ItemChanges, itemChangeJSON{action, i.FeatureID, planItemAnswer(i, cat.Features[i.FeatureID])})
		}
	}
}
