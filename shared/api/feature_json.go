package api

import (
	"windfall/shared/billing"
)

// featureRequest takes a feature as clients of all ages write it: the type in
// one word, or "metered" with its usage in config or consumable; what an event
// counts for in event_names or config.filters; credits in credit_schema or
// config.schema.
type featureRequest struct {
	ID           string            `json:"id"`
	Name         *string           `json:"name"`
	Type         string            `json:"type"`
	Consumable   *bool             `json:"consumable"`
	EventNames   *[]string         `json:"event_names"`
	CreditSchema *[]creditJSON     `json:"credit_schema"`
	Config       featureConfigJSON `json:"config"`
	Display      *displayJSON      `json:"display"`
	Archived     *bool             `json:"archived"`
	WriteShards  *int              `json:"write_shards"`
}

type featureConfigJSON struct {
	Filters   []filterJSON  `json:"filters"`
	Schema    *[]creditJSON `json:"schema"`
	UsageType string        `json:"usage_type"`
}

// filterJSON chooses events by their name.
type filterJSON struct {
	Property string   `json:"property"`
	Operator string   `json:"operator"`
	Value    []string `json:"value"`
}

type creditJSON struct {
	FeatureID     string  `json:"metered_feature_id"`
	CreditCost    *number `json:"credit_cost,omitempty"`
	FeatureAmount *number `json:"feature_amount,omitempty"`
	CreditAmount  *number `json:"credit_amount,omitempty"`
}

type displayJSON struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

// command reads the request for the feature named by the path, or for a new
// one when that is "".
func (in featureRequest) command(pathID string) (billing.EditFeature, error) {
	cmd := billing.EditFeature{ID: pathID, NewID: in.ID, Name: in.Name, Type: in.typed(), EventNames: in.EventNames,
		Archived: in.Archived, Shards: in.WriteShards}
	if pathID == "" {
		cmd.ID = in.ID
	}
	if in.Display != nil {
		cmd.Display = &billing.Display{Singular: in.Display.Singular, Plural: in.Display.Plural}
	}
	var err error
	if cmd.EventNames == nil {
		cmd.EventNames, err = in.Config.eventNames()
	}
	if err != nil {
		return cmd, err
	}
	schema := in.CreditSchema
	if schema == nil {
		schema = in.Config.Schema
	}
	cmd.Credits, err = credits(schema)
	return cmd, err
}

// typed is the type in the words of package billing; nil when none is meant.
// How a metered feature is used may be all that is said.
func (in featureRequest) typed() *billing.FeatureType {
	t, usage := in.Type, in.Config.UsageType
	if usage == "" && in.Consumable != nil {
		usage = string(billing.ContinuousUse)
		if *in.Consumable {
			usage = string(billing.SingleUse)
		}
	}
	switch {
	case t == "static":
		t = string(billing.Boolean)
	case usage != "" && (t == "metered" || t == "" && in.Config.Schema == nil):
		t = usage
	case t == "":
		return nil
	}
	return (*billing.FeatureType)(&t)
}

func (c featureConfigJSON) eventNames() (*[]string, error) {
	if c.Filters == nil {
		return nil, nil
	}
	names := []string{}
	for _, f := range c.Filters {
		if f.Property != "" && f.Property != "event_name" || f.Operator != "" && f.Operator != "in" && f.Operator != "eq" {
			return nil, &billing.Error{Kind: billing.KindInvalid, Code: "invalid_feature",
				Message: "config.filters can choose events by their name only: {\"property\": \"event_name\", \"operator\": \"in\", \"value\": [\"…\"]}."}
		}
		names = append(names, f.Value...)
	}
	return &names, nil
}

func credits(schema *[]creditJSON) (*[]billing.CreditCost, error) {
	if schema == nil {
		return nil, nil
	}
	costs := []billing.CreditCost{}
	for _, c := range *schema {
		cost := billing.CreditCost{FeatureID: c.FeatureID}
		switch {
		case c.CreditCost != nil:
			cost.Cost = c.CreditCost.Decimal
		case c.CreditAmount != nil:
			units := billing.One
			if c.FeatureAmount != nil {
				units = c.FeatureAmount.Decimal
			}
			var err error
			if cost, err = billing.CreditCostOf(c.FeatureID, units, c.CreditAmount.Decimal); err != nil {
				return nil, err
			}
		}
		costs = append(costs, cost)
	}
	return &costs, nil
}

// featureJSON is a feature as it is answered.
type featureJSON struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Type         string       `json:"type"`
	Display      *displayJSON `json:"display"`
	CreditSchema []creditJSON `json:"credit_schema"` // null but for a credit system
	EventNames   []string     `json:"event_names"`
	Archived     bool         `json:"archived"`
	WriteShards  int          `json:"write_shards,omitempty"`
}

func featureAnswer(f billing.Feature) featureJSON {
	out := featureJSON{ID: f.ID, Name: f.Name, Type: string(f.Type), EventNames: append([]string{}, f.EventNames...), Archived: f.Archived, WriteShards: f.WriteShards}
	if f.Singular != "" || f.Plural != "" {
		out.Display = &displayJSON{f.Singular, f.Plural}
	}
	for _, c := range f.Credits {
		out.CreditSchema = append(out.CreditSchema, creditJSON{FeatureID: c.FeatureID, CreditCost: &number{c.Cost}})
	}
	return out
}
