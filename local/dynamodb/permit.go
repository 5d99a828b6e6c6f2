package dynamodb

import (
	"net/http"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// An Access is one action of a request, in the words of a policy: a transaction
// has the actions of its parts.
type Access struct {
	Action    string // PutItem, Query, ConditionCheckItem, …
	Table     string
	Index     string // the index that is read
	Partition string // the value of the partition key; "" for a Scan
}

// A Permit tells whether the sender of a request has a permission.
type Permit func(Access) bool

// SetGuard makes every request pass the permit that f has for its sender; a nil
// permit allows everything. A request is refused whole, as by AWS.
func (db *DB) SetGuard(f func(*http.Request) Permit) { db.guard.Store(&f) }

func (db *DB) permitOf(r *http.Request) Permit {
	if guard := db.guard.Load(); guard != nil {
		return (*guard)(r)
	}
	return nil
}

// transactAction is the action that a part of a transaction needs.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
var transactAction = map[string]string{
	"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
}

func (ex *exchange) ask(action string, t *storage.Table, key attribute.Item) {
	ex.asked = true
	partition, _ := key.Get(t.Schema.Hash.Name) // an index's own, too: a query hands it over under this name
	a := Access{Action: action, Table: t.Name, Index: ex.call.Index, Partition: partition.Text}
	if ex.denied == nil && !ex.permit(a) {
		ex.denied = &a
	}
}

// refusal is AWS's answer to a sender without the permission.
func (ex *exchange) refusal() error {
	if ex.permit != nil && !ex.asked && !ex.permit(Access{Action: ex.call.Operation}) {
		ex.denied = &Access{Action: ex.call.Operation}
	}
	if ex.denied == nil {
		return nil
	}
	resource := "table/" + ex.denied.Table
	if ex.denied.Index != "" {
		resource += "/index/" + ex.denied.Index
	}
	return protocol.Refuse("AccessDeniedException", "not authorized to perform: dynamodb:%s on resource: %s with the leading key %q because no policy allows it",
		ex.denied.Action, resource, ex.denied.Partition)
}
