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
	})
}

func (t *transaction) SaveProduct(w app.SaveProduct) {
	r := newRow(productKey(t.env, w.Product.ID, w.Product.Version))
	r.setJSON("data", w.Product)
	switch {
	case w.New:
		t.add(t.put(r, isNew, nil))
	case w.Held:
		r.setFlag("held", true)
		t.add(t.put(r, isThere, nil))
	default:
		t.add(t.put(r, isThere+" AND attribute_not_exists(held)", nil))
	}
}

func (t *transaction) DeleteProduct(w app.DeleteProduct) {
	t.add(t.remove(productKey(t.env, w.ID, w.Version), isThere+" AND attribute_not_exists(held)", nil))
}

func (t *transaction) MarkVersionInUse(w app.MarkVersionInUse) {
	t.add(t.update(productKey(t.env, w.ProductID, w.Version), "SET held = :yes", isThere, values{":yes": flag(true)}))
}

func productKey(env catalog.Env, id string, version int) key {
	return catalogKey(env, productPrefix, fmt.Sprintf("%s#%06d", id, version))
}

func init() {
	declare(kind{
		name: "Stripe price", pk: "<env>#CATALOG", sk: pricePrefix + "<item>", version: 1,
		catalog: func(c *catalog.Catalog, r row, _ *reading) error {
			c.StripePrices[idOf(r)] = r.text("stripe")
			return nil
		},
	})
}

func (t *transaction) SaveStripePrice(w app.SaveStripePrice) {
	r := newRow(catalogKey(t.env, pricePrefix, w.ItemID))
	r.setText("stripe", w.StripeID)
	t.add(t.put(r, whenever, nil))
}

const featurePrefix = "FEATURE#"

func init() {
	declare(kind{
		name: "feature", pk: "<env>#CATALOG", sk: featurePrefix + "<id>", version: 1,
		catalog: byID(func(c *catalog.Catalog) map[string]catalog.Feature { return c.Features }),
	})
}

func (t *transaction) SaveFeature(w app.SaveFeature) {
	t.add(t.putData(catalogKey(t.env, featurePrefix, w.Feature.ID), w.Feature, ifNew(w.New))...)
}

func (t *transaction) DeleteFeature(w app.DeleteFeature) {
	t.add(t.remove(catalogKey(t.env, featurePrefix, w.ID), isThere, nil))
}
