package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"windfall/shared/billing"
)

// A StoredAnswer is the first answer to a request that carried an
// Idempotency-Key.
type StoredAnswer struct {
	BodyHash string
	Status   int // 0 while the first request is still running
	Body     string
}

// operationID names the operation of a request. With an Idempotency-Key it
// follows from the key, so that the same request asked again after a crash,
// even after its operation ended, asks Stripe the same and saves nothing twice.
func (a *App) operationID(caller Caller) string {
	if caller.RequestKey == "" {
		return a.NewID()
	}
	sum := sha256.Sum256([]byte(string(caller.Env) + "\x00" + caller.RequestKey))
	return keyed + hex.EncodeToString(sum[:12])
}

// keyed begins the id of an operation that a request key names.
const keyed = "key_"

// idempotencyWrites is the write that keeps a keyed operation from having its effect
// again.
func idempotencyWrites(c billing.Customer, op billing.Operation, caller Caller) []Write {
	if !strings.HasPrefix(op.ID, keyed) {
		return nil
	}
	return []Write{OperationDone{op.ID, outcome(c, op), caller.Now}}
}

// done returns what a keyed request led to when it was made before and its
// answer was lost.
func (a *App) done(ctx context.Context, caller Caller) (Outcome, bool, error) {
	if caller.RequestKey == "" {
		return Outcome{}, false, nil
	}
	return a.Store.Done(ctx, caller.Env, a.operationID(caller))
}
