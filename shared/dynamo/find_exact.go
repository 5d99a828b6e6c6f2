package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// readFound reads the customers of entries, and what the whole text stands for.
func readFound(rows []row, entries []foundEntry, exact []string) (found app.FoundCustomers, err error) {
	customers := map[string]billing.Customer{}
	for _, r := range rows {
		switch r.text("SK") {
		case customerSK:
			c, err := readCustomer(r)
			if err != nil {
				return found, err
			}
			customers[c.Key()] = c
		case "STRIPE":
			found.Key = r.text("cus")
		case "REFERRAL":
			code, err := readReferralCode(r)
			if err != nil {
				return found, err
			}
			found.Key = code.OwnerID
		case promotionSK:
			found.Promotion = catalog.NormalCode(exact[0])
		}
	}
	for _, id := range exact { // an id comes first: a code may be equal to one
		if c, is := customers[id]; is && (c.ID != "" || c.InternalID == id) {
			return app.FoundCustomers{Key: id, Path: app.CustomerPath(c)}, nil
		}
	}
	for _, e := range entries {
		if c, there := customers[e.key]; there && customerIndexes[e.place.Index].place(c) == e.place.After {
			found.Customers = append(found.Customers, c)
		}
	}
	return found, nil
}

// CustomerInAnyCase implements app.CustomerFinder.
func (s *Store) CustomerInAnyCase(ctx context.Context, env catalog.Env, search string) (string, error) {
	index := customerIndexes[byID]
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: &index.name, Limit: aws.Int32(2),
		KeyConditionExpression:    aws.String("list_pk = :pk AND begins_with(" + index.sortKey + ", :id)"),
		ExpressionAttributeValues: values{":pk": text(listPK(env)), ":id": text(search + "\x1f")},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal})
	if err != nil {
		return "", failed("find a customer", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	if len(out.Items) != 1 {
		return "", nil
	}
	_, key, _ := ownerOf(row(out.Items[0]).text("PK"))
	return key, nil
}

// KeyOfEntry implements app.CustomerFinder.
func (s *Store) KeyOfEntry(ctx context.Context, env catalog.Env, c billing.Customer) (string, error) {
	index := customerIndexes[byTime]
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: &index.name, Limit: aws.Int32(1),
		KeyConditionExpression:    aws.String("list_pk = :pk AND list_sk = :sk"),
		ExpressionAttributeValues: values{":pk": text(listPK(env)), ":sk": text(listSK(c))},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal})
	if err != nil {
		return "", failed("find a customer", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	if len(out.Items) == 0 {
		return "", nil
	}
	_, key, _ := ownerOf(row(out.Items[0]).text("PK"))
	return key, nil
}

// SharedFingerprint implements app.CustomerFinder.
func (s *Store) SharedFingerprint(ctx context.Context, env catalog.Env, fingerprint string, limit int) ([]string, error) {
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String("fingerprints"), Limit: aws.Int32(int32(limit)), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String("device_pk = :device"),
		ExpressionAttributeValues: values{":device": text(devicePK(env, fingerprint))},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal})
	if err != nil {
		return nil, failed("find a fingerprint", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	var keys []string
	for _, item := range out.Items {
		if _, key, ok := ownerOf(row(item).text("PK")); ok {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
