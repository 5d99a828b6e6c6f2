package dynamo

import (
	"fmt"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	productPrefix = "PRODUCT#"
	pricePrefix   = "PRICE#"
)

// Versions of a product are read in their order, as their keys sort by it.
func init() {
	declare(kind{
		name: "product version", pk: "<env>#CATALOG", sk: productPrefix + "<id>#<version>", version: 1,
		catalog: func(c *catalog.Catalog, r row, read *reading) error {
			p, err := parsed[catalog.Product](read, r)
			c.Products[p.ID] = append(c.Products[p.ID], p)
			if r.flag("held") {
				c.VersionsInUse[catalog.VersionKey(p.ID, p.Version)] = true
			}
			return err
		},
		writes: []handler{
			on(table.saveProduct),
			on(func(t table, w app.DeleteProduct) items {
				return items{t.remove(productKey(t.env, w.ID, w.Version), isThere+" AND attribute_not_exists(held)", nil)}
			}),
			on(func(t table, w app.MarkVersionInUse) items {
				return items{t.update(productKey(t.env, w.ProductID, w.Version), "SET held = :yes", isThere, values{":yes": flag(true)})}
			}),
		},
	})
}

func productKey(env catalog.Env, id string, version int) key {
	return catalogKey(env, productPrefix, fmt.Sprintf("%s#%06d", id, version))
}

func (t table) saveProduct(w app.SaveProduct) items {
	r := newRow(productKey(t.env, w.Product.ID, w.Product.Version))
	r.setJSON("data", w.Product)
	if w.New {
		return items{t.put(r, isNew, nil)}
	}
	if w.Held {
		r.setFlag("held", true)
		return items{t.put(r, isThere, nil)}
	}
	return items{t.put(r, isThere+" AND attribute_not_exists(held)", nil)}
}

func init() {
	declare(kind{
		name: "Stripe price", pk: "<env>#CATALOG", sk: pricePrefix + "<item>", version: 1,
		catalog: func(c *catalog.Catalog, r row, _ *reading) error {
			c.StripePrices[idOf(r)] = r.text("stripe")
			return nil
		},
		writes: []handler{on(func(t table, w app.SaveStripePrice) items {
			r := newRow(catalogKey(t.env, pricePrefix, w.ItemID))
			r.setText("stripe", w.StripeID)
			return items{t.put(r, whenever, nil)}
		})},
	})
}

const featurePrefix = "FEATURE#"

func init() {
	declare(kind{
		name: "feature", pk: "<env>#CATALOG", sk: featurePrefix + "<id>", version: 1,
		catalog: byID(func(c *catalog.Catalog) map[string]catalog.Feature { return c.Features }),
		writes: []handler{
			on(func(t table, w app.SaveFeature) items {
				return t.putData(catalogKey(t.env, featurePrefix, w.Feature.ID), w.Feature, ifNew(w.New))
			}),
			on(func(t table, w app.DeleteFeature) items {
				return items{t.remove(catalogKey(t.env, featurePrefix, w.ID), isThere, nil)}
			}),
		},
	})
}
