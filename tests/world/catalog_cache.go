package world

import (
	"sync"

	"windfall/local/dynamodb"
)

// The catalogs of hundreds of stories are built once, through the API; every
// other world begins with a copy of that table. Building a catalog makes no
// call to Stripe.
var catalogCache struct {
	sync.Mutex
	catalogs map[string]cachedTables
}

// cachedTables are the table before and after a catalog was built. They fit a
// world whose table equals the one before.
type cachedTables struct {
	before string
	after  dynamodb.Snapshot
}

// cachedCatalog copies the catalog of an earlier world into this one. The first
// world, one with calls before its catalog, and one with faults build their
// own.
func (w *World) cachedCatalog(name string, fill func()) {
	w.Helper()
	o := w.Stack.Options
	if w.asked.Load() || o.Dir != "" || o.Binaries != "" || o.StripeKey != "" || o.Faults.DynamoDB != nil || o.Faults.Stripe != nil {
		fill()
		return
	}
	before := w.Stack.Tables()
	if c, ok := cachedTablesOf(name); ok && c.before == before {
		if err := w.Stack.DB.Restore(c.after); err != nil {
			w.Fatal(err)
		}
		return
	}
	fill()
	catalogCache.Lock()
	defer catalogCache.Unlock()
	if catalogCache.catalogs == nil {
		catalogCache.catalogs = map[string]cachedTables{}
	}
	catalogCache.catalogs[name] = cachedTables{before, w.Stack.DB.Snapshot()}
}

func cachedTablesOf(name string) (cachedTables, bool) {
	catalogCache.Lock()
	defer catalogCache.Unlock()
	c, ok := catalogCache.catalogs[name]
	return c, ok
}
