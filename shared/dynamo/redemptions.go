package dynamo

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/order"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// redemptionsPK is the partition of the list index with the redemptions in a status, or
// of a program, or with all of them.
func redemptionsPK(env catalog.Env, status referral.Status, program string) string {
	pk := string(env) + "#REDEMPTIONS"
	for _, part := range []string{string(status), program} {
		if part != "" {
			pk += "#" + part
		}
	}
	return pk
}

func inList(r row, pk string, of referral.Redemption) {
	r.setText("list_pk", pk)
	r.setText("list_sk", redemptionSK(of))
}

// redemptionPosition is what a cursor of redemptions holds.
var redemptionPosition = regexp.MustCompile(`^(` + sidePrefix + `)?[0-9]{15}#[0-9A-Za-z_-]{1,128}$`)

// Redemptions implements app.ReferralStore.
func (s *Store) Redemptions(ctx context.Context, env catalog.Env, of app.RedemptionsOf, cursor string, limit int) ([]referral.Redemption, string, error) {
	pk, sk, in := redemptionsPK(env, of.Status, ""), "list_sk", &dynamodb.QueryInput{IndexName: aws.String("list"), KeyConditionExpression: aws.String("list_pk = :pk")}
	switch {
	case of.CustomerID != "":
		pk, sk, in = logPK(env, of.CustomerID), "SK", &dynamodb.QueryInput{ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :first AND :last")}
	case of.ProgramID != "":
		pk = redemptionsPK(env, "", of.ProgramID)
	}
	in.TableName, in.ScanIndexForward, in.Limit = &s.table, aws.Bool(false), aws.Int32(int32(limit+2)) // one more shows whether there is a next page, and the last of the page before may be among them
	in.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
	in.ExpressionAttributeValues = values{":pk": text(pk)}
	last := sidePrefix + "~"
	if cursor != "" {
		after, ok := placeOf(pk, cursor)
		if !ok || !redemptionPosition.MatchString(after) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		if last = after; sk == "list_sk" {
			in.KeyConditionExpression = aws.String("list_pk = :pk AND list_sk <= :last")
			in.ExpressionAttributeValues[":last"] = text(last)
		}
	}
	if sk == "SK" {
		in.ExpressionAttributeValues[":first"], in.ExpressionAttributeValues[":last"] = text(sidePrefix), text(last)
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("list redemptions", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	found, next := out.Items, ""
	if cursor != "" && len(found) > 0 && row(found[0]).text(sk) == last {
		found = found[1:] // the page before ended with it
	}
	if len(found) > limit {
		found = found[:limit]
		next = cursorAfter(pk, row(found[limit-1]).text(sk))
	}
	page, err := s.redemptionsIn(ctx, env, found, sk)
	return page, next, err
}

// redemptionsIn reads the redemptions that rows of a list name.
func (s *Store) redemptionsIn(ctx context.Context, env catalog.Env, found []map[string]types.AttributeValue, sk string) ([]referral.Redemption, error) {
	var keys []map[string]types.AttributeValue
	for _, r := range found {
		_, id, _ := strings.Cut(strings.TrimPrefix(row(r).text(sk), sidePrefix), "#")
		keys = append(keys, lookUp(env, "REDEMPTION", id).attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make([]referral.Redemption, len(rows))
	for i, r := range rows {
		if out[i], err = readRedemption(r); err != nil {
			return nil, err
		}
	}
	order.Stable(out, func(a, b *referral.Redemption) int { return strings.Compare(redemptionSK(*b), redemptionSK(*a)) })
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
