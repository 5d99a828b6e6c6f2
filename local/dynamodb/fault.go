package dynamodb

import (
	"slices"

	"windfall/local/dynamodb/protocol"
)

// FaultKind is a failure of requests that production has too.
type FaultKind int

const (
	// FaultNone changes nothing.
	FaultNone FaultKind = iota
	// FaultConflict refuses a write because another transaction is changing the
	// item: TransactionConflictException, or a cancelled transaction with reason
	// TransactionConflict for the actions in Fault.Items. Reads of single items,
	// queries and scans never meet it.
	FaultConflict
	// FaultThrottle answers ProvisionedThroughputExceededException.
	FaultThrottle
	// FaultRateLimit answers ThrottlingException.
	FaultRateLimit
	// FaultInternal answers a 500 and does nothing.
	FaultInternal
	// FaultInternalAfter carries the request out and answers a 500 all the same.
	FaultInternalAfter
	// FaultLoseRequest breaks the connection before anything is done.
	FaultLoseRequest
	// FaultLoseAnswer carries the request out and breaks the connection.
	FaultLoseAnswer
	// FaultStaleIndex answers a Query or Scan of an index from the state that it
	// had before the last Fault.Writes changes of the table (256 at most).
	FaultStaleIndex
	// FaultUnprocessed leaves the entries in Fault.Items of a batch undone and
	// returns them as unprocessed.
	FaultUnprocessed
)

// Fault says what to do to one request; the zero value does nothing. Items are
// positions in Call.Keys, none meaning the first of them.
type Fault struct {
	Kind   FaultKind
	Items  []int
	Writes int
}

// strikes tells whether the fault is for the item at a position.
func (f Fault) strikes(item int) bool {
	if f.Items == nil {
		return item == 0
	}
	return slices.Contains(f.Items, item)
}

// SetFault makes every request that is well formed pass f, one at a time and in
// the order of Call.Number; nil takes it away. f must not call the database.
func (db *DB) SetFault(f func(Call) Fault) {
	db.watch.Lock()
	defer db.watch.Unlock()
	db.fault = f
	db.watched.Store(db.fault != nil || db.observer != nil)
}

// admit asks the fault function whether the request continues. It comes after the
// checks that need no data and before anything is read or written.
func (ex *exchange) admit() error {
	if err := ex.refusal(); err != nil {
		return err
	}
	if !ex.db.watched.Load() {
		return nil
	}
	ex.db.watch.Lock()
	ex.number()
	if ex.db.fault != nil {
		ex.fault = ex.db.fault(ex.call)
	}
	ex.db.watch.Unlock()
	switch ex.fault.Kind {
	case FaultConflict:
		return ex.conflict()
	case FaultThrottle:
		return protocol.Refuse("ProvisionedThroughputExceededException",
			"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.")
	case FaultRateLimit:
		return protocol.Refuse("ThrottlingException", "Rate of requests exceeds the allowed throughput.")
	case FaultInternal, FaultLoseRequest:
		return protocol.Internal("Internal server error")
	default: // the others strike later: the request continues
		return nil
	}
}

func (ex *exchange) conflict() error {
	switch ex.call.Operation {
	case "PutItem", "UpdateItem", "DeleteItem":
		return protocol.Refuse("TransactionConflictException", "Transaction is ongoing for the item")
	case "TransactWriteItems", "TransactGetItems":
		reasons := make([]reason, len(ex.keys))
		for i := range reasons {
			reasons[i].code = "None"
			if ex.fault.strikes(i) {
				reasons[i] = reason{code: "TransactionConflict", message: "Transaction is ongoing for the item"}
			}
		}
		return cancelled(reasons)
	}
	return nil
}
