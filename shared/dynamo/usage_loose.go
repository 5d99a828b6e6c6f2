package dynamo

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/entitlement"
	"windfall/shared/usage"
)

// addLoose adds events that belong to no sum of this generation, each in one
// transaction with its row.
func (s *Store) addLoose(ctx context.Context, who usageCustomer, about usageFacts, loose []row) error {
	for len(loose) > 0 {
		n, writes, err := s.looseItems(ctx, who, about, loose, false)
		if err != nil {
			return err
		}
		failedAt, err := s.transact(ctx, writes)
		if err != nil && tooLarge(err) {
			if n, writes, err = s.looseItems(ctx, who, about, loose, true); err != nil {
				return err
			}
			failedAt, err = s.transact(ctx, writes)
		}
		if err != nil {
			return err
		}
		if failedAt == nil {
			loose = loose[n:]
			continue
		}
		var left []row // without those that another process has added; behind the n are sums and groups
		for i, r := range loose {
			if i >= n || !contains(failedAt, i) {
				left = append(left, r)
			}
		}
		loose = left
	}
	return nil
}

func contains(list []int, n int) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}

// groupsAtOnce keeps a transaction below the 4 MB that it may have: groups may be 300 KB each.
const groupsAtOnce = 12

// looseItems are the writes for the first n events: those of their rows, then the sums, then
// the groups.
func (s *Store) looseItems(ctx context.Context, who usageCustomer, about usageFacts, loose []row, beyond bool) (n int, writes items, err error) {
	t := table{s.table, who.env}
	sums, grouped := map[usage.Key]usage.Sums{}, map[groupsKey][]entitlement.UsageEvent{}
	var order []usage.Key
	var groups []groupsKey
	for _, r := range loose {
		e, err := readUsageEvent(r)
		if err != nil {
			return 0, nil, err
		}
		bucket, by := usage.BucketOf(about.mark.Generation, e.ReceivedAt, about.created, keptDays(r)), about.groupBy(e.FeatureID)
		k := usage.KeyOf(e, bucket)
		if n+len(order)+len(groups)+2+len(by) > maxWrites || len(groups)+len(by) > groupsAtOnce {
			break
		}
		if _, been := sums[k]; !been {
			order = append(order, k)
		}
		for _, property := range by {
			at := groupsKey{k, property}
			if grouped[at] == nil {
				groups = append(groups, at)
			}
			grouped[at] = append(grouped[at], e)
		}
		sums[k] = sums[k].Plus(usage.Of(e, by))
		writes = append(writes, t.belongs(r, bucket, by))
		n++
	}
	for _, k := range order {
		e := adding(who, k, sums[k])
		if beyond {
			e.beyond()
		}
		writes = append(writes, types.TransactWriteItem{Update: &types.Update{TableName: &t.name, Key: sumKey(who, k).attributes(),
			UpdateExpression: e.text(), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values}})
	}
	for _, k := range groups {
		was, err := s.groups(ctx, who, k)
		if err != nil {
			return 0, nil, err
		}
		condition, v := atVersion(was.version)
		writes = append(writes, t.put(groupsRow(who, k, was.with(grouped[k], k.property)), condition, v))
	}
	return n, writes, nil
}

// removeBefore removes some of the sums and groups of earlier generations, which nothing reads
// any more and every report would read over.
func (s *Store) removeBefore(ctx context.Context, who usageCustomer, m usage.Mark, now time.Time) (usage.Mark, error) {
	in := &dynamodb.QueryInput{TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(scanned),
		KeyConditionExpression: aws.String("PK = :pk AND SK < :before"), ProjectionExpression: aws.String("PK, SK, v"),
		ExpressionAttributeValues: values{":pk": text(sumsPK(who.env, who.key)), ":before": text(cmp.Or(m.Before, markSK))},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return m, failed("look for sums of before", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	rows, err := knownRows(out.Items)
	if err != nil {
		return m, err
	}
	t, old := table{s.table, who.env}, items(nil)
	for _, r := range rows {
		bucket, err := usage.ParseBucket(r.text("SK")[strings.LastIndex(r.text("SK"), "#")+1:])
		if err != nil {
			return m, err
		}
		if bucket.Generation < m.Generation {
			old = append(old, t.remove(key{r.text("PK"), r.text("SK")}, whenever, nil))
		}
	}
	for some := range slices.Chunk(old, maxWrites) {
		if _, err := s.transact(ctx, some); err != nil {
			return m, err
		}
	}
	return s.moveMark(ctx, who, m, m.After(row(out.LastEvaluatedKey).text("SK"), m.At, now))
}

// belongs writes to the row of an event to which sum and groups it belongs.
func (t table) belongs(r row, bucket usage.Bucket, groupBy []string) types.TransactWriteItem {
	condition, v := "attribute_exists(PK) AND attribute_not_exists(b)", values{":b": text(bucket.Text())}
	if was := r.text("b"); was != "" {
		condition, v[":was"] = "b = :was", text(was)
	}
	k, set, remove := key{r.text("PK"), r.text("SK")}, "SET b = :b", " REMOVE q, ev, g"
	if len(groupBy) > 0 {
		set, remove, v[":g"] = set+", g = :g", " REMOVE q, ev", text(strings.Join(groupBy, ","))
	}
	return t.update(k, set+remove, condition, v)
}
