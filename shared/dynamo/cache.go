package dynamo

import (
	"reflect"
	"sync"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	catalogAge = 10 * time.Second // how old a catalog may be that no money depends on
	keyAge     = time.Minute      // how long a revoked key may still open
	maxKeys    = 1000             // API keys remembered; a company has a handful
)

// A cache keeps data that every request needs. It measures age by the wall clock,
// not by the clock of the billing, which may stand still on a laptop.
type cache struct {
	clock    func() time.Time
	mu       sync.Mutex
	catalogs map[catalog.Env]kept[*catalog.Catalog]
	rows     map[catalog.Env]map[string]parsedRow
	keys     map[string]kept[app.Key]
}

type kept[V any] struct {
	value V
	at    time.Time
}

func newCache(clock func() time.Time) *cache {
	return &cache{clock: clock, catalogs: map[catalog.Env]kept[*catalog.Catalog]{},
		rows: map[catalog.Env]map[string]parsedRow{}, keys: map[string]kept[app.Key]{}}
}

func (c *cache) catalog(env catalog.Env) (*catalog.Catalog, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.catalogs[env]
	return k.value, ok && c.clock().Sub(k.at) < catalogAge
}

func (c *cache) keepCatalog(env catalog.Env, v *catalog.Catalog, readAt time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.catalogs[env]; !ok || !readAt.Before(old.at) {
		c.catalogs[env] = kept[*catalog.Catalog]{v, readAt}
	}
}

// reading begins a read of a catalog, with the rows parsed by the last one.
func (c *cache) reading(env catalog.Env) *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &reading{before: c.rows[env], now: map[string]parsedRow{}}
}

// keepParsed keeps the parsed rows of a whole catalog for the next read.
func (c *cache) keepParsed(env catalog.Env, r *reading) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[env] = r.now
}

func (c *cache) key(hash string) (app.Key, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.keys[hash]
	return k.value, ok && c.clock().Sub(k.at) < keyAge
}

func (c *cache) keepKey(k app.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.keys) >= maxKeys {
		clear(c.keys)
	}
	c.keys[k.Hash] = kept[app.Key]{k, c.clock()}
}

// forget drops the catalog when one of the writes changed it, so that
// the caller of a change sees it at once.
func (c *cache) forget(env catalog.Env, writes []app.Write) {
	for _, w := range writes {
		if k := handlers[reflect.TypeOf(w)].kind; k != nil && k.catalog != nil {
			c.mu.Lock()
			delete(c.catalogs, env)
			c.mu.Unlock()
			return
		}
	}
}

// factsCache keeps what filing needs of customers. Its zero value is empty.
type factsCache struct {
	mu    sync.Mutex
	facts map[usageCustomer]kept[usageFacts]
}

func (c *factsCache) get(who usageCustomer, now time.Time) (usageFacts, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.facts[who]
	return k.value, ok && now.Sub(k.at) < factsAge
}

func (c *factsCache) keep(who usageCustomer, about usageFacts, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.facts == nil || len(c.facts) >= maxFacts {
		c.facts = map[usageCustomer]kept[usageFacts]{}
	}
	c.facts[who] = kept[usageFacts]{about, now}
}
