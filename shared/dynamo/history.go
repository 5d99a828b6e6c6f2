package dynamo

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/refusal"
)

// historyQuery reads the rows of one kind in a customer's history, the newest first.
func (s *Store) historyQuery(pk, prefix string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :prefix)"),
		ExpressionAttributeValues: values{":pk": text(pk), ":prefix": text(prefix)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
}

// historyPage reads a page of the rows of one kind: one request. position is the form of the sort
// keys, and so what a cursor holds; any other is refused for the reason. A page is shorter than
// limit where its rows come to a megabyte; there is more as long as next is not empty.
func (s *Store) historyPage(ctx context.Context, pk, prefix string, position *regexp.Regexp, reason refusal.Reason, cursor string, limit int) (rows []row, next string, err error) {
	in := s.historyQuery(pk, prefix)
	in.Limit = aws.Int32(int32(limit + 1)) // one more shows whether there is a next page
	if cursor != "" {
		sk, ok := placeOf(pk, cursor)
		if !ok || !position.MatchString(sk) {
			return nil, "", refusal.Invalid(reason)
		}
		in.ExclusiveStartKey = key{pk, sk}.attributes()
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("read the history", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	rows, err = knownRows(out.Items[:min(limit, len(out.Items))])
	if more := len(out.Items) > limit || len(out.LastEvaluatedKey) > 0; err == nil && more && len(rows) > 0 {
		next = cursorAfter(pk, rows[len(rows)-1].text("SK"))
	}
	return rows, next, err
}
