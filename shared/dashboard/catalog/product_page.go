package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

var toProducts = ui.Link{Text: "Back to products", Href: tab(productsTab)}

func (p pages) productRoutes() []web.Route {
	return slices.Concat(
		[]web.Route{{Pattern: "GET /dashboard/products", Serve: p.products}},
		web.FormPage{Path: "/dashboard/products/products/new", Show: p.newProduct, Save: p.createProduct}.Routes(),
		web.FormPage{Path: "/dashboard/products/products/{id}/edit", Show: p.editProduct, Save: p.saveProduct}.Routes())
}

// addItem shows the form again with one more item.
var addItem = []ui.Button{{Name: "again", Value: "feature", Text: "Add feature"}}

func (p pages) newProduct(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	items, sent := rows(r, c, nil)
	fields := slices.Concat([]ui.Field{
		{Name: fName, Label: "Name", Hint: "Customers see it on invoices and pages."},
		{Name: fID, Label: "ID", Hint: "Your application names the product by it. Blank: it is made from the name."},
	}, productFields(c, catalog.Product{}, items))
	return web.View{Page: ui.Page{Title: "New product", Nav: "Products", Back: toProducts},
		Form: ui.Form{Action: at(productsTab, "new"), Fields: fields, Hidden: []ui.Field{sent}, Button: "Create", More: addItem}}, nil
}

func (p pages) createProduct(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cmd, err := readProduct(r, c, catalog.Product{})
	if err != nil {
		return web.Answer{}, err
	}
	if cmd.ID = r.Value(fID); cmd.ID == "" {
		cmd.ID = catalog.IDFrom(*cmd.Name, "product", func(id string) bool { return len(c.Products[id]) > 0 })
	}
	if _, err := p.admin.CreateProduct(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, ofProduct(err)
	}
	return web.Done(tab(productsTab), "Product created."), nil
}

func (p pages) editProduct(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	product, err := c.Product(r.Param("id"))
	if err != nil {
		return web.View{}, missing(err, toProducts)
	}
	shownItems, others := kept(c, product)
	items, sent := rows(r, c, shownItems)
	fields := slices.Concat([]ui.Field{{Name: fName, Label: "Name", Value: product.Name}}, productFields(c, product, items),
		[]ui.Field{{Kind: ui.Checkbox, Name: fArchived, Label: "Archived", Value: shown(product.Archived, "on"), Hint: "It is not listed for sale any more."}})
	note := fmt.Sprintf("ID: %s. Version %d.", product.ID, product.Version)
	if c.VersionsInUse[catalog.VersionKey(product.ID, product.Version)] {
		note += fmt.Sprintf(" Customers have it: other prices, features or another trial make version %d, for those who come then.", product.Version+1)
	}
	if len(others) > 0 {
		note += " Changed by the API alone, and kept as they are: " + listed(others) + "."
	}
	return web.View{Page: ui.Page{Title: "Edit product", Nav: "Products", Back: toProducts, Actions: editors(r, ui.Link{Text: "Delete product", Href: productPath(product.ID, "delete")})},
		Form: ui.Form{Action: productPath(product.ID), Fields: fields, Hidden: []ui.Field{sent, {Name: fVersion, Value: strconv.Itoa(product.Version)}}, Button: "Save", More: addItem, Note: note}}, nil
}

func (p pages) saveProduct(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	product, err := c.Product(r.Param("id"))
	if err != nil {
		return web.Answer{}, missing(err, toProducts)
	}
	cmd, err := readProduct(r, c, product)
	if err != nil {
		return web.Answer{}, err
	}
	archived := r.Checked(fArchived)
	cmd.ID, cmd.Archived = product.ID, &archived
	cmd.Version, _ = strconv.Atoi(r.Value(fVersion)) // that was edited; without one the latest
	if _, err := p.admin.EditProduct(ctx, r.Caller(), cmd); err != nil {
		return web.Answer{}, ofProduct(err)
	}
	return web.Done(tab(productsTab), "Saved."), nil
}
