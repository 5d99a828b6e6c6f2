package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// SaveUsed implements app.Store.
func (s *Store) SaveUsed(ctx context.Context, env catalog.Env, customerKey string, balances []entitlement.Balance, u app.DebitBatch, requestKey string) (done, duplicate bool, err error) {
	t := table{s.table, env}
	switch {
	case len(balances) == 1 && requestKey == "" && len(u.Also) == 0:
		if writes := t.balanceItems(customerKey, balances[0], u.Now, u.Event); len(writes) > 1 {
			return s.used(ctx, t, customerKey, writes, u.Now, "")
		}
		return s.saveOne(ctx, t, customerKey, balances[0], u)
	case len(balances) == 0 && requestKey == "":
		return true, false, s.SaveUsageEvents(ctx, env, u.Event)
	}
	var writes items
	for i, b := range balances {
		var event app.UsageRecord
		if i == 0 {
			event = u.Event
		}
		writes = append(writes, t.balanceItems(customerKey, b, u.Now, event)...)
	}
	if len(balances) == 0 {
		for _, r := range unsummedRows(env, u.Event) {
			writes = append(writes, t.put(r, whenever, nil))
		}
	}
	also, _, _ := s.spell(env, u.Also)
	return s.used(ctx, t, customerKey, append(writes, also...), u.Now, requestKey)
}

// saveOne puts a row at the version after the one read. A lost answer is not
// repeated: the version would then be refused although the write counted.
func (s *Store) saveOne(ctx context.Context, t table, customerKey string, b entitlement.Balance, u app.DebitBatch) (done, duplicate bool, err error) {
	condition, v := atVersion(b.Version)
	r := balanceRow(t.env, customerKey, b, u.Now)
	r.setEvent(u.Event)
	in := &dynamodb.PutItemInput{
		TableName: &s.table, Item: r, ConditionExpression: &condition,
		ExpressionAttributeValues: v, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	err = s.surely(ctx, func() error {
		out, err := s.client.PutItem(ctx, in, once...)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	if err == nil {
		return true, false, nil
	}
	if o, _ := classify(err); o == refused || o == contention {
		return false, false, nil
	}
	return false, false, unconfirmed(err)
}

// trackedFor is how long a track's idempotency key is remembered.
const trackedFor = 30 * 24 * time.Hour

func init() {
	declare(kind{name: "tracked", pk: "<env>#TRACKED#<hash>", sk: "TRACKED", version: 1})
}

// used carries out the writes of a track as one transaction, with its request
// key when there is one. The SDK repeats a transaction under one token, so a
// lost answer doesn't count twice; only when every answer is lost is the end
// unknown.
func (s *Store) used(ctx context.Context, t table, customerKey string, writes items, now time.Time, requestKey string) (done, duplicate bool, err error) {
	if requestKey != "" {
		r := newRow(lookUp(t.env, "TRACKED", hashed(customerKey, requestKey)))
		r.setInt("ttl", now.Add(trackedFor).Unix())
		writes = append(items{t.put(r, isNew, nil)}, writes...)
	}
	failedAt, err := s.transact(ctx, writes)
	if err != nil {
		return false, false, unconfirmed(err)
	}
	if failedAt == nil {
		return true, false, nil
	}
	return false, requestKey != "" && failedAt[0] == 0, nil
}
