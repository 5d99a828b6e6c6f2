package dynamo

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// The fast path of track: the head of the row alone decides. It holds while no
// date has changed the row and the grant being used up can give the value, or
// debit it back. An unlimited grant is full at money.MaxUsed.
const (
	useExpression  = "SET room = room - :v, spent = spent + :v, ver = ver + :one"
	useCondition   = "upto > :now AND spent < :most AND (room >= :v OR unlimited = :yes)"
	backExpression = "SET room = room + :v, spent = spent - :v, ver = ver + :one"
	backCondition  = "upto > :now AND spent >= :v AND giveback = :yes"
)

var plusOne, set, mostUsed = integer(1), flag(true), exact(money.MaxUsed)

// useItem builds one debit: expression, condition and their values. A debit that
// may be counted on shards uses no unlimited grant of the row itself.
func useItem(debit app.Debit, now time.Time) (expression, condition string, v values) {
	v = values{":v": exact(debit.Amount.Abs()), ":now": millis(now), ":one": plusOne, ":yes": set}
	if debit.Amount.IsNegative() {
		return backExpression, backCondition, v
	}
	if distributed(debit) {
		delete(v, ":yes")
		return useExpression, roomCondition, v
	}
	v[":most"] = mostBefore(debit)
	return useExpression, useCondition, v
}

// mostBefore is below what an unlimited grant must be used before a debit.
func mostBefore(debit app.Debit) types.AttributeValue {
	if debit.Several {
		return exact(money.MaxUsed.Sub(debit.Amount))
	}
	return mostUsed
}

// Debit implements app.Store. A refusal that surely wrote nothing is tried
// again; a lost answer is not, as it may have been a write that counted.
func (s *Store) Debit(ctx context.Context, env catalog.Env, customerKey string, u app.DebitBatch) (entitlement.Balance, bool, error) {
	if distributed(u.Debits[0]) {
		done, err := s.useShard(ctx, env, customerKey, u)
		if err != nil || done && !u.Read {
			return entitlement.Balance{}, done, err
		}
		if done {
			b, err := s.Balance(ctx, env, customerKey, u.Debits[0].FeatureID)
			if err != nil {
				err = counted(err)
			}
			return b, true, err
		}
	}
	expression, condition, v := useItem(u.Debits[0], u.Now)
	asked := &struct{ does, holds string }{withEvents(expression, v, u.Events), condition} // kept with the request, at once
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: debitKey(env, customerKey, u.Debits[0]).attributes(),
		UpdateExpression: &asked.does, ConditionExpression: &asked.holds, ExpressionAttributeValues: v,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	}
	if u.Read {
		in.ReturnValues = types.ReturnValueAllNew
	}
	var out *dynamodb.UpdateItemOutput
	err := s.surely(ctx, func() (err error) {
		out, err = s.client.UpdateItem(ctx, in, once...)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	switch {
	case err == nil && !u.Read:
		return entitlement.Balance{}, true, nil
	case err == nil:
		b, err := s.readWhole(ctx, env, customerKey, out.Attributes)
		if err != nil {
			err = counted(err)
		}
		return b, true, err
	}
	old, refused := refusedItem(err)
	switch {
	case !refused:
		return entitlement.Balance{}, false, unconfirmed(err)
	case len(old) == 0:
		return entitlement.Balance{FeatureID: u.Debits[0].FeatureID, Entity: entitlement.EntityRef{ID: u.Debits[0].EntityID}}, false, nil
	}
	b, err := s.readWhole(ctx, env, customerKey, old)
	return b, false, err
}

// refusedItem is the row as it was where its condition refused a write.
func refusedItem(err error) (map[string]types.AttributeValue, bool) {
	var old *types.ConditionalCheckFailedException
	if !errors.As(err, &old) {
		return nil, false
	}
	return old.Item, true
}

// once keeps the SDK from repeating a write that is not safe to repeat.
var once = []func(*dynamodb.Options){func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }}

// throttledTries bounds how often a throttled write is repeated: the caller
// should rather slow down.
const throttledTries = 3

// surely repeats a write while the database reports that contention kept it from
// writing.
func (s *Store) surely(ctx context.Context, write func() error) error {
	if app.IsReadOnly(ctx) {
		return app.ErrReadOnly
	}
	for try := 0; ; try++ {
		err := write()
		if err == nil {
			return nil
		}
		count(ctx)
		o, _ := classify(err)
		again := o == contention && try < tries || o == throttled && try < throttledTries
		if !again || !s.pause(ctx, try) {
			return err
		}
	}
}

// unconfirmed is the error of a failed write: it may have counted, unless the
// database itself refused it.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html:
// an answer of 500 can be that of a write that succeeded.
func unconfirmed(err error) error {
	var answered *smithyhttp.ResponseError
	o, _ := classify(err)
	if o != broken && o != unfinished || o == broken && errors.As(err, &answered) && answered.HTTPStatusCode()/100 == http.StatusBadRequest/100 {
		return failed("track", err)
	}
	return counted(err)
}

// counted is the error of a use that counted, or may have: it is not to be repeated.
func counted(err error) error {
	e := *refusal.ErrUnconfirmed
	e.Err = err
	return &e
}

// UseAll implements app.Store.
func (s *Store) UseAll(ctx context.Context, env catalog.Env, customerKey string, u app.DebitBatch) (done bool, used []app.RequestKey, err error) {
	for _, onShards := range []bool{true, false} {
		if onShards && !slices.ContainsFunc(u.Debits, distributed) {
			continue
		}
		t := table{s.table, env}
		done, used, err = s.used(ctx, t, customerKey, t.useItems(customerKey, u, onShards), u)
		if done || len(used) > 0 || err != nil {
			break
		}
	}
	return done, used, err
}

func (t table) useItems(customerKey string, u app.DebitBatch, onShards bool) (writes items) {
	for i, debit := range u.Debits {
		k := debitKey(t.env, customerKey, debit)
		expression, condition, v := useItem(debit, u.Now)
		if onShards && distributed(debit) {
			k = aShard(t.env, customerKey, debit, u.Events, 0)
			expression, condition, v = shardItem(debit, u.Now)
		}
		if i == 0 {
			expression = withEvents(expression, v, u.Events)
		}
		writes = append(writes, t.update(k, expression, condition, v))
	}
	return writes
}

func debitKey(env catalog.Env, customerKey string, debit app.Debit) key {
	return balanceKeyOf(env, customerKey, entitlement.Balance{FeatureID: debit.FeatureID, Entity: entitlement.EntityRef{ID: debit.EntityID}})
}
