package dynamo

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/billing"
)

// Catalog implements app.Store: one Query loads all that is offered.
func (s *Store) Catalog(ctx context.Context, env billing.Env, fresh bool) (*billing.Catalog, error) {
	if c, ok := s.cache.catalog(env); ok && !fresh {
		return c, nil
	}
	readAt := s.cache.clock()
	rows, err := s.query(ctx, catalogPK(env), "", false)
	if err != nil {
		return nil, err
	}
	c := &billing.Catalog{
		Features: map[string]billing.Feature{}, Products: map[string][]billing.Product{},
		Rewards: map[string]billing.Reward{}, Programs: map[string]billing.ReferralProgram{},
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
func addToCatalog(c *billing.Catalog, r row, read *reading) (err error) {
	var v any
	prefix, id, _ := strings.Cut(r.text("SK"), "#")
	switch prefix + "#" {
	case featurePrefix:
		v, err = read.data(r, new(billing.Feature))
		c.Features[id] = *v.(*billing.Feature)
	case productPrefix:
		v, err = read.data(r, new(billing.Product))
		p := *v.(*billing.Product)
		c.Products[p.ID] = append(c.Products[p.ID], p)
		if r.flag("held") {
			c.VersionsInUse[billing.VersionKey(p.ID, p.Version)] = true
		}
	case pricePrefix:
		c.StripePrices[id] = r.text("stripe")
	case rewardPrefix:
		v, err = read.data(r, new(billing.Reward))
		c.Rewards[id] = *v.(*billing.Reward)
	case programPrefix:
		v, err = read.data(r, new(billing.ReferralProgram))
		c.Programs[id] = *v.(*billing.ReferralProgram)
	case settingsSK + "#":
		err = r.json("data", &c.Settings)
		c.Settings.Version = r.int("ver")
	default:
		err = fmt.Errorf("row %s %s: no such row in a catalog", r.text("PK"), r.text("SK"))
	}
	return err
}

// ProductInUse implements app.Store.
func (s *Store) ProductInUse(ctx context.Context, env billing.Env, productID string) (bool, error) {
	c, err := s.Catalog(ctx, env, true)
	if err != nil {
		return false, err
	}
	for _, p := range c.Products[productID] {
		if c.VersionsInUse[billing.VersionKey(p.ID, p.Version)] {
			return true, nil
		}
	}
	return false, nil
}
