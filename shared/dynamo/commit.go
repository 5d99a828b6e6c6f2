package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// maxWrites is DynamoDB's limit for one transaction.
const maxWrites = 100

// tries bounds how often a contended write is repeated. Contention means that
// another transaction held a row at that instant; it passes within moments.
const tries = 8

// Commit implements app.Store. The SDK gives each call a request token, so an
// answer that is lost and asked for again is not a second write.
func (s *Store) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	items, origin, moved := s.spell(env, writes)
	if len(items) == 0 {
		return nil
	}
	if len(items) > maxWrites {
		return refusal.Conflict(app.ReasonCustomerTooLarge, len(items), maxWrites)
	}
	failedAt, err := s.transact(ctx, items)
	if err != nil {
		return err
	}
	refused := false
	if failedAt != nil {
		conflict := &app.Conflict{}
		for _, i := range failedAt {
			conflict.Failed = append(conflict.Failed, origin[i])
			refused = refused || keyOf(items[i]).PK == catalogPK(env)
		}
		err = conflict
	}
	if moved {
		s.cache.forget(env, refused)
	}
	return err
}

// transact writes all items or none. It returns the indexes of the conditions
// that did not hold. A transaction that is still running, because its first
// answer was lost, is repeated with the same token: a new one would conflict with
// its own writes.
func (s *Store) transact(ctx context.Context, items []types.TransactWriteItem) ([]int, error) {
	if app.IsReadOnly(ctx) {
		return nil, app.ErrReadOnly
	}
	in := &dynamodb.TransactWriteItemsInput{TransactItems: items, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	for try := 0; ; try++ {
		out, err := s.client.TransactWriteItems(ctx, in) // sets the token where there is none
		if err == nil {
			count(ctx, out.ConsumedCapacity...)
			return nil, nil
		}
		count(ctx)
		switch o, failedAt := classify(err); {
		case o == refused:
			return failedAt, nil
		case o == broken, try >= tries, !s.pause(ctx, try):
			return nil, failed("save", err)
		case o != unfinished:
			in.ClientRequestToken = nil
		}
	}
}

// spell turns writes into conditional items. origin has the index of the write of
// each item. moved reports that a catalog is changed: the last item moves its version.
func (s *Store) spell(env catalog.Env, writes []app.Write) (items []types.TransactWriteItem, origin []app.Write, moved bool) {
	var guard app.CatalogAsRead
	for _, w := range writes {
		of := itemsOf(s.table, env, w)
		for _, item := range of.items {
			items, origin = append(items, item), append(origin, w)
		}
		guard.Revision = max(guard.Revision, of.revision)
	}
	noteHoldings(items)
	known, _ := s.cache.catalog(env)
	move, moved := table{s.table, env}.moveCatalog(items, known, guard.Revision, s.cache.clock())
	if moved {
		items, origin = append(items, move), append(origin, guard)
	}
	return items, origin, moved
}
