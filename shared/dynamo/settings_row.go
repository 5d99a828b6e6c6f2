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
	})
}

func (t *transaction) SaveSettings(w app.SaveSettings) {
	t.add(t.putVersion(catalogKey(t.env, settingsSK, ""), w.Settings, w.Settings.Version)...)
}
