package dynamodb

import (
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// maxActions is the greatest number of actions in a transaction.
const maxActions = 100

// action is one member of TransactItems as it was sent.
type action struct {
	kind    string // Put, Update, Delete, ConditionCheck or Get
	request *request
}

// transactRequest is a TransactWriteItems or TransactGetItems request.
type transactRequest struct {
	actions  []action
	token    string
	hasToken bool
}

func (ex *exchange) readTransaction(r *protocol.Reader, kinds ...string) (*transactRequest, error) {
	q := &transactRequest{}
	given := false
	r.Object(func(name string) {
		switch name {
		case "TransactItems":
			given = true
			r.Array(func() { q.actions = append(q.actions, readAction(r, kinds)) })
		case "ClientRequestToken":
			q.token, q.hasToken = r.Text(), true
		case "ReturnConsumedCapacity":
			ex.meter.mode = readCapacityMode(r, name)
		default:
			r.Skip()
		}
	})
	r.End()
	ex.meter.transactional = true
	switch {
	case r.Err() != nil:
		return nil, r.Err()
	case !given:
		return nil, missingMember("transactItems")
	case len(q.actions) == 0 || len(q.actions) > maxActions:
		return nil, protocol.Invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to %d and greater than or equal to 1", maxActions)
	case q.hasToken && (q.token == "" || len(q.token) > 36):
		return nil, protocol.Invalid("1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36 and greater than or equal to 1")
	}
	return q, nil
}

func readAction(r *protocol.Reader, kinds []string) action {
	var read action
	r.Object(func(name string) {
		for _, kind := range kinds {
			if name != kind {
				continue
			}
			if read.kind != "" {
				r.Fail(protocol.Invalid("TransactItems can only contain one of Check, Put, Update or Delete"))
			}
			read = action{kind, readRequest(r)}
			return
		}
		r.Skip()
	})
	if read.kind == "" {
		r.Fail(protocol.Invalid("Invalid Request: TransactItems must contain one of %v", kinds))
	}
	return read
}

// location is an item's place in the whole database.
type location struct {
	table *storage.Table
	place keys.Place
}

// checkDistinct refuses two actions on one item.
func checkDistinct(seen map[location]bool, at location) error {
	if seen[at] {
		return protocol.Invalid("Transaction request cannot include multiple operations on one item")
	}
	seen[at] = true
	return nil
}
