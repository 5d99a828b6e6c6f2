package dynamodb_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"windfall/local/dynamodb"
)

// What the tests of this package share: a database, the real SDK in front of it,
// and one table with an index of every projection.

const tableName = "windfall"

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(n string) types.AttributeValue { return &types.AttributeValueMemberN{Value: n} }

func key(pk, sk string) attributes { return attributes{"PK": text(pk), "SK": text(sk)} }

func with(base, more attributes) attributes {
	all := maps.Clone(base)
	maps.Copy(all, more)
	return all
}

func open(t testing.TB, o dynamodb.Options) *dynamodb.DB {
	t.Helper()
	db, err := dynamodb.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func connect(db *dynamodb.DB) *awsdynamodb.Client {
	return awsdynamodb.New(awsdynamodb.Options{
		Region:           "us-east-1", // one that the SDK knows: for others it compiles regular expressions on every call
		BaseEndpoint:     aws.String("http://dynamodb.local"),
		Credentials:      credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient:       db.Client(),
		RetryMaxAttempts: 1,
	})
}

// fresh is a database in memory with the table, and a client for it.
func fresh(t testing.TB) (*dynamodb.DB, *awsdynamodb.Client) {
	t.Helper()
	db := open(t, dynamodb.Options{})
	client := connect(db)
	createTable(t, client)
	return db, client
}

// createTable makes the table: indexes "due" (KEYS_ONLY, two keys), "listing"
// (ALL, number as sort key) and "mail" (INCLUDE name, no sort key).
func createTable(t testing.TB, client *awsdynamodb.Client) {
	t.Helper()
	define := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: kind}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		schema := []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}}
		if sort != "" {
			schema = append(schema, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
		}
		return schema
	}
	index := func(name, hash, sort string, p types.Projection) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{IndexName: &name, KeySchema: keys(hash, sort), Projection: &p}
	}
	_, err := client.CreateTable(t.Context(), &awsdynamodb.CreateTableInput{
		TableName:   aws.String(tableName),
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keys("PK", "SK"),
		AttributeDefinitions: []types.AttributeDefinition{
			define("PK", "S"), define("SK", "S"), define("due_shard", "S"), define("due_at", "S"),
			define("list", "S"), define("rank", "N"), define("mail", "S"),
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			index("due", "due_shard", "due_at", types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}),
			index("listing", "list", "rank", types.Projection{ProjectionType: types.ProjectionTypeAll}),
			index("mail", "mail", "", types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: []string{"name"}}),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// code is the error code of a failed call, "" when it succeeded.
func code(err error) string {
	var api smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return api.ErrorCode()
	}
	return "no answer"
}

func put(t testing.TB, client *awsdynamodb.Client, item attributes) {
	t.Helper()
	if _, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: item}); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, client *awsdynamodb.Client, pk, sk string) attributes {
	t.Helper()
	got, err := client.GetItem(t.Context(), &awsdynamodb.GetItemInput{TableName: aws.String(tableName), Key: key(pk, sk)})
	if err != nil {
		t.Fatal(err)
	}
	return got.Item
}
