package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// productList is the table of products, newest first.
func productList(r *web.Request, c *catalog.Catalog) (ui.Table, ui.Paging) {
	t := ui.Table{Caption: "Products", Columns: ui.Columns("Product", "ID", "Price", "Features", "Kind", "Version"), Empty: "No products yet."}
	all := c.ListProducts(true)
	slices.Reverse(all)
	page, links := pageOf(r, tab(productsTab), all, perPage, func(p catalog.Product) string { return p.ID })
	for _, p := range page {
		t.Rows = append(t.Rows, []templ.Component{
			ui.A(p.Name, productPath(p.ID)), ui.Code(p.ID), ui.T(priceOf(c, p)), ui.T(listed(featuresOf(c, p))), ui.T(kindOf(p)), ui.T(count(p.Version, "version")),
		})
	}
	return t, links
}

// productPath is the address of a product.
func productPath(id string, more ...string) string {
	if len(more) == 0 {
		more = []string{"edit"}
	}
	return at(append([]string{productsTab, id}, more...)...)
}

func featurePath(id string, more ...string) string {
	if len(more) == 0 {
		more = []string{"edit"}
	}
	return at(append([]string{featuresTab, id}, more...)...)
}

// priceOf is what a product costs, by its plain prices: "$20.00 each month", "Free"; without any, what else its price depends on.
func priceOf(c *catalog.Catalog, p catalog.Product) string {
	var prices []string
	for _, i := range p.Items {
		if i.Kind() != catalog.PlainPrice || i.Price == nil {
			continue
		}
		price := ui.Major(*i.Price, c.Settings.Currency)
		if i.Cycle.Repeats() {
			price += " each " + i.Cycle.String()
		} else {
			price += " once"
		}
		prices = append(prices, price)
	}
	switch {
	case len(prices) > 0:
		return listed(prices)
	case p.Free():
		return "Free"
	case slices.ContainsFunc(p.Items, catalog.Item.InAdvance): // packs and seats that are bought
		return "By quantity"
	}
	return "By use"
}

func featuresOf(c *catalog.Catalog, p catalog.Product) (names []string) {
	for _, i := range p.Items {
		if i.FeatureID != "" && !slices.Contains(names, featureName(c, i.FeatureID)) {
			names = append(names, featureName(c, i.FeatureID))
		}
	}
	return names
}

// kindOf says what is special about a product.
func kindOf(p catalog.Product) string {
	var kinds []string
	for _, k := range []struct {
		is   bool
		word string
	}{{p.Archived, "Archived"}, {p.AddOn, "Add-on"}, {p.Default, "Default"}, {p.Trial != nil, "Trial"}} {
		if k.is {
			kinds = append(kinds, k.word)
		}
	}
	return cmp.Or(strings.Join(kinds, ", "), "—")
}

// features is the table of features, newest first.
func features(r *web.Request, c *catalog.Catalog) (ui.Table, ui.Paging) {
	t := ui.Table{Caption: "Features", Columns: ui.Columns("Feature", "ID", "Type"), Empty: "No features yet."}
	all := c.ListFeatures()
	slices.Reverse(all)
	page, links := pageOf(r, tab(featuresTab), all, perPage, func(f catalog.Feature) string { return f.ID })
	for _, f := range page {
		t.Rows = append(t.Rows, []templ.Component{ui.A(f.Name, featurePath(f.ID)), ui.Code(f.ID), ui.T(featureTypes[f.Type])})
	}
	return t, links
}

// featureTypes are the types of features, as people call them.
var featureTypes = map[catalog.FeatureType]string{
	catalog.Boolean: "Yes or no", catalog.SingleUse: "Used up", catalog.ContinuousUse: "Kept in use", catalog.CreditSystem: "Credits",
}
