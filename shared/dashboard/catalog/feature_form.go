package catalog

import (
	"context"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

var toFeatures = ui.Link{Text: "Back to features", Href: tab(featuresTab)}

func (p pages) featureRoutes() []web.Route {
	return slices.Concat(
		web.FormPage{Path: "/dashboard/products/features/new", Show: p.newFeature, Save: p.createFeature}.Routes(),
		web.FormPage{Path: "/dashboard/products/features/{id}/edit", Show: p.editFeature, Save: p.saveFeature}.Routes())
}

const fArchived, costOf = "archived", "cost_of_" // …, followed by the id of a feature

// featureFields are the type of a feature, and what one unit of each feature costs in credits.
func featureFields(c *catalog.Catalog, f catalog.Feature) []ui.Field {
	fields := []ui.Field{{Kind: ui.Select, Name: fType, Label: "Type", Value: string(f.Type)}}
	for _, t := range []catalog.FeatureType{catalog.Boolean, catalog.SingleUse, catalog.ContinuousUse, catalog.CreditSystem} {
		fields[0].Options = append(fields[0].Options, ui.Option{Value: string(t), Text: featureTypes[t]})
	}
	for _, paid := range metered(c) {
		if paid.ID == f.ID {
			continue
		}
		cost := ui.Field{Kind: ui.Decimal, Name: costOf + paid.ID, Label: "Credits per " + paid.Name, When: fType + "=" + string(catalog.CreditSystem), Hint: "What one unit takes. Blank: it takes no credits."}
		if at := slices.IndexFunc(f.Credits, func(c catalog.CreditCost) bool { return c.FeatureID == paid.ID }); at >= 0 {
			cost.Value = f.Credits[at].Cost.String()
		}
		fields = append(fields, cost)
	}
	return fields
}

// metered are the features that are counted in units of their own, oldest first.
func metered(c *catalog.Catalog) []catalog.Feature {
	return slices.DeleteFunc(c.ListFeatures(), func(f catalog.Feature) bool { return f.Type != catalog.SingleUse && f.Type != catalog.ContinuousUse })
}

func (p pages) newFeature(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	fields := append([]ui.Field{{Name: fName, Label: "Name"}, {Name: fID, Label: "ID", Hint: "Your application names the feature by it. Blank: it is made from the name."}}, featureFields(c, catalog.Feature{Type: catalog.Boolean})...)
	return web.View{Page: ui.Page{Title: "New feature", Nav: "Products", Back: toFeatures, Narrow: true}, Form: ui.Form{Action: at(featuresTab, "new"), Fields: fields, Button: "Create"}}, nil
}

// featureProblems are the fields that refusals of a feature are about.
var featureProblems = map[refusal.Reason]string{
	catalog.ReasonFeatureText: fID, catalog.ReasonDuplicateFeature: fID, catalog.ReasonFeatureTypeUnknown: fType, catalog.ReasonFeatureTypeFixed: fType, catalog.ReasonCreditCostsMissing: fType,
}

// readFeature is what a form asks for, of a new feature or of one that is there.
func readFeature(r *web.Request, c *catalog.Catalog) (cmd catalog.EditFeature, err error) {
	name, kind := r.Value(fName), catalog.FeatureType(r.Value(fType))
	if name == "" {
		return cmd, web.On(fName, web.Invalid("Enter a name."))
	}
	cmd.Name, cmd.Type = &name, &kind
	var costs []catalog.CreditCost
	for _, paid := range metered(c) {
		typed := r.Value(costOf + paid.ID)
		if typed == "" {
			continue
		}
		cost, err := money.ParseDecimal(typed)
		switch {
		case err != nil:
			return cmd, web.On(costOf+paid.ID, web.Invalid("“%s” is no number: write one such as 1 or 0.5.", typed))
		case kind != catalog.CreditSystem:
			return cmd, web.On(costOf+paid.ID, web.Invalid("Only a feature of the type Credits is paid with: leave this blank."))
		}
		costs = append(costs, catalog.CreditCost{FeatureID: paid.ID, Cost: cost})
	}
	if kind == catalog.CreditSystem {
		cmd.Credits = &costs
	}
	return cmd, nil
}

func (p pages) createFeature(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cmd, err := readFeature(r, c)
	if err != nil {
		return web.Answer{}, err
	}
	if cmd.ID = r.Value(fID); cmd.ID == "" {
		cmd.ID = catalog.IDFrom(*cmd.Name, "feature", func(id string) bool { _, taken := c.Features[id]; return taken })
	}
	if _, err := p.admin.CreateFeature(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, about(err, featureProblems)
	}
	return web.Done(tab(featuresTab), "Feature created."), nil
}

// feature finds the feature that a path names.
func feature(r *web.Request, c *catalog.Catalog) (catalog.Feature, error) {
	f, known := c.Features[r.Param("id")]
	if !known {
		return f, missing(refusal.ErrFeatureNotFound(r.Param("id")), toFeatures)
	}
	return f, nil
}

func (p pages) editFeature(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	f, err := feature(r, c)
	if err != nil {
		return web.View{}, err
	}
	fields := append([]ui.Field{{Name: fName, Label: "Name", Value: f.Name}}, featureFields(c, f)...)
	fields = append(fields, ui.Field{Kind: ui.Checkbox, Name: fArchived, Label: "Archived", Value: shown(f.Archived, "on"), Hint: "New products are not to grant it."})
	return web.View{Page: ui.Page{Title: "Edit feature", Nav: "Products", Back: toFeatures, Narrow: true, Actions: editors(r, ui.Link{Text: "Delete feature", Href: featurePath(f.ID, "delete")})},
		Form: ui.Form{Action: featurePath(f.ID), Fields: fields, Button: "Save", Note: "ID: " + f.ID}}, nil
}

func (p pages) saveFeature(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	f, err := feature(r, c)
	if err != nil {
		return web.Answer{}, err
	}
	cmd, err := readFeature(r, c)
	if err != nil {
		return web.Answer{}, err
	}
	archived := r.Checked(fArchived)
	cmd.ID, cmd.Archived = f.ID, &archived
	if _, err := p.admin.EditFeature(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, about(err, featureProblems)
	}
	return web.Done(tab(featuresTab), "Saved."), nil
}
