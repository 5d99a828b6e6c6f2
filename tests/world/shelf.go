package world

import (
	"sync"

	"windfall/local/dynamodb"
)

// The catalogs that hundreds of stories begin with are made once, through the
// API; the other worlds begin with a copy of the table as it was then. To make
// a catalog asks nothing of Stripe.
var catalogCache struct {
	sync.Mutex
	catalogs map[string]cachedTables
}

// A cachedTables catalog fits a world whose table was the same before.
type cachedTables struct {
	before string
	after  dynamodb.Snapshot
}

// cachedCatalog makes a catalog in this world, or copies the one that an earlier world
// made. A world that something was asked of, or where calls may go wrong, makes
// its own.
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
