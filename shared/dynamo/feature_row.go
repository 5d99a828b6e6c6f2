package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/catalog"
)

const featurePrefix = "FEATURE#"

func init() {
	declare(kind{
		name: "feature", pk: "<env>#CATALOG", sk: featurePrefix + "<id>", version: 1,
		catalog: func(c *catalog.Catalog, r row, read *reading) error {
			v, err := read.data(r, new(catalog.Feature))
			c.Features[idOf(r)] = *v.(*catalog.Feature)
			return err
		},
		writes: []handler{
			on(func(t table, w app.SaveFeature) items {
				r := newRow(catalogKey(t.env, featurePrefix, w.Feature.ID))
				r.setJSON("data", w.Feature)
				return items{t.put(r, ifNew(w.New), nil)}
			}),
			on(func(t table, w app.DeleteFeature) items {
				return items{t.remove(catalogKey(t.env, featurePrefix, w.ID), isThere, nil)}
			}),
		},
	})
}
