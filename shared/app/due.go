package app

import "time"

// A Due is a row of the due index: an operation or a customer product that
// somebody must look after.
type Due struct {
	Key         string    // of the customer
	OperationID string    // "" for a product
	ProductID   string    // of the customer product, "cp_…"; "" for an operation
	At          time.Time // since when
	Tries       int       // how often it was put off
	Mark        string    // its place in the index
}

// id names the row in logs.
func (d Due) id() string { return d.OperationID + d.ProductID }

const (
	firstRetry = 5 * time.Minute // the next run
	lastRetry  = 30 * time.Minute
)

// retry is how long a row rests that could not be dealt with: twice as long
// each time. The longest rest keeps OperationsStuck in template.yaml ringing.
func (d Due) retry() time.Duration { return min(lastRetry, firstRetry<<min(d.Tries, 8)) }
