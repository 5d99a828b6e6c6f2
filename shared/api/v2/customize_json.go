package v2

import (
	"fmt"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// customizeRequest is what a plan has otherwise for one customer. What is left out stays.
type customizeRequest struct {
	Price  basePriceField     `json:"price"`
	Items  *[]planItemRequest `json:"items"` // instead of all items
	Add    []planItemRequest  `json:"add_items"`
	Remove []itemFilter       `json:"remove_items"`
	Trial  trialField         `json:"free_trial"`

	Controls controlsField `json:"billing_controls"`
	Upserts  fields.Unset  `json:"upsert_licenses" instead:"there are no licences. Create an entity for each seat with entities.create."`
	Removes  fields.Unset  `json:"remove_licenses" instead:"there are no licences. Create an entity for each seat with entities.create."`
}

// itemFilter selects items: by all that it says.
type itemFilter struct {
	FeatureID string      `json:"feature_id"`
	Method    api.OrNull  `json:"billing_method"`
	Interval  api.OrNull  `json:"interval"`
	Count     *int        `json:"interval_count"`
	Included  *api.Number `json:"included"`
}

// into adds the changes to a command; nil adds nothing.
func (in *customizeRequest) into(cmd *app.AttachCommand) (err error) {
	if in == nil {
		return nil
	}
	if in.Trial.given { // it takes precedence
		if cmd.Terms.Trial, cmd.Terms.NoTrial, err = in.Trial.rule(); err != nil {
			return err
		}
	}
	patch := billing.ItemsPatch{NoPrice: in.Price.given && in.Price.price == nil}
	if p := in.Price.price; p != nil {
		w, err := p.wanted("customize.price.")
		if err != nil {
			return err
		}
		patch.Price = &w
	}
	if in.Items != nil {
		if len(in.Add)+len(in.Remove) > 0 {
			return api.InvalidInputs("customize.items is all that the plan has, so add_items and remove_items have no meaning beside it. Send one of them.")
		}
		list, err := wantedItems("customize.items", *in.Items)
		if err != nil {
			return err
		}
		patch.Features = &list
	}
	if patch.Add, err = wantedItems("customize.add_items", in.Add); err != nil {
		return err
	}
	for n, f := range in.Remove {
		m, err := f.match(n)
		if err != nil {
			return err
		}
		patch.Remove = append(patch.Remove, m)
	}
	if in.Price.given || in.Items != nil || len(in.Add)+len(in.Remove) > 0 {
		cmd.Terms.Patch = &patch
	}
	return nil
}

func wantedItems(field string, in []planItemRequest) ([]catalog.WantedItem, error) {
	var out []catalog.WantedItem
	for n, item := range in {
		w, err := item.wanted(fmt.Sprintf("%s[%d].", field, n))
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

func (f itemFilter) match(n int) (m billing.ItemsMatch, err error) {
	model, known := methods[f.Method]
	switch {
	case !known:
		return m, api.InvalidInputs("customize.remove_items[%d].billing_method: prepaid or usage_based, not %.40q.", n, f.Method)
	case f == itemFilter{}:
		return m, api.InvalidInputs("customize.remove_items[%d]: say which items: by feature_id, billing_method, interval or included.", n)
	case f.Count != nil && *f.Count < 1:
		return m, api.InvalidInputs("customize.remove_items[%d].interval_count: 1 or more.", n)
	case f.Count != nil && f.Interval == "":
		return m, api.InvalidInputs("customize.remove_items[%d].interval_count: it counts an interval. Pass in interval, too.", n)
	}
	m = billing.ItemsMatch{FeatureID: f.FeatureID, UsageModel: model, Included: f.Included.Given()}
	if f.Interval != "" {
		cycle := cycleOf(f.Interval, f.Count)
		m.Cycle = &cycle
	}
	return m, nil
}
