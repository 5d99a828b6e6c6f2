package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// SaveUsed implements app.Store.
func (s *Store) SaveUsed(ctx context.Context, env catalog.Env, customerKey string, balances []entitlement.Balance, u app.DebitBatch) (done bool, used []app.RequestKey, err error) {
	t := table{s.table, env}
	switch {
	case len(balances) == 1 && len(u.Keys) == 0 && len(u.Also) == 0:
		if writes := t.balanceItems(customerKey, balances[0], u.Now, u.Events...); len(writes) > 1 {
			return s.used(ctx, t, customerKey, writes, u)
		}
		done, err = s.saveOne(ctx, t, customerKey, balances[0], u)
		return done, nil, err
	case len(balances) == 0 && len(u.Keys) == 0 && len(u.Events) == 1:
		return true, nil, s.SaveUsageEvents(ctx, env, u.Events[0])
	}
	var writes items
	for i, b := range balances {
		var events []app.UsageRecord
		if i == 0 {
			events = u.Events
		}
		writes = append(writes, t.balanceItems(customerKey, b, u.Now, events...)...)
	}
	if len(balances) == 0 {
		for _, e := range u.Events {
			for _, r := range unsummedRows(env, e) {
				writes = append(writes, t.put(r, whenever, nil))
			}
		}
	}
	also, _, _ := s.spell(env, u.Also)
	if len(writes)+len(also)+len(u.Keys) == 0 {
		return true, nil, nil
	}
	return s.used(ctx, t, customerKey, append(writes, also...), u)
}

// saveOne puts a row at the version after the one read. A lost answer is not
// repeated: the version would then be refused although the write counted.
func (s *Store) saveOne(ctx context.Context, t table, customerKey string, b entitlement.Balance, u app.DebitBatch) (done bool, err error) {
	condition, v := atVersion(b.Version)
	r := balanceRow(t.env, customerKey, b, u.Now)
	r.setEvents(u.Events)
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
		return true, nil
	}
	if o, _ := classify(err); o == refused || o == contention {
		return false, nil
	}
	return false, unconfirmed(err)
}

// trackedFor is how long a track's idempotency key is remembered.
const trackedFor = 30 * 24 * time.Hour

func init() {
	declareAlone("tracked", "<env>#TRACKED#<hash>", "TRACKED")
}

// used carries out the writes of uses as one transaction, with their request
// keys when there are any. The SDK repeats a transaction under one token, so a
// lost answer doesn't count twice; only when every answer is lost is the end
// unknown.
func (s *Store) used(ctx context.Context, t table, customerKey string, writes items, u app.DebitBatch) (done bool, used []app.RequestKey, err error) {
	var keyed items
	for _, k := range u.Keys {
		keyed = append(keyed, t.trackedItem(customerKey, k, u.Now))
	}
	writes = append(keyed, writes...)
	if len(writes) > maxWrites {
		return false, nil, refusal.Conflict(app.ReasonCustomerTooLarge, len(writes), maxWrites)
	}
	failedAt, err := s.transact(ctx, writes)
	if err != nil {
		return false, nil, unconfirmed(err)
	}
	for _, i := range failedAt {
		if i >= len(keyed) {
			continue
		}
		k := app.RequestKey{Name: u.Keys[i].Name}
		if u.Keys[i].Outcome != "" {
			r, err := s.get(ctx, keyOf(keyed[i]))
			if err != nil {
				return false, nil, err
			}
			k.Outcome = r.text("outcome")
		}
		used = append(used, k)
	}
	return failedAt == nil, used, nil
}

// UsedKeys implements app.Store.
func (s *Store) UsedKeys(ctx context.Context, env catalog.Env, customerKey string, names ...string) (used []app.RequestKey, err error) {
	var keys []map[string]types.AttributeValue
	named := map[string]string{}
	for _, name := range names {
		k := lookUp(env, "TRACKED", hashed(customerKey, name))
		if _, twice := named[k.PK]; !twice {
			keys = append(keys, k.attributes())
		}
		named[k.PK] = name
	}
	rows, err := s.batch(ctx, keys)
	for _, r := range rows {
		used = append(used, app.RequestKey{Name: named[r.text("PK")]})
	}
	return used, err
}

// trackedItem puts the row of a request key that was not used before. The key of a part of a
// batch lives as long as that of its call, to the second: it may be used again for another one.
func (t table) trackedItem(customerKey string, k app.RequestKey, now time.Time) types.TransactWriteItem {
	if k.Outcome == "" {
		r := newRow(lookUp(t.env, "TRACKED", hashed(customerKey, k.Name)))
		r.setInt("ttl", now.Add(trackedFor).Unix())
		return t.put(r, isNew, nil)
	}
	r := newRow(lookUp(t.env, "TRACKED", hashed("", customerKey, k.Name)))
	r.setText("outcome", k.Outcome)
	r.setTime("upto", now.Add(answerKept))
	r.setInt("ttl", now.Add(answerKept).Unix())
	return t.put(r, isNew+" OR upto <= :now", values{":now": millis(now)})
}
