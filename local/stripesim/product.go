package stripesim

import (
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const productParams = "active:b description features:[{name!}] images:[s] metadata:m package_dimensions:{height!:d length!:d weight!:d width!:d} shippable:b statement_descriptor tax_code unit_label url"

var productRoutes = []endpoint{
	{"POST /v1/products", "id name! default_price_data:{currency! recurring:{interval!:(day,week,month,year) interval_count:i} tax_behavior:(exclusive,inclusive,unspecified) unit_amount:i unit_amount_decimal:d} " + productParams, createProduct},
	{"GET /v1/products", "active:b created:r ids:[s] shippable:b url" + pageParams, listProducts},
	{"GET /v1/products/{id}", "", getProduct},
	{"POST /v1/products/{id}", "name default_price " + productParams, updateProduct},
	{"DELETE /v1/products/{id}", "", deleteProduct},
}

func createProduct(c *call) (any, error) {
	id := c.p.Str("id")
	if id == "" {
		id = c.newID("prod_")
	} else if _, exists := find[*object.Product](c.tx, id); exists {
		return nil, invalidCode("resource_already_exists", "id", "Product already exists.")
	}
	prod := &object.Product{ID: id, Object: "product", Active: true, Created: c.now, Name: c.p.Str("name")}
	c.put(prod)
	if err := c.setProduct(prod, c.p); err != nil {
		return nil, err
	}
	if c.p.Given("default_price_data") {
		price, err := c.newPrice(c.p.Sub("default_price_data"), id)
		if err != nil {
			return nil, err
		}
		prod.DefaultPrice = object.Text(price.ID)
		c.emit("price.created", price)
	}
	c.emit("product.created", prod)
	return prod, nil
}

// setProduct applies what create, update and product_data have in common.
func (t *tx) setProduct(prod *object.Product, p *form.Params) error {
	flag(&prod.Active, p, "active")
	text(&prod.Description, p, "description")
	text(&prod.StatementDescriptor, p, "statement_descriptor")
	text(&prod.UnitLabel, p, "unit_label")
	text(&prod.URL, p, "url")
	text(&prod.TaxCode, p, "tax_code")
	if p.Given("name") {
		prod.Name = p.Str("name")
	}
	if p.Given("shippable") {
		prod.Shippable = ptr(p.Bool("shippable"))
	}
	if prod.Images == nil || p.Has("images") {
		prod.Images = p.Strings("images")
	}
	if prod.Features == nil || p.Has("features") {
		prod.Features = []object.ProductFeature{}
		for _, f := range p.List("features") {
			prod.Features = append(prod.Features, object.ProductFeature{Name: f.Str("name")})
		}
	}
	prod.Updated = t.now
	var err error
	prod.Metadata, err = mergeMetadata(prod.Metadata, p)
	return err
}

func getProduct(c *call) (any, error) { return need[*object.Product](c.tx, "product", c.id, "id") }

func updateProduct(c *call) (any, error) {
	if _, err := need[*object.Product](c.tx, "product", c.id, "id"); err != nil {
		return nil, err
	}
	prod := edit[*object.Product](c.tx, c.id)
	if c.p.Has("default_price") {
		if id := c.p.Str("default_price"); id != "" {
			price, err := need[*object.Price](c.tx, "price", id, "default_price")
			if err != nil {
				return nil, err
			}
			if price.Product != c.id {
				return nil, invalid("default_price", "The price specified does not belong to this product.")
			}
		}
		text(&prod.DefaultPrice, c.p, "default_price")
	}
	if err := c.setProduct(prod, c.p); err != nil {
		return nil, err
	}
	c.emit("product.updated", prod)
	return prod, nil
}

// deleteProduct: only products without prices can go.
func deleteProduct(c *call) (any, error) {
	prod, err := need[*object.Product](c.tx, "product", c.id, "id")
	if err != nil {
		return nil, err
	}
	if len(ownedBy[*object.Price](c.tx, c.id)) > 0 {
		return nil, invalid("id", "This product cannot be deleted because it has one or more user-created prices.")
	}
	c.emit("product.deleted", prod)
	c.remove(prod)
	return object.Deleted{ID: c.id, Object: "product", Deleted: true}, nil
}

func listProducts(c *call) (any, error) {
	ids := map[string]bool{}
	for _, id := range c.p.Strings("ids") {
		ids[id] = true
	}
	return pageNewest(c, all[*object.Product](c.tx), func(o *object.Product) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("active") || o.Active == c.p.Bool("active")) &&
			(len(ids) == 0 || ids[o.ID]) && (!c.p.Given("url") || string(o.URL) == c.p.Str("url"))
	})
}
