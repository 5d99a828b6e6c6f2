package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/catalog"
)

const settingsSK = "SETTINGS"

func init() {
	declare(kind{
		name: "settings", pk: "<env>#CATALOG", sk: settingsSK, version: 1,
		catalog: func(c *catalog.Catalog, r row, _ *reading) error {
			err := r.json("data", &c.Settings)
			c.Settings.Version = r.int("ver")
			return err
		},
		writes: []handler{on(func(t table, w app.SaveSettings) items {
			r := newRow(catalogKey(t.env, settingsSK, ""))
			r.setJSON("data", w.Settings)
			r.setInt("ver", w.Settings.Version+1)
			condition, v := atVersion(w.Settings.Version)
			return items{t.put(r, condition, v)}
		})},
	})
}
