package dynamo

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// mostReferrals is how many redemptions a list has: as many rows as DynamoDB
// reads in one batch.
const mostReferrals = 100

// Redemptions implements app.Store. Two requests: which there are, and how each
// of them stands.
func (s *Store) Redemptions(ctx context.Context, env catalog.Env, internalID string) ([]catalog.Redemption, error) {
	noted, err := s.query(ctx, logPK(env, internalID), sidePrefix, true)
	if err != nil {
		return nil, err
	}
	var keys []map[string]types.AttributeValue
	for _, r := range noted[:min(len(noted), mostReferrals)] {
		_, id, _ := strings.Cut(strings.TrimPrefix(r.text("SK"), sidePrefix), "#")
		keys = append(keys, lookUp(env, "REDEMPTION", id).attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make([]catalog.Redemption, len(rows))
	for i, r := range rows {
		if out[i], err = readRedemption(r); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b catalog.Redemption) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return out, nil
}

// CustomersByKey implements app.Store. One request for up to 100 customers.
func (s *Store) CustomersByKey(ctx context.Context, env catalog.Env, cus ...string) (map[string]billing.Customer, error) {
	var keys []map[string]types.AttributeValue
	for _, one := range slices.Compact(slices.Sorted(slices.Values(cus))) {
		keys = append(keys, customerKey(env, one).attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := map[string]billing.Customer{}
	for _, r := range rows {
		c, err := readCustomer(r)
		if err != nil {
			return nil, err
		}
		out[c.Key()] = c
	}
	return out, nil
}
