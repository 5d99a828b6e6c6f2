package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// The fast path of track: the head of the row alone decides. It holds while no
// date has changed the row and the grant being used up can give the value.
const (
	useExpression = "SET room = room - :v, spent = spent + :v, ver = ver + :one"
	useCondition  = "upto > :now AND (room >= :v OR endless = :yes)"
)

func useValues(u app.Usage) values {
	return values{":v": exact(u.Value), ":now": millis(u.Now), ":one": integer(1), ":yes": flag(true)}
}

// Use implements app.Store. The write is not repeated by the SDK: an answer
// that was lost may have been a write that counted. One that was refused for
// contention or haste was not made, so it is tried again.
func (s *Store) Use(ctx context.Context, env billing.Env, cus, featureID string, u app.Usage) (billing.Balance, bool, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: balanceKey(env, cus, featureID).attributes(),
		UpdateExpression: aws.String(useExpression), ConditionExpression: aws.String(useCondition),
		ExpressionAttributeValues:           useValues(u),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	}
	var old *types.ConditionalCheckFailedException
	for try := 0; ; try++ {
		out, err := s.client.UpdateItem(ctx, in, once)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
			return billing.Balance{}, true, nil
		}
		count(ctx)
		if errors.As(err, &old) {
			break
		}
		if o, _ := classify(err); o == broken || try >= tries || !s.pause(ctx, try) {
			return billing.Balance{}, false, failed("track", err)
		}
	}
	if len(old.Item) == 0 {
		return billing.Balance{FeatureID: featureID}, false, nil
	}
	b, err := readBalance(old.Item)
	return b, false, err
}

// once keeps the SDK from repeating a write that is not safe to repeat.
func once(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }

// UseAll implements app.Store.
func (s *Store) UseAll(ctx context.Context, env billing.Env, cus string, features []string, u app.Usage, requestKey string) (done, duplicate bool, err error) {
	t := table{s.table, env}
	var writes items
	for _, f := range features {
		writes = append(writes, t.update(balanceKey(env, cus, f), useExpression, useCondition, useValues(u)))
	}
	return s.used(ctx, t, cus, writes, u, requestKey)
}

// SaveUsed implements app.Store.
func (s *Store) SaveUsed(ctx context.Context, env billing.Env, cus string, balances []billing.Balance, u app.Usage, requestKey string) (done, duplicate bool, err error) {
	t := table{s.table, env}
	if len(balances) == 1 && requestKey == "" {
		return s.saveOne(ctx, t, cus, balances[0], u)
	}
	var writes items
	for _, b := range balances {
		condition, v := atVersion(b.Version)
		writes = append(writes, t.put(balanceRow(env, cus, b, u.Now), condition, v))
	}
	return s.used(ctx, t, cus, writes, u, requestKey)
}

func (s *Store) saveOne(ctx context.Context, t table, cus string, b billing.Balance, u app.Usage) (done, duplicate bool, err error) {
	condition, v := atVersion(b.Version)
	out, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table, Item: balanceRow(t.env, cus, b, u.Now), ConditionExpression: &condition,
		ExpressionAttributeValues: v, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}, once)
	if err == nil {
		countOne(ctx, out.ConsumedCapacity)
		return true, false, nil
	}
	count(ctx)
	if o, _ := classify(err); o == refused || o == contention {
		return false, false, nil
	}
	return false, false, failed("track", err)
}

// trackedFor is how long a track's idempotency key is remembered.
const trackedFor = 30 * 24 * time.Hour

// used carries out the writes of a track as one transaction, with its request
// key when there is one.
func (s *Store) used(ctx context.Context, t table, cus string, writes items, u app.Usage, requestKey string) (done, duplicate bool, err error) {
	if requestKey != "" {
		r := newRow(lookUp(t.env, "TRACKED", hashed(cus, requestKey)))
		r.setInt("ttl", u.Now.Add(trackedFor).Unix())
		writes = append(items{t.put(r, isNew, nil)}, writes...)
	}
	failedAt, err := s.transact(ctx, writes)
	if err != nil {
		return false, false, err
	}
	if failedAt == nil {
		return true, false, nil
	}
	return false, requestKey != "" && failedAt[0] == 0, nil
}
