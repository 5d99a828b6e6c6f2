package dynamodb

import (
	"context"
	"net/http"
	"sync/atomic"

	"windfall/local/dynamodb/attribute"
)

// Answered is the answer to a request that came without HTTP.
type Answered struct {
	answer answer
	items  items
	used   atomic.Bool
}

// Direct answers a request of the protocol: the name of an operation, and its body.
// The guard sees the context alone.
func (db *DB) Direct(ctx context.Context, operation string, body []byte) *Answered {
	permit := db.permitOf((&http.Request{Header: http.Header{}}).WithContext(ctx))
	a := &Answered{}
	a.answer = db.handle(targetPrefix+operation, body, make([]byte, 0, 256), &a.items, permit)
	return a
}

// OK tells whether the request was carried out and its answer arrived.
func (a *Answered) OK() bool { return a.answer.status == http.StatusOK && !a.answer.lost }

// Items are what a GetItem or Query found. They must not be changed.
func (a *Answered) Items() []attribute.Item { return a.items }

// Body is the answer's, without the items.
func (a *Answered) Body() []byte { return a.answer.body }

type answeredKey struct{}

// Into lets the next request over HTTP with this context get the answer, in place of
// one of its own.
func (a *Answered) Into(ctx context.Context) context.Context {
	return context.WithValue(ctx, answeredKey{}, a)
}

// answered is the answer that a context brings, once.
func answered(ctx context.Context) (answer, bool) {
	a, ok := ctx.Value(answeredKey{}).(*Answered)
	if !ok || !a.used.CompareAndSwap(false, true) {
		return answer{}, false
	}
	return a.answer, true
}
