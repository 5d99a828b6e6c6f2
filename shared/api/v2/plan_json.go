package v2

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// planRequest is a plan to create, or the changes of one. A missing field stays as it
// is, and so does null, except that null removes a group, a description, a price or a
// free_trial.
type planRequest struct {
	ID          string             `json:"plan_id"`
	NewID       *string            `json:"new_plan_id"`
	Name        *string            `json:"name"`
	Description textOrNone         `json:"description"`
	Group       textOrNone         `json:"group"`
	AddOn       *bool              `json:"add_on"`
	AutoEnable  *bool              `json:"auto_enable"`
	Archived    *bool              `json:"archived"`
	Price       basePriceField     `json:"price"`
	Further     *[]basePriceJSON   `json:"further_prices"` // of this API alone: plain prices beside price
	Items       *[]planItemRequest `json:"items"`
	Trial       planTrialField     `json:"free_trial"`
	Currency    fields.Currency    `json:"currency"` // of an answer that is sent back
	Metadata    *map[string]any    `json:"metadata"` // instead of the one before
	Version     fields.Version     `json:"version"`  // that an edit means; a new plan begins with the first
	InPlace     bool               `json:"disable_version"`
	InStripe    fields.Ignored     `json:"create_in_stripe"` // a price is made there when it is sold first
	unsupportedOfPlan
}

// unsupportedOfPlan has the fields that take no value yet but one that asks for nothing,
// and those of answers that follow from the rest.
type unsupportedOfPlan struct {
	Config    planConfigField `json:"config"`
	Controls  controlsField   `json:"billing_controls"`
	Licenses  fields.Unset    `json:"licenses" instead:"there are no licences. Use an item of a feature that is not consumable, such as seats, and entities.create."`
	Base      fields.Unset    `json:"base_plan_id" instead:"there are no variants of plans. Create a plan of its own, in the group of the other."`
	Variants  fields.Unset    `json:"variants" instead:"there are no variants of plans. Create a plan of its own, in the group of the other."`
	OfVariant fields.Unset    `json:"update_variant_ids" instead:"there are no variants of plans. Update each plan on its own."`
	Parents   fields.Unset    `json:"update_license_parents" instead:"there are no licences. Update each plan on its own."`
	Migration fields.Unset    `json:"migration" instead:"customers keep the version that they have. Change it for each with billing.update and version."`
	Every     fields.Unset    `json:"all_versions" instead:"an edit is of one version, the latest unless version names another. Send one for each."`
	Forced    fields.Unset    `json:"force_version" instead:"an edit that customers would notice makes a new version by itself. Leave it out, or use disable_version for an edit of the version that they have."`
	Default   fields.Unset    `json:"is_default" instead:"use auto_enable."`

	OfBase      fields.Unset   `json:"base_variant_id" instead:"there are no variants of plans. Create a plan of its own, in the group of the other."`
	Env         fields.Ignored `json:"env"`
	CreatedAt   fields.Ignored `json:"created_at"`
	Eligibility fields.Ignored `json:"customer_eligibility"`
}

// textOrNone tells a text of null, which is none, from a missing one.
type textOrNone struct{ text *string }

func (t *textOrNone) UnmarshalJSON(b []byte) error {
	t.text = new(string)
	if json.Unmarshal(b, t.text) != nil { // null leaves ""
		return api.InvalidInputs("expected string or null.")
	}
	return nil
}

// basePriceJSON is a price that comes with a plan, in major units.
type basePriceJSON struct {
	Amount        *api.Number    `json:"amount"`
	Currencies    []amountIn     `json:"additional_currencies,omitempty"`
	Interval      api.OrNull     `json:"interval"`
	IntervalCount *int           `json:"interval_count,omitempty"`
	TaxBehavior   *string        `json:"tax_behavior,omitempty"` // of this API alone
	Display       fields.Ignored `json:"display,omitzero"`       // of an answer that is sent back, here and below
	Processors    fields.Ignored `json:"processors,omitzero"`
}

func basePriceOf(i catalog.Item) basePriceJSON {
	out := basePriceJSON{Amount: api.Optional(i.Price), Currencies: amountsOf(i.Prices)}
	out.Interval, out.IntervalCount = intervalOf(i.Cycle)
	if i.TaxBehavior != "" {
		out.TaxBehavior = (*string)(&i.TaxBehavior)
	}
	return out
}

func (in basePriceJSON) wanted(at string) (w catalog.WantedItem, err error) {
	switch {
	case in.Amount == nil:
		return w, api.InvalidInputs("%samount: required.", at)
	case in.Interval == "":
		return w, api.InvalidInputs("%sinterval: required: one_off for what is paid once.", at)
	}
	w.At = strings.TrimSuffix(at, ".")
	w.Price, w.Cycle, w.BillingUnits = &in.Amount.Decimal, cycleOf(in.Interval, in.IntervalCount), money.One
	w.TaxBehavior, w.Left.TaxBehavior = catalog.TaxBehavior(fields.Text(in.TaxBehavior)), in.TaxBehavior == nil
	w.Prices, err = pricesOf(at, in.Currencies)
	return w, err
}

// basePriceField tells a price of null, which removes it, from a missing one.
type basePriceField struct {
	given bool
	price *basePriceJSON
}

func (f *basePriceField) UnmarshalJSON(b []byte) error {
	if b[0] != '{' && string(b) != "null" {
		return api.InvalidInputs("expected object or null.")
	}
	f.given = true
	return json.Unmarshal(b, &f.price)
}

func (basePriceField) Reads() any { return basePriceJSON{} }

// command turns the request into an edit, or into a create.
func (in planRequest) command() (cmd catalog.EditProduct, err error) {
	if in.ID == "" {
		return cmd, api.InvalidInputs("plan_id: required.")
	}
	next, err := newID("new_plan_id", in.NewID)
	if err != nil {
		return cmd, err
	}
	cmd = catalog.EditProduct{ID: in.ID, NewID: next, Name: in.Name, Text: in.Description.text, Group: in.Group.text, AddOn: in.AddOn, Default: in.AutoEnable,
		Archived: in.Archived, SetTrial: in.Trial.given, Currency: money.Currency(in.Currency), Version: int(in.Version), InPlace: in.InPlace}
	if cmd.Trial, err = in.Trial.trial.rule(); err != nil {
		return cmd, err
	}
	cmd.TrialLeft = in.Trial.trial != nil && in.Trial.trial.UniqueFingerprint == nil
	if cmd.Metadata, err = fields.ObjectText(in.Metadata); err != nil {
		return cmd, err
	}
	cmd.Parts, err = in.parts()
	return cmd, err
}

// parts are the prices and features that the request names, nil if it names none.
func (in planRequest) parts() (*catalog.Parts, error) {
	if !in.Price.given && in.Further == nil && in.Items == nil {
		return nil, nil
	}
	parts := &catalog.Parts{}
	if in.Price.given {
		parts.Base = &[]catalog.WantedItem{}
	}
	if in.Price.price != nil {
		w, err := in.Price.price.wanted("price.")
		if err != nil {
			return nil, err
		}
		parts.Base = &[]catalog.WantedItem{w}
	}
	if in.Further != nil {
		parts.Fees = &[]catalog.WantedItem{}
		for n, fee := range *in.Further {
			w, err := fee.wanted(fmt.Sprintf("further_prices[%d].", n))
			if err != nil {
				return nil, err
			}
			*parts.Fees = append(*parts.Fees, w)
		}
	}
	if in.Items != nil {
		parts.Features = &[]catalog.WantedItem{}
		for n, item := range *in.Items {
			w, err := item.wanted(fmt.Sprintf("items[%d].", n))
			if err != nil {
				return nil, err
			}
			*parts.Features = append(*parts.Features, w)
		}
	}
	return parts, nil
}

// planJSON is a plan in answers.
type planJSON struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Description api.OrNull       `json:"description"`
	Group       api.OrNull       `json:"group"`
	Version     int              `json:"version"`
	AddOn       bool             `json:"add_on"`
	AutoEnable  bool             `json:"auto_enable"`
	Price       *basePriceJSON   `json:"price"`
	Further     []basePriceJSON  `json:"further_prices,omitempty"`
	Items       []planItemJSON   `json:"items"`
	Trial       *planTrialJSON   `json:"free_trial,omitempty"`
	CreatedAt   api.Millis       `json:"created_at"`
	Env         catalog.Env      `json:"env"`
	Currency    money.Currency   `json:"currency"` // of its prices
	Archived    bool             `json:"archived"`
	Config      planConfigJSON   `json:"config"`
	Metadata    json.RawMessage  `json:"metadata"`
	BaseVariant api.OrNull       `json:"base_variant_id"` // always null: there are no variants
	Eligibility *eligibilityJSON `json:"customer_eligibility,omitempty"`
}

type planConfigJSON struct {
	IgnorePastDue bool `json:"ignore_past_due"`
}

func planAnswer(p catalog.Product, cat *catalog.Catalog, env catalog.Env) planJSON {
	out := planJSON{ID: p.ID, Name: p.Name, Description: api.OrNull(p.Text), Group: api.OrNull(p.Group), Version: p.Version, AddOn: p.AddOn, AutoEnable: p.Default,
		Items: []planItemJSON{}, CreatedAt: api.Millis(p.CreatedAt), Env: env, Currency: cat.Currency(), Archived: p.Archived, Trial: planTrialOf(p.Trial), Metadata: json.RawMessage(cmp.Or(p.Metadata, "{}"))}
	base, fees, features := p.Parted()
	if base != nil {
		price := basePriceOf(*base)
		out.Price = &price
	}
	for _, fee := range fees {
		out.Further = append(out.Further, basePriceOf(fee))
	}
	for _, item := range features {
		out.Items = append(out.Items, planItemAnswer(item, cat.Features[item.FeatureID]))
	}
	return out
}

// eligibilityJSON is what a plan would mean to a customer.
type eligibilityJSON struct {
	TrialAvailable bool       `json:"trial_available"`
	Status         api.OrNull `json:"status"` // active or scheduled; null if it is not held
	Canceling      bool       `json:"canceling"`
	Trialing       bool       `json:"trialing"`
	AttachAction   string     `json:"attach_action"` // activate, purchase, upgrade, downgrade or none
}

// attachActions has the word for what an attach would do.
var attachActions = map[billing.Scenario]string{billing.ScenarioNew: "activate", billing.ScenarioRenew: "activate", billing.ScenarioActive: "none",
	billing.ScenarioScheduled: "none", billing.ScenarioUpgrade: "upgrade", billing.ScenarioDowngrade: "downgrade", billing.ScenarioCancel: "downgrade"}

func eligibility(req api.Request, s billing.AttachState, p catalog.Product) *eligibilityJSON {
	scenario := s.Scenario(p, req.Now)
	out := &eligibilityJSON{TrialAvailable: p.Trial != nil && s.TrialOpen(p), AttachAction: attachActions[scenario]}
	if scenario == billing.ScenarioNew && p.OneOff() {
		out.AttachAction = "purchase"
	}
	if cp := s.CustomerProductOf(p.ID, req.Now); cp != nil {
		out.Status = api.OrNull(billing.Active)
		if cp.At(req.Now) == billing.Scheduled {
			out.Status = api.OrNull(billing.Scheduled)
		}
		out.Canceling, out.Trialing = !cp.CanceledAt.IsZero(), req.Now.Before(cp.TrialEnds)
	}
	return out
}
