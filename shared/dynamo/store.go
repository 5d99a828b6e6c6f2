package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/money"
)

// Client is what a store needs of the SDK's client.
type Client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	ExecuteStatement(context.Context, *dynamodb.ExecuteStatementInput, ...func(*dynamodb.Options)) (*dynamodb.ExecuteStatementOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Store is app.Store on DynamoDB.
type Store struct {
	client Client
	table  string
	money  money.Currency // of an environment whose settings say none
	cache  *cache
	facts  factsCache // of table_stream
	pause  func(context.Context, int) bool
}

var (
	_ app.Store     = (*Store)(nil)
	_ app.ListStore = (*Store)(nil)
)

// New returns a store. currency is that of an environment whose settings say none; clock measures the age of cached data; pause waits
// before another try at a contended write, and is false when time is up.
func New(client Client, table string, currency money.Currency, clock func() time.Time, pause func(context.Context, int) bool) *Store {
	return &Store{client: client, table: table, money: currency, cache: newCache(clock), pause: pause}
}

// count adds what a request consumed to the meter of the call.
func count(ctx context.Context, consumed ...types.ConsumedCapacity) {
	m := app.MeterOf(ctx)
	m.DynamoRequests.Add(1)
	for _, c := range consumed {
		m.DynamoMilli.Add(int64(aws.ToFloat64(c.CapacityUnits) * 1000))
	}
}

func countOne(ctx context.Context, consumed *types.ConsumedCapacity) {
	if consumed == nil {
		count(ctx)
		return
	}
	count(ctx, *consumed)
}

// get reads one row; a row that is not there is empty.
func (s *Store) get(ctx context.Context, k key) (row, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.table, Key: k.attributes(), ConsistentRead: aws.Bool(true),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, failed("read "+k.SK, err)
	}
	countOne(ctx, out.ConsumedCapacity)
	if len(out.Item) == 0 {
		return nil, nil
	}
	return out.Item, known(out.Item)
}

// query reads the rows of a partition whose sort key begins with prefix, all
// pages of them, oldest first or newest first.
func (s *Store) query(ctx context.Context, pk, prefix string, newestFirst bool) ([]row, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(!newestFirst),
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(pk)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if prefix != "" {
		in.KeyConditionExpression = aws.String("PK = :pk AND begins_with(SK, :prefix)")
		in.ExpressionAttributeValues[":prefix"] = text(prefix)
	}
	return s.allOf(ctx, in, "query "+prefix)
}

// allOf reads all that a query finds, however many requests it takes.
func (s *Store) allOf(ctx context.Context, in *dynamodb.QueryInput, what string) (rows []row, err error) {
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return nil, failed(what, err)
		}
		countOne(ctx, out.ConsumedCapacity)
		page, err := knownRows(out.Items)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page...)
		if len(out.LastEvaluatedKey) == 0 {
			return rows, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
