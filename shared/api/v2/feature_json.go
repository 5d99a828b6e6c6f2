package v2

import (
	"fmt"
	"net/http"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
)

// metered is the type of a feature that counts: consumable says whether what is
// used comes back.
const metered = "metered"

// featureRequest is a feature to create, or the changes of one. A missing field
// stays as it is, and so does null.
type featureRequest struct {
	ID           string         `json:"feature_id"`
	NewID        *string        `json:"new_feature_id"`
	Name         *string        `json:"name"`
	Type         string         `json:"type"`
	Consumable   *bool          `json:"consumable"`
	EventNames   *[]string      `json:"event_names"`
	CreditSchema *[]creditShare `json:"credit_schema"`
	Display      *displayJSON   `json:"display"`
	Archived     *bool          `json:"archived"`
	WriteShards  *int           `json:"write_shards"`
	GroupBy      *[]string      `json:"group_by"`

	Markups   fields.Unset `json:"model_markups" instead:"tokens of AI models have no prices here. Use a credit_system whose credit_schema says what each use costs."`
	Markup    fields.Unset `json:"default_markup" instead:"tokens of AI models have no prices here. Use a credit_system whose credit_schema says what each use costs."`
	Providers fields.Unset `json:"provider_markups" instead:"tokens of AI models have no prices here. Use a credit_system whose credit_schema says what each use costs."`
}

type displayJSON struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

// creditShare is what billing_units of a feature cost in a credit system.
type creditShare struct {
	FeatureID string      `json:"metered_feature_id"`
	Cost      *api.Number `json:"credit_cost"`
	Units     *api.Number `json:"billing_units"`

	Tiers       fields.Unset   `json:"tiers" instead:"a use costs the same however many there were. Use credit_cost."`
	Behavior    fields.Ignored `json:"tier_behavior"` // of tiers
	Dimensions  fields.Unset   `json:"dimensions" instead:"a use costs the same whatever its properties. Use a feature for each kind of use."`
	Multipliers fields.Unset   `json:"multipliers" instead:"a use costs the same whatever its properties. Use a feature for each kind of use."`
}

// command turns the request into a new feature, or into an edit of the one that it
// names.
func (in featureRequest) command(create bool) (cmd catalog.EditFeature, err error) {
	if in.ID == "" {
		return cmd, api.InvalidInputs("feature_id: required.")
	}
	next, err := newID("new_feature_id", in.NewID)
	if err != nil {
		return cmd, err
	}
	cmd = catalog.EditFeature{ID: in.ID, NewID: next, Name: in.Name, EventNames: in.EventNames, Archived: in.Archived, Shards: in.WriteShards, GroupBy: in.GroupBy}
	if in.Display != nil {
		cmd.Display = &catalog.Display{Singular: in.Display.Singular, Plural: in.Display.Plural}
	}
	if cmd.Type, err = in.typed(create); err != nil || in.CreditSchema == nil {
		return cmd, err
	}
	cmd.Credits = &[]catalog.CreditCost{}
	for _, share := range *in.CreditSchema {
		cost, err := share.cost()
		if err != nil {
			return cmd, err
		}
		*cmd.Credits = append(*cmd.Credits, cost)
	}
	return cmd, nil
}

// typed is the type in the words of package catalog, nil where the request says
// nothing of it. A metered feature stays what it is unless consumable says so.
func (in featureRequest) typed(create bool) (*catalog.FeatureType, error) {
	t := catalog.FeatureType(in.Type)
	switch {
	case t == "" && in.Consumable == nil:
		return nil, nil
	case t == metered && in.Consumable == nil && !create:
		t = catalog.AnyMetered
	case t == metered && in.Consumable == nil:
		return nil, errFeature("consumable: required for a metered feature. true is used up and comes back, such as messages; false is held, such as seats.")
	case t == metered, t == "":
		if t = catalog.ContinuousUse; *in.Consumable {
			t = catalog.SingleUse
		}
	case t != catalog.Boolean && t != catalog.CreditSystem:
		return nil, errFeature("type: boolean, metered or credit_system, not %.40q.", in.Type)
	case in.Consumable != nil && *in.Consumable != (t == catalog.CreditSystem):
		return nil, errFeature("type is %s and consumable %t: they contradict each other.", t, *in.Consumable)
	}
	return &t, nil
}

func (s creditShare) cost() (catalog.CreditCost, error) {
	switch {
	case s.Cost == nil:
		return catalog.CreditCost{FeatureID: s.FeatureID}, nil
	case s.Units == nil:
		return catalog.CreditCost{FeatureID: s.FeatureID, Cost: s.Cost.Decimal}, nil
	}
	return catalog.CreditCostOf(s.FeatureID, s.Units.Decimal, s.Cost.Decimal)
}

func errFeature(format string, args ...any) error {
	return &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_feature", Message: fmt.Sprintf(format, args...)}
}

// featureJSON is a feature in answers.
type featureJSON struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Type         string           `json:"type"` // boolean, metered or credit_system
	Consumable   bool             `json:"consumable"`
	EventNames   []string         `json:"event_names"`
	CreditSchema []creditCostJSON `json:"credit_schema"` // [] unless it is a credit system
	Display      *displayJSON     `json:"display"`
	Archived     bool             `json:"archived"`
	WriteShards  int              `json:"write_shards,omitempty"`
	GroupBy      []string         `json:"group_by,omitempty"`
}

// creditCostJSON is what one unit of a feature costs.
type creditCostJSON struct {
	FeatureID string     `json:"metered_feature_id"`
	Cost      api.Number `json:"credit_cost"`
}

func featureAnswer(f catalog.Feature) featureJSON {
	out := featureJSON{ID: f.ID, Name: f.Name, Type: string(f.Type), Consumable: f.Type == catalog.SingleUse || f.Type == catalog.CreditSystem,
		EventNames: append([]string{}, f.EventNames...), CreditSchema: []creditCostJSON{}, Archived: f.Archived, WriteShards: f.WriteShards, GroupBy: f.GroupBy}
	if f.Type == catalog.SingleUse || f.Type == catalog.ContinuousUse {
		out.Type = metered
	}
	if f.Singular != "" || f.Plural != "" {
		out.Display = &displayJSON{f.Singular, f.Plural}
	}
	for _, c := range f.Credits {
		out.CreditSchema = append(out.CreditSchema, creditCostJSON{c.FeatureID, api.NumberOf(c.Cost)})
	}
	return out
}
