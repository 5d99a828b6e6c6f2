package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// Balance implements app.Store.
func (s *Store) Balance(ctx context.Context, env catalog.Env, customerKey, featureID string) (entitlement.Balance, error) {
	held, err := s.Balances(ctx, env, customerKey, featureID)
	if b, found := held[featureID]; found {
		return b, err
	}
	return entitlement.Balance{FeatureID: featureID}, err
}

// Balances implements app.Store. Several rows are one request, too; they are
// each as of one moment, but not of the same.
func (s *Store) Balances(ctx context.Context, env catalog.Env, customerKey string, features ...string) (held map[string]entitlement.Balance, err error) {
	err = s.whole(ctx, env, customerKey, func() (map[string]entitlement.Balance, error) {
		held, err = s.balances(ctx, env, customerKey, features)
		return held, err
	})
	return held, err
}

func (s *Store) balances(ctx context.Context, env catalog.Env, customerKey string, features []string) (map[string]entitlement.Balance, error) {
	rows, err := s.balanceRows(ctx, env, customerKey, features)
	if err != nil {
		return nil, err
	}
	held := map[string]entitlement.Balance{}
	for _, r := range rows {
		b, err := readBalance(r)
		if err != nil {
			return nil, err
		}
		held[b.FeatureID] = b
	}
	return held, nil
}

func (s *Store) balanceRows(ctx context.Context, env catalog.Env, customerKey string, features []string) ([]row, error) {
	if len(features) == 1 {
		r, err := s.get(ctx, balanceKey(env, customerKey, features[0]))
		if err != nil || len(r) == 0 {
			return nil, err
		}
		return []row{r}, nil
	}
	keys := make([]map[string]types.AttributeValue, len(features))
	for i, f := range features {
		keys[i] = balanceKey(env, customerKey, f).attributes()
	}
	return s.batch(ctx, keys)
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
		found, err := knownRows(out.Responses[s.table])
		if err != nil {
			return nil, err
		}
		rows = append(rows, found...)
		if keys = out.UnprocessedKeys[s.table].Keys; len(keys) > 0 && (try >= tries || !s.pause(ctx, try)) {
			return nil, errTooMany
		}
	}
	return rows, nil
}
