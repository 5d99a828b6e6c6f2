package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/billing"
)

// Balance implements app.Store.
func (s *Store) Balance(ctx context.Context, env billing.Env, cus, featureID string) (billing.Balance, error) {
	r, err := s.get(ctx, balanceKey(env, cus, featureID))
	if err != nil || len(r) == 0 {
		return billing.Balance{FeatureID: featureID}, err
	}
	return readBalance(r)
}

// Balances implements app.Store. Several rows are one request, too; they are
// each as of one moment, but not of the same.
func (s *Store) Balances(ctx context.Context, env billing.Env, cus string, features ...string) (map[string]billing.Balance, error) {
	held := map[string]billing.Balance{}
	if len(features) == 1 {
		b, err := s.Balance(ctx, env, cus, features[0])
		if b.Version > 0 {
			held[b.FeatureID] = b
		}
		return held, err
	}
	keys := make([]map[string]types.AttributeValue, len(features))
	for i, f := range features {
		keys[i] = balanceKey(env, cus, f).attributes()
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		b, err := readBalance(r)
		if err != nil {
			return nil, err
		}
		held[b.FeatureID] = b
	}
	return held, nil
}

// batch reads rows in any order; those that are not there are left out. What
// the database leaves for later when it is busy is asked for again.
func (s *Store) batch(ctx context.Context, keys []map[string]types.AttributeValue) (rows []row, err error) {
	for try := 0; len(keys) > 0; try++ {
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems:           map[string]types.KeysAndAttributes{s.table: {Keys: keys, ConsistentRead: aws.Bool(true)}},
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			return nil, failed("read rows", err)
		}
		count(ctx, out.ConsumedCapacity...)
		for _, item := range out.Responses[s.table] {
			rows = append(rows, item)
		}
		if keys = out.UnprocessedKeys[s.table].Keys; len(keys) > 0 && (try >= tries || !s.pause(ctx, try)) {
			return nil, errTooMany
		}
	}
	return rows, nil
}
