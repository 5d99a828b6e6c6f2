package dynamo

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	productPrefix = "PRODUCT#"
	pricePrefix   = "PRICE#"
)

// Versions of a product are kept in their order, in which a whole catalog has them.
func init() {
	declare(kind{
		name: "product version", pk: "<env>#CATALOG", sk: productPrefix + "<id>#<version>", version: 1,
		catalog: func(c *catalog.Catalog, r row, read *reading) error {
			p, err := parsed[catalog.Product](read, r)
			c.Products[p.ID] = append(c.Products[p.ID], p)
			versions := c.Products[p.ID]
			for i := len(versions) - 1; i > 0 && versions[i-1].Version > p.Version; i-- {
				versions[i-1], versions[i] = versions[i], versions[i-1]
			}
			if r.flag("held") {
				c.VersionsInUse[catalog.VersionKey(p.ID, p.Version)] = true
			}
			return err
		},
		own: (*catalog.Catalog).OwnProducts, looked: true,
		without: func(c *catalog.Catalog, key string) {
			id, number, _ := strings.Cut(key, "#")
			version, _ := strconv.Atoi(number)
			var others []catalog.Product // in a list of its own
			for _, p := range c.Products[id] {
				if p.Version != version {
					others = append(others, p)
				}
			}
			if c.Products[id] = others; others == nil {
				delete(c.Products, id)
			}
			delete(c.VersionsInUse, catalog.VersionKey(id, version))
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
			c.StripePrices[idIn(r.text("SK"))] = r.text("stripe")
			return nil
		},
		own:     func(c *catalog.Catalog) { c.StripePrices = maps.Clone(c.StripePrices) },
		without: func(c *catalog.Catalog, id string) { delete(c.StripePrices, id) },
	})
}

func (t *transaction) SaveStripePrice(w app.SaveStripePrice) {
	r := newRow(catalogKey(t.env, pricePrefix, w.Key))
	r.setText("stripe", w.StripeID)
	t.add(t.put(r, whenever, nil))
}

const featurePrefix = "FEATURE#"

func init() {
	declare(kind{
		name: "feature", pk: "<env>#CATALOG", sk: featurePrefix + "<id>", version: 1,
		catalog: func(c *catalog.Catalog, r row, read *reading) (err error) {
			c.Features[idIn(r.text("SK"))], err = parsed[catalog.Feature](read, r)
			return err
		},
		own: func(c *catalog.Catalog) { c.Features = maps.Clone(c.Features) }, looked: true,
		without: func(c *catalog.Catalog, id string) { delete(c.Features, id) },
	})
}

func (t *transaction) SaveFeature(w app.SaveFeature) {
	t.add(t.putData(catalogKey(t.env, featurePrefix, w.Feature.ID), w.Feature, ifNew(w.New))...)
}

func (t *transaction) DeleteFeature(w app.DeleteFeature) {
	t.add(t.remove(catalogKey(t.env, featurePrefix, w.ID), isThere, nil))
}

const settingsSK = "SETTINGS"

func init() {
	declare(kind{
		name: "settings", pk: "<env>#CATALOG", sk: settingsSK, version: 1,
		catalog: func(c *catalog.Catalog, r row, _ *reading) error {
			err := r.json("data", &c.Settings)
			c.Settings.Version = r.int("ver")
			return err
		},
		own:     func(*catalog.Catalog) {},
		without: func(c *catalog.Catalog, _ string) { c.Settings = catalog.Settings{} },
	})
}

func (t *transaction) SaveSettings(w app.SaveSettings) {
	t.add(t.putVersion(catalogKey(t.env, settingsSK, ""), w.Settings, w.Settings.Version)...)
}
