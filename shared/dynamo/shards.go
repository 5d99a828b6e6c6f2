package dynamo

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A shard of a balance counts unlimited uses, on a row in a partition of its own:
//
//	spent  amount used since the balance was saved last
//	upto   end (ms) of counting; 0 if the shard is closed
//	mark   version at which the balance was saved; its row has the same
//
// A save of the balance takes over the amounts read from its shards and leaves
// later ones. So every use is in exactly one place, and a reader that finds two
// marks overlapped with a save and reads again.
const (
	shardExpression = "SET spent = spent + :v"
	shardCondition  = "upto > :now AND spent < :most"

	// roomCondition sends unlimited uses to the shards, or to the write that opens them.
	roomCondition = "upto > :now AND room >= :v"
)

const shardPrefix = "#SHARD#" // within a partition key

func init() {
	declare(kind{
		name: "shard of a balance", pk: "<env>" + shardPrefix + "<n>#<key>", sk: balancePrefix + "<feature>", version: 1,
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, b := range w.Balances {
				for i := range b.Shards.Count {
					out = append(out, t.removeShard(w.Key, b, i))
				}
			}
			return out
		},
	})
}

// shardKey names the n-th shard of a balance. Each is in a partition of its
// own, as it is the partition that is too slow for one.
func shardKey(env catalog.Env, customerKey, feature string, n int) key {
	return key{string(env) + shardPrefix + strconv.Itoa(n) + "#" + customerKey, balancePrefix + feature}
}

func distributed(debit app.Debit) bool { return debit.Shards > 1 && debit.Amount.IsPositive() }

func shardItem(debit app.Debit, now time.Time) (expression, condition string, v values) {
	return shardExpression, shardCondition, values{":v": exact(debit.Amount), ":now": millis(now), ":most": mostBefore(debit)}
}

// aShard is the key of one of the shards. The ids of events are chance and
// distributed uses evenly; where a shard is throttled, the next may not be.
func aShard(env catalog.Env, customerKey string, debit app.Debit, events []app.UsageRecord, try int) key {
	h := fnv.New32a()
	if len(events) > 0 {
		_, _ = h.Write([]byte(events[0].ID)) // never fails
	}
	return shardKey(env, customerKey, debit.FeatureID, (int(h.Sum32())+try)%debit.Shards)
}

// useShard counts a use on a shard, if shards are open.
func (s *Store) useShard(ctx context.Context, env catalog.Env, customerKey string, u app.DebitBatch) (done bool, err error) {
	expression, condition, v := shardItem(u.Debits[0], u.Now)
	expression = withEvents(expression, v, u.Events)
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeValues: v, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	try := 0
	err = s.surely(ctx, func() error {
		in.Key = aShard(env, customerKey, u.Debits[0], u.Events, try).attributes()
		try++
		out, err := s.client.UpdateItem(ctx, in, once...)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	if errors.As(err, new(*types.ConditionalCheckFailedException)) {
		return false, nil
	}
	if err != nil {
		return false, unconfirmed(err)
	}
	return true, nil
}

// shardItems subtracts the amounts read from the shards, as the balance has them
// now, and opens or closes the shards. The row of the balance is in the same
// transaction.
func (t table) shardItems(customerKey string, b entitlement.Balance, now time.Time) (out items) {
	was, head := b.Shards, b.Head(now)
	count, open := was.Next(head)
	upto := integer(0)
	if open {
		upto = millis(head.Until)
	}
	for i := range max(count, was.Count) {
		k := shardKey(t.env, customerKey, b.FeatureID, i)
		switch {
		case i >= was.Count || b.Version == 0:
			r := newRow(k)
			r["spent"], r["upto"], r["mark"] = exact(money.Zero), upto, integer(b.Version+1)
			out = append(out, t.put(r, isNew, nil))
		case i >= count:
			out = append(out, t.removeShard(customerKey, b, i))
		default:
			condition := "mark = :was AND spent = :seen"
			if was.Open && now.Before(was.Until) {
				// What came since the read belongs to the same period and stays.
				condition = "mark = :was AND spent >= :seen"
			}
			out = append(out, t.update(k, "SET spent = spent - :seen, upto = :upto, mark = :mark REMOVE ev", condition,
				values{":was": integer(was.Mark), ":seen": exact(was.Taken[i]), ":upto": upto, ":mark": integer(b.Version + 1)}))
		}
	}
	return out
}

// removeShard removes a shard of which nothing more is to be counted.
func (t table) removeShard(customerKey string, b entitlement.Balance, i int) types.TransactWriteItem {
	return t.remove(shardKey(t.env, customerKey, b.FeatureID, i), "mark = :was AND spent = :seen",
		values{":was": integer(b.Shards.Mark), ":seen": exact(b.Shards.Taken[i])})
}
