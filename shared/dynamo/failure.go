package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

// Meanings of a failed write. A cancelled transaction has a reason for each of its
// writes, and they may be mixed: a condition that does not hold is an
// answer, while contention only means to try again.
type outcome int

const (
	broken     outcome = iota // our fault or AWS's: a 500
	refused                   // a condition did not hold; nothing was written
	contention                // another process was writing; nothing was written
	unfinished                // this very transaction is still running: repeat it with its token
	throttled                 // too much at one place; nothing was written
)

// classify returns the meaning of a failed write. failed lists the indexes of a
// transaction's writes whose condition did not hold.
func classify(err error) (o outcome, failed []int) {
	var single *types.ConditionalCheckFailedException
	var conflict *types.TransactionConflictException
	var cancelled *types.TransactionCanceledException
	var running *types.TransactionInProgressException
	var api smithy.APIError
	switch {
	case errors.As(err, &single):
		return refused, []int{0}
	case errors.As(err, &conflict):
		return contention, nil
	case errors.As(err, &cancelled):
		return reasons(cancelled)
	case errors.As(err, &running):
		return unfinished, nil
	case errors.As(err, &api) && throttles[api.ErrorCode()]:
		return throttled, nil
	}
	return broken, nil
}

var throttles = map[string]bool{
	"ProvisionedThroughputExceededException": true, "ThrottlingException": true,
	"RequestLimitExceeded": true, "LimitExceededException": true,
}

// reasons: any condition that failed is the answer; else any throttling; else
// contention. A validation error among them is a bug.
func reasons(e *types.TransactionCanceledException) (outcome, []int) {
	result := broken
	var failed []int
	for i, r := range e.CancellationReasons {
		switch aws.ToString(r.Code) {
		case "ConditionalCheckFailed":
			failed = append(failed, i)
		case "TransactionConflict":
			if result == broken {
				result = contention
			}
		case "ThrottlingError", "ProvisionedThroughputExceeded":
			result = throttled
		case "ValidationError", "ItemCollectionSizeLimitExceeded":
			return broken, nil
		}
	}
	if len(failed) > 0 {
		return refused, failed
	}
	return result, nil
}

var errTooMany = refusal.Throttled(app.ReasonTooManyRequests)

// failed adds the place to an error and, where the database is only busy, makes it
// a refusal for the caller.
func failed(what string, err error) error {
	o, _ := classify(err)
	switch {
	case o == throttled:
		return errTooMany.Because(err)
	case o == contention, o == unfinished, errors.Is(err, context.DeadlineExceeded):
		return refusal.ErrDatabaseUnavailable.Because(err)
	}
	return fmt.Errorf("dynamodb: %s: %w", what, err)
}
