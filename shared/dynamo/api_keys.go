package dynamo

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

func (t *transaction) SaveKey(w app.SaveKey) { t.add(t.put(KeyItem(w.Key), isNew, nil)) }

// RevokeKey never creates a row: a key that does not exist must not look revoked.
func (t *transaction) RevokeKey(w app.RevokeKey) {
	marked := KeyItem(app.Key{RevokedAt: w.At, RevokedBy: w.By})
	t.add(t.update(apiKeyKey(w.Hash), "SET revoked = :now, revoked_by = :who", isThere+" AND attribute_not_exists(revoked)",
		values{":now": marked["revoked"], ":who": marked["revoked_by"]}))
}

// keyPosition is what a cursor of keys holds.
var keyPosition = regexp.MustCompile(`^[0-9]{15}#[0-9a-f]{1,64}$`)

// Keys implements app.KeyStore. The index names the keys, and their rows are read as they
// are now.
func (s *Store) Keys(ctx context.Context, cursor string, limit int) ([]app.Key, string, error) {
	in := &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(limit + 2)),
		KeyConditionExpression: aws.String("list_pk = :pk"), ExpressionAttributeValues: values{":pk": text(KeysPartition)},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	after := ""
	if cursor != "" {
		sk, ok := placeOf(KeysPartition, cursor)
		if !ok || !keyPosition.MatchString(sk) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		after = sk
		in.KeyConditionExpression = aws.String("list_pk = :pk AND list_sk <= :last")
		in.ExpressionAttributeValues[":last"] = text(sk)
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("list the keys", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	places, next := out.Items, ""
	if after != "" && len(places) > 0 && row(places[0]).text("list_sk") == after {
		places = places[1:] // the page before ended with it
	}
	if len(places) > limit {
		places = places[:limit]
		next = cursorAfter(KeysPartition, row(places[limit-1]).text("list_sk"))
	}
	var keys []map[string]types.AttributeValue
	for _, p := range places {
		keys = append(keys, key{row(p).text("PK"), row(p).text("SK")}.attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, "", err
	}
	now := map[string]app.Key{}
	for _, r := range rows {
		k := ReadKey(r)
		now[k.Hash] = k
	}
	page := make([]app.Key, 0, len(places))
	for _, p := range places {
		if k, ok := now[ReadKey(p).Hash]; ok {
			page = append(page, k)
		}
	}
	return page, next, nil
}
