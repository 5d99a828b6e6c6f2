package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// Call describes a request to fault functions and observers.
type Call struct {
	Number    int64  // running number of the request, from 1
	Operation string // "GetItem" and so on
	Index     string // the index that a Query or Scan reads
	Keys      []Key  // the items it touches, in the order of the request
	Code      string // for observers: the error code answered, "" when it succeeded
	Lost      bool   // for observers: the caller never got the answer
}

// Key names an item by its key values as text (binary ones in base64). Sort is
// empty for a Query, which reads a whole partition, and Partition for a Scan.
type Key struct {
	Table     string
	Partition string
	Sort      string
}

// Observe calls f after every request with what it consumed, failed ones
// included, one at a time; nil takes it away. f must not call the database.
func (db *DB) Observe(f func(Call, Capacity)) {
	db.watch.Lock()
	defer db.watch.Unlock()
	db.observer = f
	db.watched.Store(db.fault != nil || db.observer != nil)
}

// touch notes an item of the request for fault functions and observers, and asks
// for the permission to do this to it.
func (ex *exchange) touch(action string, t *storage.Table, key attribute.Item) {
	if ex.permit != nil {
		ex.ask(action, t, key)
	}
	if ex.db.watched.Load() {
		ex.keys = append(ex.keys, keyOf(t, key))
	}
}

func keyOf(t *storage.Table, key attribute.Item) Key {
	text := func(name string) string {
		v, _ := key.Get(name)
		return v.Plain()
	}
	return Key{Table: t.Name, Partition: text(t.Schema.Hash.Name), Sort: text(t.Schema.Sort.Name)}
}

// number gives the request its running number.
func (ex *exchange) number() {
	if ex.call.Number == 0 {
		ex.db.calls++
		ex.call.Number = ex.db.calls
	}
	ex.call.Keys = ex.keys
}

func (ex *exchange) observe(e *protocol.Refusal, lost bool) {
	if !ex.db.watched.Load() {
		return
	}
	ex.db.watch.Lock()
	defer ex.db.watch.Unlock()
	if ex.number(); ex.db.observer == nil {
		return
	}
	ex.call.Lost = lost
	if e != nil {
		ex.call.Code = e.Code
	}
	ex.db.observer(ex.call, ex.meter.capacity())
}
