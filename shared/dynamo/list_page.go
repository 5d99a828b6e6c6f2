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

// listPage reads the keys of up to limit rows of a partition of the list index, newest
// first, with their places in it. A cursor that no page of the same partition gave, or
// whose place has another form, is invalid_cursor. One request.
func (s *Store) listPage(ctx context.Context, pk, cursor string, form *regexp.Regexp, limit int) (rows []row, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: &s.table, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false),
		Limit:                     aws.Int32(int32(limit + 2)), // one more shows whether there is a next page, and the last of the page before may be among them
		KeyConditionExpression:    aws.String("list_pk = :pk"),
		ExpressionAttributeValues: values{":pk": text(pk)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	last := ""
	if cursor != "" {
		ok := false
		if last, ok = placeOf(pk, cursor); !ok || !form.MatchString(last) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		in.KeyConditionExpression = aws.String("list_pk = :pk AND list_sk <= :last")
		in.ExpressionAttributeValues[":last"] = text(last)
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("read a page of a list", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	for _, found := range out.Items {
		r := row(found)
		if len(rows) == 0 && cursor != "" && r.text("list_sk") == last {
			continue // the page before ended with it
		}
		if len(rows) == limit {
			return rows, cursorAfter(pk, rows[limit-1].text("list_sk")), nil
		}
		rows = append(rows, r)
	}
	return rows, "", nil
}
