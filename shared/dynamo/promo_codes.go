package dynamo

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// Codes implements app.RewardStore.
func (s *Store) Codes(ctx context.Context, env catalog.Env, code, customerID string) (reward.Text, error) {
	keys := []map[string]types.AttributeValue{codeKey(env, code, promotionSK).attributes()}
	if customerID != "" {
		keys = append(keys, codeKey(env, code, customerCodes+customerID).attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return reward.Text{}, err
	}
	return readText(rows)
}

// AllCodes implements app.RewardStore.
func (s *Store) AllCodes(ctx context.Context, env catalog.Env, code string) (reward.Text, error) {
	rows, err := s.query(ctx, codeKey(env, code, "").PK, promotionSK, false)
	if err != nil {
		return reward.Text{}, err
	}
	return readText(rows)
}

func readText(rows []row) (t reward.Text, err error) {
	for _, r := range rows {
		t.Given += r.int("given")
		if r.int("ver") == 0 {
			continue
		}
		p, err := readPromoCode(r)
		if err != nil {
			return t, err
		}
		if p.CustomerID == "" {
			t.Anybody = &p
		} else {
			t.Of = append(t.Of, p)
		}
	}
	return t, nil
}

// codePosition is what a cursor of a reward's codes holds.
var codePosition = regexp.MustCompile(`^(` + listedCodes + `|` + lostCodes + `[0-9]{15}#[0-9]{9,19}#)[0-9A-Z_-]{1,64}#[0-9A-Za-z_-]{0,64}$`)

// CodesOf implements app.RewardStore: two requests, which codes there are and how
// each stands.
func (s *Store) CodesOf(ctx context.Context, env catalog.Env, rewardID, cursor string, limit int) ([]reward.PromoCode, string, error) {
	listed, next, err := s.listedOf(ctx, env, rewardID, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	page, err := s.standing(ctx, env, rewardID, listed)
	return page, next, err
}

// listedOf reads which codes a reward has.
func (s *Store) listedOf(ctx context.Context, env catalog.Env, rewardID, cursor string, limit int) (listed []row, next string, err error) {
	pk := rewardPK(env, rewardID)
	in := &dynamodb.QueryInput{
		TableName: &s.table, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(limit + 2)), // one further code, and the count among them
		KeyConditionExpression: aws.String("PK = :pk"), ExpressionAttributeValues: values{":pk": text(pk)},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	if cursor != "" {
		sk, ok := placeOf(pk, cursor)
		if !ok || !codePosition.MatchString(sk) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		in.ExclusiveStartKey = key{pk, sk}.attributes()
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("read the codes of a reward", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	rows, err := knownRows(out.Items)
	if err != nil {
		return nil, "", err
	}
	last := ""
	for _, r := range rows {
		if r.text("SK") == countSK {
			continue
		}
		if len(listed) == limit {
			next = cursorAfter(pk, last)
			break
		}
		listed, last = append(listed, r), r.text("SK")
	}
	if next == "" && len(out.LastEvaluatedKey) > 0 {
		next = cursorAfter(pk, last)
	}
	return listed, next, nil
}

// standing reads how listed codes stand. One whose text another reward has now is
// among the lost ones.
func (s *Store) standing(ctx context.Context, env catalog.Env, rewardID string, listed []row) ([]reward.PromoCode, error) {
	var keys []map[string]types.AttributeValue
	for _, r := range listed {
		if at, ok := strings.CutPrefix(r.text("SK"), listedCodes); ok {
			code, customer, _ := strings.Cut(at, "#")
			keys = append(keys, promoCodeKey(env, reward.PromoCode{Code: code, CustomerID: customer}).attributes())
		}
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	there := map[string]reward.PromoCode{}
	for _, r := range rows {
		p, err := readPromoCode(r)
		if err != nil {
			return nil, err
		}
		there[listedCodes+p.Code+"#"+p.CustomerID] = p
	}
	page := []reward.PromoCode{}
	for _, r := range listed {
		p, holds := there[r.text("SK")]
		if !strings.HasPrefix(r.text("SK"), listedCodes) {
			p, err = readPromoCode(r)
			p.Inactive, holds = true, true
		}
		if err != nil {
			return nil, err
		}
		if holds && p.RewardID == rewardID {
			page = append(page, p)
		}
	}
	return page, nil
}
