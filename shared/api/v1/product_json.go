package v1

import (
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// productRequest is a product to create, or the changes of one. A missing field
// stays as it is. So does null, except that null removes a group, a description
// or a free_trial.
type productRequest struct {
	ID       string          `json:"id"`
	Name     *string         `json:"name"`
	Text     groupField      `json:"description"`
	Group    groupField      `json:"group"`
	AddOn    *bool           `json:"is_add_on"`
	Default  *bool           `json:"is_default"`
	Archived *bool           `json:"archived"`
	Items    *[]itemJSON     `json:"items"`
	Trial    freeTrialField  `json:"free_trial"`
	Metadata *map[string]any `json:"metadata"` // as the second dialect has it
	Currency fields.Currency `json:"currency"` // of an answer that is sent back
	productAnswered
}

// productAnswered has the fields of an answer that follow from the rest: a
// client may send back a product that it read, with changes.
type productAnswered struct {
	Env           ignored      `json:"env"`
	Version       ignored      `json:"version"`
	CreatedAt     ignored      `json:"created_at"`
	BaseVariantID fields.Unset `json:"base_variant_id"` // there are no variants
	Scenario      ignored      `json:"scenario"`
	Properties    ignored      `json:"properties"`
}

// groupField tells a text of null, which is none, from a missing one.
type groupField struct{ name *string }

func (g *groupField) UnmarshalJSON(b []byte) error {
	g.name = new(string)
	if json.Unmarshal(b, g.name) != nil { // null leaves ""
		return api.InvalidInputs("expected string or null.")
	}
	return nil
}

// command turns the request into an edit of the product that the path names, or
// into a create if pathID is "".
func (in productRequest) command(pathID string) (catalog.EditProduct, error) {
	cmd := catalog.EditProduct{ID: pathID, NewID: in.ID, Name: in.Name, Text: in.Text.name, Group: in.Group.name,
		AddOn: in.AddOn, Default: in.Default, Archived: in.Archived, SetTrial: in.Trial.given, Currency: money.Currency(in.Currency)}
	if pathID == "" {
		cmd.ID = in.ID
	}
	var err error
	if cmd.Metadata, err = fields.ObjectText(in.Metadata); err != nil {
		return cmd, err
	}
	cmd.Trial = in.Trial.trial.rule()
	cmd.Items, err = wantedItems(in.Items)
	return cmd, err
}

// productJSON is a product in answers.
type productJSON struct {
	ID            string                `json:"id"`
	Name          string                `json:"name"`
	Text          api.OrNull            `json:"description"`
	Group         api.OrNull            `json:"group"`
	Env           catalog.Env           `json:"env"`
	Currency      money.Currency        `json:"currency"` // of its prices
	AddOn         bool                  `json:"is_add_on"`
	Default       bool                  `json:"is_default"`
	Archived      bool                  `json:"archived"`
	Version       int                   `json:"version"`
	CreatedAt     api.Millis            `json:"created_at"`
	Items         []itemJSON            `json:"items"`
	FreeTrial     *freeTrialJSON        `json:"free_trial"`
	BaseVariantID api.OrNull            `json:"base_variant_id"` // always null: there are no variants
	Scenario      api.OrNull            `json:"scenario"`        // null unless the call names a customer
	Properties    productPropertiesJSON `json:"properties"`
	Metadata      json.RawMessage       `json:"metadata,omitempty"` // left out where there is none
}

type productPropertiesJSON struct {
	IsFree        bool       `json:"is_free"`
	IsOneOff      bool       `json:"is_one_off"`
	IntervalGroup api.OrNull `json:"interval_group"`
	HasTrial      bool       `json:"has_trial"`
	Updateable    bool       `json:"updateable"` // has prepaid quantities that can be changed later
}

// productFor encodes a product for one customer.
func productFor(s billing.AttachState, p catalog.Product, scenario billing.Scenario, env catalog.Env) productJSON {
	out := productAnswer(p, s.Catalog, env)
	out.Scenario = api.OrNull(scenario)
	if out.FreeTrial != nil {
		open := s.TrialOpen(p)
		out.FreeTrial.TrialAvailable = &open
	}
	return out
}

func productAnswer(p catalog.Product, cat *catalog.Catalog, env catalog.Env) productJSON {
	out := productJSON{ID: p.ID, Name: p.Name, Text: api.OrNull(p.Text), Group: api.OrNull(p.Group), Env: env, Currency: cat.Currency(), AddOn: p.AddOn, Default: p.Default,
		Archived: p.Archived, Version: p.Version, CreatedAt: api.Millis(p.CreatedAt), Items: productItems(p, cat.Features),
		Properties: productPropertiesJSON{IsFree: p.Free(), IsOneOff: p.OneOff(),
			IntervalGroup: api.OrNull(p.BillingCycle().Interval), HasTrial: p.Trial != nil}, Metadata: json.RawMessage(p.Metadata)}
	for _, i := range p.Items {
		if i.Priced() && i.UsageModel == catalog.Prepaid && i.Cycle.Repeats() {
			out.Properties.Updateable = true
		}
	}
	if t := p.Trial; t != nil {
		available := true
		out.FreeTrial = &freeTrialJSON{Duration: api.OrNull(t.Duration), Length: wholeText(t.Length),
			UniqueFingerprint: t.UniqueFingerprint, CardRequired: &t.CardRequired, TrialAvailable: &available}
	}
	return out
}
