package app

import "time"

// A Due is a row of the due index that somebody must look after: an operation,
// a customer product or a queued reward. It has the id of one of them.
type Due struct {
	Key          string    // of the customer
	OperationID  string    // of an operation
	ProductID    string    // of a customer product, "cp_…"
	RedemptionID string    // of a queued reward …
	Earned       time.Time // … and since when that waits
	At           time.Time // since when it is due
	Tries        int       // how often it was put off
	Mark         string    // its place in the index
}

// ID is the id of what is due.
func (d Due) ID() string { return d.OperationID + d.ProductID + d.RedemptionID }

const (
	firstRetry = 5 * time.Minute // the next run
	lastRetry  = 30 * time.Minute
)

// retry is how long a row rests that could not be dealt with: twice as long
// each time. The longest rest keeps OperationsStuck in template.yaml ringing.
func (d Due) retry() time.Duration { return min(lastRetry, firstRetry<<min(d.Tries, 8)) }
