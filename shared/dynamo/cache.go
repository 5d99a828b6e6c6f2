package dynamo

import (
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
	catalogs map[catalog.Env]keptCatalog
	changes  map[catalog.Env]int // how often this store changed a catalog
	rows     map[catalog.Env]map[string]parsedRow
	keys     map[string]kept[app.Key]
}

type kept[V any] struct {
	value V
	at    time.Time
}

// A keptCatalog is a catalog and what is known of its age. Its rows are those of its
// version, or newer; with version 0 that is not known.
type keptCatalog struct {
	rows    *catalog.Catalog
	version catalogVersion
	at      time.Time // before its version was read last
	whole   time.Time // before all its rows were read last
	empty   bool      // and there were none
	changes int       // of this store, before its version was read last
}

func newCache(clock func() time.Time) *cache {
	return &cache{clock: clock, catalogs: map[catalog.Env]keptCatalog{}, changes: map[catalog.Env]int{},
		rows: map[catalog.Env]map[string]parsedRow{}, keys: map[string]kept[app.Key]{}}
}

// catalog returns what is kept of a catalog, and whether it is young enough where no money
// depends on it. Else it is to be renewed: at and changes are those of now.
func (c *cache) catalog(env catalog.Env) (k keptCatalog, current bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, now := c.catalogs[env], c.clock()
	current = k.rows != nil && k.changes == c.changes[env] && now.Sub(k.at) < catalogAge
	k.at, k.changes = now, c.changes[env]
	return k, current
}

func (c *cache) keepCatalog(env catalog.Env, k keptCatalog) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.catalogs[env]; !ok || !k.at.Before(old.at) {
		c.catalogs[env] = k
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

// forget makes the next read of a catalog look for changes, so that the caller of a change
// sees it at once. After a change that was refused all of it is read: what was known may
// be wrong.
func (c *cache) forget(env catalog.Env, refused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes[env]++
	if refused {
		delete(c.catalogs, env)
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
