package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/catalog"
)

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
