package dynamo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// setDue puts a row into the due index; with no time it is not in it.
func (r row) setDue(env catalog.Env, customerKey string, at time.Time, id string) {
	if !at.IsZero() {
		r.setText("due_pk", DuePartition(env, ShardOf(customerKey)))
		r.setText("due_sk", dueSK(at, id))
	}
}

// Due implements app.Store.
func (s *Store) Due(ctx context.Context, env catalog.Env, shard int, now time.Time, after *app.Due, limit int) ([]app.Due, bool, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.table, IndexName: aws.String("due"), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression:    aws.String("due_pk = :pk AND due_sk <= :now"),
		ExpressionAttributeValues: values{":pk": text(DuePartition(env, shard)), ":now": text(now.UTC().Format(time.RFC3339) + "#~")},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if after != nil {
		in.ExclusiveStartKey = dueKey(env, *after).attributes()
		in.ExclusiveStartKey["due_pk"], in.ExclusiveStartKey["due_sk"] = text(DuePartition(env, shard)), text(after.Mark)
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, false, failed("read what is due", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	page := make([]app.Due, len(out.Items))
	for i, item := range out.Items {
		page[i] = readDue(env, item)
	}
	return page, len(out.LastEvaluatedKey) > 0, nil
}

// readDue never fails: an unreadable row must not hide those behind it.
func readDue(env catalog.Env, r row) app.Due {
	sk, mark := r.text("SK"), strings.Split(r.text("due_sk"), "#")
	d := app.Due{Key: strings.TrimPrefix(r.text("PK"), customerPK(env, "")), Mark: r.text("due_sk")}
	if d.Code, d.RewardID = readDueCopy(env, r); d.Code != nil || d.RewardID != "" {
		d.Key = ""
	} else if id, ok := strings.CutPrefix(r.text("PK"), programPK(env, "")); ok {
		d.Key, d.ClosingID = "", id
	} else if id, ok := strings.CutPrefix(sk, redeemedPrefix); ok {
		d.HeldID = id
	} else if id, ok := strings.CutPrefix(sk, operationPrefix); ok {
		d.OperationID = id
	} else if customerKey, ok := strings.CutPrefix(r.text("PK"), sumsPK(env, "")); ok {
		d.Key, d.Usage = customerKey, true
	} else if sk == creditsSK {
		d.Credits = true
	} else if queued, ok := strings.CutPrefix(sk, queuedPrefix); ok {
		d.Earned, d.RedemptionID = readQueued(queued)
	} else {
		d.ProductID = strings.TrimPrefix(sk, heldPrefix)
	}
	d.At, _ = time.Parse(time.RFC3339, mark[0])
	if len(mark) == 3 {
		d.Tries, _ = strconv.Atoi(mark[2])
	}
	return d
}

func dueKey(env catalog.Env, d app.Due) key {
	switch {
	case d.OperationID != "":
		return operationKey(env, d.Key, d.OperationID)
	case d.Usage:
		return markKey(env, d.Key)
	case d.Credits:
		return creditsKey(env, d.Key)
	case d.Code != nil:
		return promoCodeKey(env, *d.Code)
	case d.RewardID != "":
		return copiesKey(env, d.RewardID)
	case d.HeldID != "":
		return openKey(env, d.Key, d.HeldID)
	case d.ClosingID != "":
		return closingKey(env, d.ClosingID)
	case d.RedemptionID != "":
		return queuedKey(env, d.Key, billing.QueuedReward{RedemptionID: d.RedemptionID, Since: d.Earned})
	}
	return heldKey(env, d.Key, d.ProductID)
}

func (t *transaction) Postpone(w app.Postpone) { t.add(t.postpone(w)) }

// postpone moves a row on in the index and leaves the rest of it alone.
func (t table) postpone(w app.Postpone) types.TransactWriteItem {
	next := dueSK(w.Until, w.Due.ID()) + "#" + strconv.Itoa(w.Due.Tries+1)
	return t.update(dueKey(t.env, w.Due), "SET due_sk = :next", "due_sk = :mark", values{":next": text(next), ":mark": text(w.Due.Mark)})
}
