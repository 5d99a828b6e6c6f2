package world

import (
	"sync"

	"windfall/local/dynamodb"
)

// The catalogs that hundreds of stories begin with are made once, through the
// API; the other worlds begin with a copy of the table as it was then. To make
// a catalog asks nothing of Stripe.
var shelf struct {
	sync.Mutex
	catalogs map[string]copied
}

// A copied catalog fits a world whose table was the same before.
type copied struct {
	before string
	after  dynamodb.Snapshot
}

// once makes a catalog in this world, or copies the one that an earlier world
// made. A world that something was asked of, or where calls may go wrong, makes
// its own.
func (w *World) once(name string, fill func()) {
	w.Helper()
	o := w.Stack.Options
	if w.asked.Load() || o.Dir != "" || o.Binaries != "" || o.StripeKey != "" || o.Faults.DynamoDB != nil || o.Faults.Stripe != nil {
		fill()
		return
	}
	before := w.Stack.Tables()
	if c, ok := onShelf(name); ok && c.before == before {
		if err := w.Stack.DB.Restore(c.after); err != nil {
			w.Fatal(err)
		}
		return
	}
	fill()
	shelf.Lock()
	defer shelf.Unlock()
	if shelf.catalogs == nil {
		shelf.catalogs = map[string]copied{}
	}
	shelf.catalogs[name] = copied{before, w.Stack.DB.Snapshot()}
}

func onShelf(name string) (copied, bool) {
	shelf.Lock()
	defer shelf.Unlock()
	c, ok := shelf.catalogs[name]
	return c, ok
}
