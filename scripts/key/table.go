package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/scripts/awscli"
	"windfall/shared/app"
	"windfall/shared/dynamo"
)

// A keyTable holds the rows of keys. Functions only read them.
type keyTable struct {
	cli    awscli.CLI
	client *dynamodb.Client
	name   string
}

type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// openKeyTable returns a table whose requests are built by the SDK, and signed
// and sent by http: the AWS command line.
func openKeyTable(cli awscli.CLI, http dynamodb.HTTPClient, name string) *keyTable {
	return &keyTable{cli, dynamodb.New(dynamodb.Options{Region: "us-east-1", // unused: the program has its own
		HTTPClient: http, Retryer: aws.NopRetryer{}, BaseEndpoint: aws.String("http://aws"), DisableValidateResponseChecksum: true,
		Credentials: aws.AnonymousCredentials{}}), name}
}

func keyOf(hash string) item {
	row := dynamo.KeyItem(app.Key{Hash: hash})
	return item{"PK": row["PK"], "SK": row["SK"]}
}

func (t *keyTable) put(ctx context.Context, k app.Key) error {
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: dynamo.KeyItem(k),
		ConditionExpression: aws.String("attribute_not_exists(PK)")})
	return err
}

func (t *keyTable) get(ctx context.Context, hash string) (app.Key, bool, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: keyOf(hash), ConsistentRead: aws.Bool(true)})
	if err != nil || len(out.Item) == 0 {
		return app.Key{}, false, err
	}
	return dynamo.ReadKey(out.Item), true, nil
}

// revoke never creates a row: a key that does not exist must not look revoked.
func (t *keyTable) revoke(ctx context.Context, hash string, now time.Time, who string) error {
	marked := dynamo.KeyItem(app.Key{RevokedAt: now, RevokedBy: who})
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &t.name, Key: keyOf(hash),
		UpdateExpression:          aws.String("SET revoked = :now, revoked_by = :who"),
		ConditionExpression:       aws.String("attribute_exists(PK) AND attribute_not_exists(revoked)"),
		ExpressionAttributeValues: item{":now": marked["revoked"], ":who": marked["revoked_by"]}})
	return err
}

// all returns the keys of one environment, or of both, newest first. The index
// that lists them is eventually consistent.
func (t *keyTable) all(ctx context.Context, env string) (keys []app.Key, err error) {
	in := &dynamodb.QueryInput{TableName: &t.name, IndexName: aws.String("list"), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(100),
		KeyConditionExpression:    aws.String("list_pk = :pk"),
		ExpressionAttributeValues: item{":pk": text(dynamo.KeysPartition)}}
	for {
		page, err := t.client.Query(ctx, in)
		if err != nil {
			return nil, err
		}
		rows, err := t.rows(ctx, page.Items)
		if err != nil {
			return nil, err
		}
		for _, listed := range page.Items {
			k := rows[dynamo.ReadKey(listed).Hash]
			if k.Hash != "" && (env == "" || env == string(k.Env)) {
				keys = append(keys, k)
			}
		}
		if in.ExclusiveStartKey = page.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return keys, nil
		}
	}
}

// rows reads the rows of one page of the index, by hash.
func (t *keyTable) rows(ctx context.Context, listed []item) (map[string]app.Key, error) {
	found := map[string]app.Key{}
	var wanted []item
	for _, l := range listed {
		wanted = append(wanted, item{"PK": l["PK"], "SK": l["SK"]})
	}
	for len(wanted) > 0 {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			t.name: {Keys: wanted, ConsistentRead: aws.Bool(true)}}})
		if err != nil {
			return nil, err
		}
		for _, row := range out.Responses[t.name] {
			k := dynamo.ReadKey(row)
			found[k.Hash] = k
		}
		wanted = out.UnprocessedKeys[t.name].Keys
	}
	return found, nil
}
