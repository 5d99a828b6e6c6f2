package customers

import (
	"maps"
	"slices"
	"time"

	"github.com/a-h/templ"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/entitlement"
)

// balances are what the customer may still use. A feature that is on or off has no figures.
func (o overview) balances() templ.Component {
	t := ui.Table{Caption: "Balances", Empty: "No balances.", Columns: []ui.Column{{Name: "Feature"}, {Name: "Left", Number: true}, {Name: "Used", Number: true},
		{Name: "Granted", Number: true}, {Name: "Progress"}, {Name: "Resets on"}}}
	for _, id := range slices.Sorted(maps.Keys(o.Balances)) {
		if row := balanceRow(o.cat, o.Balances[id].At(o.r.Now), o.r.Now); row != nil {
			t.Rows = append(t.Rows, row)
		}
	}
	return ui.Section("Balances", nil, ui.TablePart(t))
}

// balanceRow is nil for a feature of which the customer has nothing any more.
func balanceRow(cat *catalog.Catalog, b entitlement.Balance, now time.Time) []templ.Component {
	if !b.Has(now) {
		return nil
	}
	name, sum := featureName(cat, b.FeatureID), b.Sum(now)
	none := ui.T("–")
	switch {
	case cat.Features[b.FeatureID].Type == catalog.Boolean:
		return []templ.Component{ui.T(name), ui.T("On"), none, none, none, none}
	case sum.Unlimited:
		return []templ.Component{ui.T(name), ui.T("Unlimited"), ui.T(ui.Number(sum.Used)), ui.T("Unlimited"), none, none}
	}
	resets := templ.Component(ui.DayOf(sum.ResetsAt))
	if sum.ResetsAt.IsZero() {
		resets = ui.T("Never")
	}
	most := sum.Granted
	if sum.Used.GreaterThan(most) {
		most = sum.Used
	}
	progress := templ.Component(none)
	if most.IsPositive() {
		progress = ui.Meter(name+" used", sum.Used.String(), most.String())
	}
	return []templ.Component{ui.T(name), ui.T(ui.Number(sum.Remaining)), ui.T(ui.Number(sum.Used)), ui.T(ui.Number(sum.Granted)), progress, resets}
}
