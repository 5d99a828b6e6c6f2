package dynamo

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// RedemptionsWith implements app.CustomerFinder: the rows in the customer's history name the
// redemptions and the other sides, and one request reads both.
func (s *Store) RedemptionsWith(ctx context.Context, env catalog.Env, internalID string, limit int) (page []referral.Redemption, people map[string]billing.Customer, err error) {
	in := s.historyQuery(logPK(env, internalID), sidePrefix)
	in.Limit = aws.Int32(int32(min(limit, batchKeys/2)))
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, nil, failed("list redemptions", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	var keys []map[string]types.AttributeValue
	asked := map[string]bool{}
	for _, item := range out.Items {
		r := row(item)
		_, id, _ := strings.Cut(strings.TrimPrefix(r.text("SK"), sidePrefix), "#")
		keys = append(keys, lookUp(env, "REDEMPTION", id).attributes())
		if other := r.text("facing"); other != "" && !asked[other] {
			asked[other], keys = true, append(keys, customerKey(env, other).attributes())
		}
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	people = map[string]billing.Customer{}
	for _, r := range rows {
		if r.text("SK") == customerSK {
			c, err := readCustomer(r)
			if err != nil {
				return nil, nil, err
			}
			people[c.Key()] = c
			continue
		}
		one, err := readRedemption(r)
		if err != nil {
			return nil, nil, err
		}
		page = append(page, one)
	}
	slices.SortFunc(page, func(a, b referral.Redemption) int { return strings.Compare(redemptionSK(b), redemptionSK(a)) })
	return page, people, nil
}

// batchKeys is DynamoDB's limit for the keys of one BatchGetItem.
const batchKeys = 100

// nameOther lets a row of before say who is on the other side.
func nameOther(ctx context.Context, s *Store, t table, r row) (items, error) {
	if r.text("facing") != "" {
		return nil, nil
	}
	_, id, _ := strings.Cut(strings.TrimPrefix(r.text("SK"), sidePrefix), "#")
	stored, err := s.get(ctx, lookUp(t.env, "REDEMPTION", id))
	if err != nil || len(stored) == 0 {
		return nil, err
	}
	of, err := readRedemption(stored)
	if err != nil || !of.Referral() {
		return nil, err
	}
	other := of.ReferrerID
	if r.text("PK") == logPK(t.env, of.ReferrerInternalID) {
		other = of.RedeemerID
	}
	return items{t.update(key{r.text("PK"), r.text("SK")}, "SET facing = :facing", isThere, values{":facing": text(other)})}, nil
}
