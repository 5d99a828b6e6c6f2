package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// CustomerUsage implements app.CustomerFinder. One Query reads the sums of all features, also of
// days that are not asked for: one request for each feature would be more of them.
func (s *Store) CustomerUsage(ctx context.Context, env catalog.Env, cus string, from, to time.Time) (u app.CustomerUsage, found bool, err error) {
	rows, err := s.batch(ctx, []map[string]types.AttributeValue{customerKey(env, cus).attributes(), markKey(env, cus).attributes()})
	if err != nil {
		return u, false, err
	}
	for _, r := range rows {
		if r.text("SK") != customerSK {
			u.Mark = readMark(r)
			continue
		}
		if u.Customer, err = readCustomer(r); err != nil {
			return u, false, err
		}
		found = true
	}
	if !found {
		return u, false, nil
	}
	in := &dynamodb.QueryInput{TableName: &s.table, KeyConditionExpression: aws.String("PK = :pk AND begins_with(SK, :days)"),
		ProjectionExpression:      aws.String("PK, SK, v, c, s, x"),
		ExpressionAttributeValues: values{":pk": text(sumsPK(env, cus)), ":days": text(sumPrefix)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return u, found, failed("read sums of usage", err)
		}
		countOne(ctx, out.ConsumedCapacity)
		rows, err := knownRows(out.Items)
		if err != nil {
			return u, found, err
		}
		for _, r := range rows {
			d, err := readSum(r)
			if err != nil {
				return u, found, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
			}
			if !d.Day.Before(from) && d.Day.Before(to) {
				u.Days = append(u.Days, d)
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return u, found, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
