package v1

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// featureRequest takes a feature as clients of all ages write it: the type in
// one word, or "metered" with its usage in config or consumable; the counted
// events in event_names or config.filters; credits in credit_schema or
// config.schema.
type featureRequest struct {
	ID           string            `json:"id"`
	Name         *string           `json:"name"`
	Type         string            `json:"type"`
	UsageType    string            `json:"usage_type"` // the same as in config
	Consumable   *bool             `json:"consumable"`
	EventNames   *[]string         `json:"event_names"`
	CreditSchema *[]creditJSON     `json:"credit_schema"`
	Config       featureConfigJSON `json:"config"`
	Display      *displayJSON      `json:"display"`
	Archived     *bool             `json:"archived"`
	WriteShards  *int              `json:"write_shards"`
	GroupBy      *[]string         `json:"group_by"`
}

type featureConfigJSON struct {
	Filters   []filterJSON  `json:"filters"`
	Schema    *[]creditJSON `json:"schema"`
	UsageType string        `json:"usage_type"`
	Aggregate countingJSON  `json:"aggregate"`
}

// countingJSON is how the usage of a period becomes one number. Old clients
// always send it: values are added up, each 1 unless given.
type countingJSON struct {
	Type     string `json:"type"`
	Property string `json:"property"`
}

// filterJSON chooses events by their name.
type filterJSON struct {
	Property string   `json:"property"`
	Operator string   `json:"operator"`
	Value    []string `json:"value"`
}

type creditJSON struct {
	FeatureID     string      `json:"metered_feature_id"`
	CreditCost    *api.Number `json:"credit_cost,omitempty"`
	FeatureAmount *api.Number `json:"feature_amount,omitempty"`
	CreditAmount  *api.Number `json:"credit_amount,omitempty"`
}

type displayJSON struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

// command turns the request into an edit of the feature that the path names, or
// into a create if pathID is "".
func (in featureRequest) command(pathID string) (catalog.EditFeature, error) {
	cmd := catalog.EditFeature{ID: pathID, NewID: in.ID, Name: in.Name, Type: in.typed(), EventNames: in.EventNames,
		Archived: in.Archived, Shards: in.WriteShards, GroupBy: in.GroupBy}
	if pathID == "" {
		cmd.ID = in.ID
	}
	if err := in.contradiction(); err != nil {
		return cmd, err
	}
	if in.Display != nil {
		cmd.Display = &catalog.Display{Singular: in.Display.Singular, Plural: in.Display.Plural}
	}
	filtered, err := in.Config.eventNames()
	if err != nil {
		return cmd, err
	}
	if cmd.EventNames == nil {
		cmd.EventNames = filtered
	} else if filtered != nil && !sameNames(*cmd.EventNames, *filtered) {
		return cmd, errFeature("event_names and config.filters name different events. Send one of them.")
	}
	cmd.Credits, err = in.credits()
	return cmd, err
}

func sameNames(a, b []string) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

// typed is the type in the words of package catalog; nil if the request has
// none. A request may have the usage of a metered feature alone.
func (in featureRequest) typed() *catalog.FeatureType {
	t, usage := in.Type, in.usage()
	switch {
	case t == "static":
		t = string(catalog.Boolean)
	case usage != "" && (t == "metered" || t == "" && in.Config.Schema == nil):
		t = usage
	case t == "":
		return nil
	}
	return (*catalog.FeatureType)(&t)
}

// usage is the usage of a metered feature, from any of its fields.
func (in featureRequest) usage() string {
	switch {
	case in.UsageType != "" || in.Config.UsageType != "":
		return cmp.Or(in.UsageType, in.Config.UsageType)
	case in.Consumable == nil:
		return ""
	case *in.Consumable:
		return string(catalog.SingleUse)
	}
	return string(catalog.ContinuousUse)
}

// contradiction refuses a feature with two fields that disagree.
func (in featureRequest) contradiction() error {
	usage := in.usage()
	metered := in.Type == "" || in.Type == "metered" || in.Type == usage
	switch {
	case in.UsageType != "" && in.Config.UsageType != "" && in.UsageType != in.Config.UsageType:
		return errFeature("usage_type is %q and config.usage_type %q. Send one of them.", in.UsageType, in.Config.UsageType)
	case in.UsageType+in.Config.UsageType != "" && usage != string(catalog.SingleUse) && usage != string(catalog.ContinuousUse):
		return errFeature("usage_type: single_use or continuous_use, not %.40q.", usage)
	case in.UsageType+in.Config.UsageType != "" && in.Consumable != nil && *in.Consumable != (usage == string(catalog.SingleUse)):
		return errFeature("usage_type is %s and consumable %t: they contradict each other.", usage, *in.Consumable)
	case in.UsageType+in.Config.UsageType != "" && !metered && (in.Type != string(catalog.CreditSystem) || usage != string(catalog.SingleUse)):
		return errFeature("usage_type is %s, but a feature of type %.40q is not used that way.", usage, in.Type)
	case in.Consumable != nil && in.Type != "" && in.Type != "metered" && *in.Consumable != consumed(in.Type):
		return errFeature("type is %.40s and consumable %t: they contradict each other.", in.Type, *in.Consumable)
	case in.Config.Aggregate.Type != "" && in.Config.Aggregate.Type != "sum":
		return errFeature("config.aggregate.type: sum, not %.40q. Values are added up, and an event without one is 1.", in.Config.Aggregate.Type)
	case in.Config.Aggregate.Property != "" && in.Config.Aggregate.Property != "value":
		return errFeature("config.aggregate.property: value is the only one, not %.40q.", in.Config.Aggregate.Property)
	}
	return nil
}

// consumed reports whether a feature of this type is used up.
func consumed(t string) bool {
	return t == string(catalog.SingleUse) || t == string(catalog.CreditSystem)
}

func errFeature(format string, args ...any) error {
	return &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_feature", Message: fmt.Sprintf(format, args...)}
}

func (c featureConfigJSON) eventNames() (*[]string, error) {
	if c.Filters == nil {
		return nil, nil
	}
	names := []string{}
	for _, f := range c.Filters {
		if f.Property != "" && f.Property != "event_name" || f.Operator != "" && f.Operator != "in" && f.Operator != "eq" {
			return nil, &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_feature",
				Message: "config.filters can choose events by their name only: {\"property\": \"event_name\", \"operator\": \"in\", \"value\": [\"…\"]}."}
		}
		names = append(names, f.Value...)
	}
	return &names, nil
}

// credits are the costs from either field, or from both if they agree.
func (in featureRequest) credits() (*[]catalog.CreditCost, error) {
	costs, err := creditCosts(in.CreditSchema)
	if err != nil {
		return nil, err
	}
	older, err := creditCosts(in.Config.Schema)
	switch {
	case err != nil:
		return nil, err
	case costs == nil:
		return older, nil
	case older != nil && !slices.EqualFunc(byFeature(*costs), byFeature(*older), func(a, b catalog.CreditCost) bool {
		return a.FeatureID == b.FeatureID && a.Cost.Equal(b.Cost)
	}):
		return nil, errFeature("credit_schema and config.schema name different costs. Send one of them.")
	}
	return costs, nil
}

func byFeature(costs []catalog.CreditCost) []catalog.CreditCost {
	return slices.SortedStableFunc(slices.Values(costs), func(a, b catalog.CreditCost) int { return cmp.Compare(a.FeatureID, b.FeatureID) })
}

func creditCosts(schema *[]creditJSON) (*[]catalog.CreditCost, error) {
	if schema == nil {
		return nil, nil
	}
	costs := []catalog.CreditCost{}
	for _, c := range *schema {
		cost, err := c.cost()
		if err != nil {
			return nil, err
		}
		costs = append(costs, cost)
	}
	return &costs, nil
}

// cost is what one unit costs: as it is said, or credit_amount for each
// feature_amount. A request with both must mean the same.
func (c creditJSON) cost() (catalog.CreditCost, error) {
	units := money.One
	if c.FeatureAmount != nil {
		units = c.FeatureAmount.Decimal
	}
	switch {
	case c.CreditCost != nil:
		said := c.CreditCost.Decimal
		if c.CreditAmount != nil && !said.Mul(units).Equal(c.CreditAmount.Decimal) || c.CreditAmount == nil && !units.Equal(money.One) {
			return catalog.CreditCost{}, errFeature("credit_cost is what one unit of %.80q costs, and feature_amount and credit_amount say otherwise. Send one of them.", c.FeatureID)
		}
		return catalog.CreditCost{FeatureID: c.FeatureID, Cost: said}, nil
	case c.CreditAmount != nil:
		return catalog.CreditCostOf(c.FeatureID, units, c.CreditAmount.Decimal)
	}
	return catalog.CreditCost{FeatureID: c.FeatureID}, nil
}

// featureJSON is a feature in answers.
type featureJSON struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Type         string       `json:"type"`
	Display      *displayJSON `json:"display"`
	CreditSchema []creditJSON `json:"credit_schema"` // null unless it is a credit system
	EventNames   []string     `json:"event_names"`
	Archived     bool         `json:"archived"`
	WriteShards  int          `json:"write_shards,omitempty"`
	GroupBy      []string     `json:"group_by,omitempty"`
}

func featureAnswer(f catalog.Feature) featureJSON {
	out := featureJSON{ID: f.ID, Name: f.Name, Type: string(f.Type), EventNames: append([]string{}, f.EventNames...), Archived: f.Archived, WriteShards: f.WriteShards, GroupBy: f.GroupBy}
	if f.Singular != "" || f.Plural != "" {
		out.Display = &displayJSON{f.Singular, f.Plural}
	}
	for _, c := range f.Credits {
		out.CreditSchema = append(out.CreditSchema, creditJSON{FeatureID: c.FeatureID, CreditCost: &api.Number{Decimal: c.Cost}})
	}
	return out
}
