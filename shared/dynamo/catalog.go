package dynamo

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Catalog implements app.Store: one Query loads all that is offered.
func (s *Store) Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error) {
	if c, ok := s.cache.catalog(env); ok && !fresh {
		return c, nil
	}
	readAt := s.cache.clock()
	rows, err := s.query(ctx, catalogPK(env), "", false)
	if err != nil {
		return nil, err
	}
	c := &catalog.Catalog{
		Features: map[string]catalog.Feature{}, Products: map[string][]catalog.Product{},
		Rewards: map[string]catalog.Reward{}, Programs: map[string]catalog.ReferralProgram{},
		StripePrices: map[string]string{}, VersionsInUse: map[string]bool{},
	}
	read := s.cache.reading(env)
	for _, r := range rows {
		if err := addToCatalog(c, r, read); err != nil {
			return nil, err
		}
	}
	s.cache.keepCatalog(env, c, readAt)
	s.cache.keepParsed(env, read)
	return c, nil
}

// addToCatalog relies on the rows coming sorted: versions of a product ascend.
func addToCatalog(c *catalog.Catalog, r row, read *reading) error {
	k := kindOf(key{r.text("PK"), r.text("SK")})
	if k == nil || k.catalog == nil {
		return fmt.Errorf("row %s %s: no such row in a catalog", r.text("PK"), r.text("SK"))
	}
	return k.catalog(c, r, read)
}

// idOf is the id at the end of a catalog's sort key.
func idOf(r row) string {
	_, id, _ := strings.Cut(r.text("SK"), "#")
	return id
}

// ProductInUse implements app.Store.
func (s *Store) ProductInUse(ctx context.Context, env catalog.Env, productID string) (bool, error) {
	c, err := s.Catalog(ctx, env, true)
	if err != nil {
		return false, err
	}
	for _, p := range c.Products[productID] {
		if c.VersionsInUse[catalog.VersionKey(p.ID, p.Version)] {
			return true, nil
		}
	}
	return false, nil
}

// A reading keeps the parsed rows of a catalog for its next read. Parsing JSON
// is the larger part of a read and most rows are unchanged, so a row with the
// same text keeps its parsed value. A catalog is never changed once it was read.
type reading struct{ before, now map[string]parsedRow }

type parsedRow struct {
	text  string
	value any
}

// parsed is the data of a row, parsed now or kept from the read before. The
// prefix of a sort key implies the type V.
func parsed[V any](read *reading, r row) (v V, err error) {
	sk, text := r.text("SK"), r.text("data")
	if old, ok := read.before[sk]; ok && old.text == text {
		read.now[sk] = old
		return old.value.(V), nil
	}
	err = r.json("data", &v)
	read.now[sk] = parsedRow{text, v} // after an error nothing is kept
	return v, err
}

// byID reads rows of one kind into its map in the catalog.
func byID[V any](all func(*catalog.Catalog) map[string]V) func(*catalog.Catalog, row, *reading) error {
	return func(c *catalog.Catalog, r row, read *reading) (err error) {
		all(c)[idOf(r)], err = parsed[V](read, r)
		return err
	}
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
		writes: []handler{on(func(t table, w app.SaveSettings) items {
			return t.putVersion(catalogKey(t.env, settingsSK, ""), w.Settings, w.Settings.Version)
		})},
	})
}
