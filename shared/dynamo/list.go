package dynamo

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/billing"
)

// Customers implements app.Store. The index is a moment behind the table.
func (s *Store) Customers(ctx context.Context, env billing.Env, cursor string, limit int) ([]string, string, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.table, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression:    aws.String("list_pk = :pk"),
		ExpressionAttributeValues: values{":pk": text(listPK(env))},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if cursor != "" {
		sk, err := base64.RawURLEncoding.DecodeString(cursor)
		_, cus, ok := strings.Cut(string(sk), "#")
		if err != nil || !ok {
			return nil, "", &billing.Error{Kind: billing.KindInvalid, Code: "invalid_cursor", Message: "This cursor was not given by a list call."}
		}
		in.ExclusiveStartKey = customerKey(env, cus).attributes()
		in.ExclusiveStartKey["list_pk"], in.ExclusiveStartKey["list_sk"] = text(listPK(env)), text(string(sk))
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("list customers", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	var keys []string
	for _, item := range out.Items {
		_, cus, _ := strings.Cut(row(item).text("list_sk"), "#")
		keys = append(keys, cus)
	}
	next := ""
	if len(out.LastEvaluatedKey) > 0 {
		next = base64.RawURLEncoding.EncodeToString([]byte(row(out.LastEvaluatedKey).text("list_sk")))
	}
	return keys, next, nil
}

// Invoices implements app.Store. Stripe dates invoices by the second; those of
// one second are ordered by when they were first noted.
func (s *Store) Invoices(ctx context.Context, env billing.Env, internalID string) ([]billing.Invoice, error) {
	rows, err := s.query(ctx, logPK(env, internalID), invoicePrefix, true)
	if err != nil {
		return nil, err
	}
	out, noted := make([]billing.Invoice, len(rows)), map[string]string{}
	for i, r := range rows {
		if err := r.json("data", &out[i]); err != nil {
			return nil, err
		}
		noted[out[i].StripeID] = r.text("noted")
	}
	slices.SortStableFunc(out, func(a, b billing.Invoice) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(noted[b.StripeID], noted[a.StripeID]))
	})
	return out, nil
}
