package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// whole reads balances until they and their shards belong together.
func (s *Store) whole(ctx context.Context, env catalog.Env, customerKey string, read func() (map[string]entitlement.Balance, error)) error {
	for try := 0; ; try++ {
		held, err := read()
		if err != nil {
			return err
		}
		if steady, err := s.addShards(ctx, env, customerKey, held); steady || err != nil {
			return err
		}
		if try >= tries || !s.pause(ctx, try) {
			return errTooMany
		}
	}
}

// readWhole reads a balance off its row, and with its shards where it has any.
func (s *Store) readWhole(ctx context.Context, env catalog.Env, customerKey string, r row) (entitlement.Balance, error) {
	if err := known(r); err != nil {
		return entitlement.Balance{}, err
	}
	b, err := readBalance(r)
	if b.Shards.Count > 0 && err == nil {
		return s.Balance(ctx, env, customerKey, b.FeatureID)
	}
	return b, err
}

// addShards reads the shards of balances, if there are any, and adds what they
// count. steady is false when a balance was saved meanwhile.
func (s *Store) addShards(ctx context.Context, env catalog.Env, customerKey string, held map[string]entitlement.Balance) (steady bool, err error) {
	var keys []map[string]types.AttributeValue
	for id, b := range held {
		for i := range b.Shards.Count {
			keys = append(keys, shardKey(env, customerKey, id, i).attributes())
		}
	}
	if len(keys) == 0 {
		return true, nil
	}
	found := map[key]row{}
	for len(keys) > 0 {
		n := min(len(keys), maxBatch)
		rows, err := s.batch(ctx, keys[:n])
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			found[key{r.text("PK"), r.text("SK")}] = r
		}
		keys = keys[n:]
	}
	for id, b := range held {
		taken := make([]money.Decimal, b.Shards.Count)
		for i := range taken {
			r := found[shardKey(env, customerKey, id, i)]
			if r.int("mark") != b.Shards.Mark {
				return false, nil
			}
			if taken[i], err = r.exact("spent"); err != nil {
				return false, err
			}
		}
		if len(taken) > 0 {
			held[id] = b.WithShards(taken)
		}
	}
	return true, nil
}

// maxBatch is DynamoDB's limit for one BatchGetItem.
const maxBatch = 100
