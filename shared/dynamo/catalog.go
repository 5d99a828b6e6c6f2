package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/catalog"
)

// Catalog implements app.Store. A catalog that was read before is compared by its
// version, in one small read, and only the rows that changed since are read again.
func (s *Store) Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error) {
	k, current := s.cache.catalog(env)
	if current && !fresh {
		return k.rows, nil
	}
	k, err := s.renewed(ctx, env, k)
	if err != nil {
		return nil, err
	}
	s.cache.keepCatalog(env, k)
	return k.rows, nil
}

// renewed is a catalog as it is now. The version is read before the rows: they are as new
// as it says, or newer. All rows are read
//
//   - without a catalog, or a version that knows what changed in it since;
//   - while an earlier release may be changing it beside this one: until an hour after
//     the first change that was counted;
//   - after an hour in any case.
func (s *Store) renewed(ctx context.Context, env catalog.Env, k keptCatalog) (keptCatalog, error) {
	v, err := s.catalogVersion(ctx, env)
	if err != nil {
		return k, err
	}
	if changed, known := v.after(k.version.n); known && v.countsSince(k.whole) && k.at.Sub(k.whole) < settled {
		c, err := s.withRows(ctx, env, k.rows, v.n, changed)
		if err != nil {
			return k, err
		}
		if c != nil {
			k.rows, k.version = c, v
			return k, nil
		}
	}
	return s.wholeCatalog(ctx, env, k, v)
}

// wholeCatalog reads all rows, in one Query. It may show a part of a change that is being
// made; then the next read that must be fresh is of all rows again.
func (s *Store) wholeCatalog(ctx context.Context, env catalog.Env, k keptCatalog, v catalogVersion) (keptCatalog, error) {
	rows, err := s.query(ctx, catalogPK(env), "", false)
	if err != nil {
		return k, err
	}
	c := &catalog.Catalog{
		Features: map[string]catalog.Feature{}, Products: map[string][]catalog.Product{},
		Rewards: map[string]catalog.Reward{}, Programs: map[string]catalog.ReferralProgram{},
		StripePrices: map[string]string{}, VersionsInUse: map[string]bool{},
	}
	read := s.cache.reading(env)
	for _, r := range rows {
		if err := addToCatalog(c, r, read); err != nil {
			return k, err
		}
	}
	s.cache.keepParsed(env, read)
	if k.at.Sub(v.moved) < applied && !shown(v.last(len(v.changes)), rows) {
		v.n = 0
	}
	c.Settings.Currency = cmp.Or(c.Settings.Currency, s.money)
	k.rows, k.version, k.whole, k.empty = c.Indexed().AtRevision(v.n), v, k.at, len(rows) == 0
	return k, nil
}

// withRows is a catalog with these changes, those up to version n; nil if a row does not
// show its own yet, or shows a later one.
func (s *Store) withRows(ctx context.Context, env catalog.Env, c *catalog.Catalog, n int64, changes []change) (*catalog.Catalog, error) {
	if len(changes) == 0 {
		return c, nil
	}
	keys := make([]map[string]types.AttributeValue, len(changes))
	for i, ch := range changes {
		keys[i] = key{catalogPK(env), ch.sk}.attributes()
	}
	rows, err := s.batch(ctx, keys)
	if err != nil || !shown(changes, rows) {
		return nil, err
	}
	was, sameLook := c, true
	c = c.Draft()
	owned := map[*kind]bool{}
	for _, ch := range changes {
		k := kindOf(key{catalogPK(env), ch.sk})
		if k == nil {
			return nil, errUnknownRow(catalogPK(env), ch.sk)
		}
		if !owned[k] {
			k.own(c)
			owned[k] = true
			sameLook = sameLook && !k.looked
		}
		k.without(c, idIn(ch.sk))
	}
	read := s.cache.reading(env)
	for _, r := range rows {
		if err := addToCatalog(c, r, read); err != nil {
			return nil, err
		}
	}
	if sameLook {
		c.LookedAs(was)
	}
	c.Settings.Currency = cmp.Or(c.Settings.Currency, s.money)
	return c.Indexed().AtRevision(n), nil
}

func addToCatalog(c *catalog.Catalog, r row, read *reading) error {
	k := kindOf(key{r.text("PK"), r.text("SK")})
	if k == nil || k.catalog == nil {
		return errUnknownRow(r.text("PK"), r.text("SK"))
	}
	return k.catalog(c, r, read)
}

func errUnknownRow(pk, sk string) error {
	return fmt.Errorf("row %s %s: no such row in a catalog", pk, sk)
}

// idIn is the id at the end of a catalog's sort key.
func idIn(sk string) string {
	_, id, _ := strings.Cut(sk, "#")
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
