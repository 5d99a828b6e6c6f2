package dynamodb

import (
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// exchange is one request on its way through the database.
type exchange struct {
	db       *DB
	call     Call
	keys     []Key
	fault    Fault
	admitted bool
	permit   Permit  // nil lets everything pass
	asked    bool    // whether permit was asked
	denied   *Access // the first access that permit refused
	meter    meter
	out      []byte // the body of the answer
	items    *items // nil: a GetItem or Query writes what it found into the body
}

// items are what a GetItem or Query found.
type items []attribute.Item

func (found *items) add(it attribute.Item) { *found = append(*found, it) }

// answer is the response: a status and a body, or nothing at all.
type answer struct {
	status int
	body   []byte
	lost   bool // the connection breaks instead
}

// operation carries a request out and writes the answer's body.
type operation func(*exchange, *protocol.Reader) error

var operations = map[string]operation{
	"CreateTable":        (*exchange).createTable,
	"DescribeTable":      (*exchange).describeTable,
	"DeleteTable":        (*exchange).deleteTable,
	"ListTables":         (*exchange).listTables,
	"UpdateTimeToLive":   (*exchange).updateTimeToLive,
	"DescribeTimeToLive": (*exchange).describeTimeToLive,
	"GetItem":            (*exchange).getItem,
	"PutItem":            (*exchange).putItem,
	"UpdateItem":         (*exchange).updateItem,
	"DeleteItem":         (*exchange).deleteItem,
	"Query":              (*exchange).query,
	"Scan":               (*exchange).scan,
	"BatchGetItem":       (*exchange).batchGetItem,
	"ExecuteStatement":   (*exchange).executeStatement,
	"BatchWriteItem":     (*exchange).batchWriteItem,
	"TransactWriteItems": (*exchange).transactWriteItems,
	"TransactGetItems":   (*exchange).transactGetItems,
}

const targetPrefix = "DynamoDB_20120810."

// handle answers one request: the X-Amz-Target header, the body, a buffer to
// write into, where what is found goes instead, and the permissions of the sender.
func (db *DB) handle(target string, body, buffer []byte, found *items, permit Permit) answer {
	name, known := strings.CutPrefix(target, targetPrefix)
	run := operations[name]
	if !known || run == nil {
		e := protocol.Refuse("UnknownOperationException", "The embedded database does not know the operation %q", target)
		return answer{status: e.Status, body: appendError(buffer, e)}
	}
	ex := &exchange{db: db, out: buffer, items: found, permit: permit}
	ex.call.Operation = name
	err := run(ex, protocol.NewReader(body))
	db.store.Deliver()
	return ex.answer(buffer, err)
}

// answer turns the outcome into a response, after any fault that strikes now.
func (ex *exchange) answer(buffer []byte, err error) answer {
	if err == nil && ex.fault.Kind == FaultInternalAfter {
		err = protocol.Internal("Internal server error")
	}
	e := refusalIn(err)
	lost := ex.fault.Kind == FaultLoseRequest || ex.fault.Kind == FaultLoseAnswer
	ex.observe(e, lost)
	switch {
	case lost:
		return answer{lost: true}
	case e != nil:
		return answer{status: e.Status, body: appendError(buffer[:0], err)}
	}
	return answer{status: 200, body: ex.out}
}

// single reads the request of an operation on one table and finds that table.
func (ex *exchange) single(r *protocol.Reader) (*request, *storage.Table, error) {
	q := readRequest(r)
	r.End()
	if r.Err() != nil {
		return nil, nil, r.Err()
	}
	ex.meter.mode = q.returnCapacity
	t, err := ex.db.store.Table(q.table)
	return q, t, err
}
