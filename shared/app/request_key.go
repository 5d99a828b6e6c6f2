package app

import (
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
func (w work) idempotencyWrites(op billing.Operation) []Write {
	if !strings.HasPrefix(op.ID, keyed) {
		return nil
	}
	return []Write{OperationDone{op.ID, outcome(w.state.Customer, op), w.caller.Now}}
}
