package dynamodb_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
)

// always strikes every call with the same fault.
func always(f dynamodb.Fault) func(dynamodb.Call) dynamodb.Fault {
	return func(dynamodb.Call) dynamodb.Fault { return f }
}

func addOne(t *testing.T, client *awsdynamodb.Client) error {
	t.Helper()
	_, err := client.UpdateItem(t.Context(), &awsdynamodb.UpdateItemInput{TableName: aws.String(tableName), Key: key("a", "1"),
		UpdateExpression: aws.String("ADD n :one"), ExpressionAttributeValues: attributes{":one": number("1")}})
	return err
}

func transactOne(t *testing.T, client *awsdynamodb.Client) error {
	t.Helper()
	_, err := client.TransactWriteItems(t.Context(), &awsdynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{ConditionCheck: &types.ConditionCheck{TableName: aws.String(tableName), Key: key("a", "0"), ConditionExpression: aws.String("attribute_not_exists(PK)")}},
		{Update: &types.Update{TableName: aws.String(tableName), Key: key("a", "1"), UpdateExpression: aws.String("ADD n :one"),
			ExpressionAttributeValues: attributes{":one": number("1")}}},
	}})
	return err
}

func TestFaultsOfWrites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault       dynamodb.Fault
		single, tx  string // error codes
		reasons     []string
		transaction bool
		applied     bool
	}{
		"conflict on the first": {fault: dynamodb.Fault{Kind: dynamodb.FaultConflict}, single: "TransactionConflictException",
			tx: "TransactionCanceledException", reasons: []string{"TransactionConflict", "None"}},
		"conflict on the second": {fault: dynamodb.Fault{Kind: dynamodb.FaultConflict, Items: []int{1}}, single: "TransactionConflictException",
			tx: "TransactionCanceledException", reasons: []string{"None", "TransactionConflict"}},
		"throttle":       {fault: dynamodb.Fault{Kind: dynamodb.FaultThrottle}, single: "ProvisionedThroughputExceededException", tx: "ProvisionedThroughputExceededException"},
		"rate limit":     {fault: dynamodb.Fault{Kind: dynamodb.FaultRateLimit}, single: "ThrottlingException", tx: "ThrottlingException"},
		"internal":       {fault: dynamodb.Fault{Kind: dynamodb.FaultInternal}, single: "InternalServerError", tx: "InternalServerError"},
		"internal after": {fault: dynamodb.Fault{Kind: dynamodb.FaultInternalAfter}, single: "InternalServerError", tx: "InternalServerError", applied: true},
		"request lost":   {fault: dynamodb.Fault{Kind: dynamodb.FaultLoseRequest}, single: "no answer", tx: "no answer"},
		"answer lost":    {fault: dynamodb.Fault{Kind: dynamodb.FaultLoseAnswer}, single: "no answer", tx: "no answer", applied: true},
		"none":           {applied: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, client := fresh(t)
			db.SetFault(always(c.fault))
			if got := code(addOne(t, client)); got != c.single {
				t.Errorf("update answers %q, want %q", got, c.single)
			}
			if (db.Dump() != "") != c.applied {
				t.Errorf("update applied: %v, want %v", db.Dump() != "", c.applied)
			}
			db.SetFault(nil)
			if err := db.Reset(); err != nil {
				t.Fatal(err)
			}
			db.SetFault(always(c.fault))
			err := transactOne(t, client)
			if got := code(err); got != c.tx || !slices.Equal(reasons(err), c.reasons) {
				t.Errorf("transaction answers %q with reasons %q", got, reasons(err))
			}
			if (db.Dump() != "") != c.applied {
				t.Errorf("transaction applied: %v, want %v", db.Dump() != "", c.applied)
			}
		})
	}
}

// Over a socket a lost answer is a broken connection, too.
func TestLostAnswerOverASocket(t *testing.T) {
	t.Parallel()
	db, _ := fresh(t)
	server := httptest.NewServer(db)
	t.Cleanup(server.Close)
	client := awsdynamodb.New(awsdynamodb.Options{Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")})
	db.SetFault(always(dynamodb.Fault{Kind: dynamodb.FaultLoseAnswer}))
	if got := code(addOne(t, client)); got != "no answer" || db.Dump() == "" {
		t.Errorf("answered %q, database %q", got, db.Dump())
	}
	db.SetFault(nil)
	if err := addOne(t, client); err != nil || get(t, client, "a", "1")["n"].(*types.AttributeValueMemberN).Value != "2" {
		t.Errorf("afterwards: %v", err)
	}
}

// The SDK's own retry gets past a fault that strikes once.
func TestRetryPassesAFault(t *testing.T) {
	t.Parallel()
	db, _ := fresh(t)
	client := awsdynamodb.New(awsdynamodb.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://dynamodb.local"), HTTPClient: db.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")})
	seen := 0
	db.SetFault(func(call dynamodb.Call) dynamodb.Fault {
		if seen++; seen == 1 {
			return dynamodb.Fault{Kind: dynamodb.FaultLoseAnswer}
		}
		return dynamodb.Fault{}
	})
	if err := addOne(t, client); err != nil || seen != 2 {
		t.Errorf("%v after %d attempts", err, seen)
	}
	if got := get(t, client, "a", "1")["n"].(*types.AttributeValueMemberN).Value; got != "2" {
		t.Errorf("an addition retried after a lost answer counts %s, and must count twice", got)
	}
}

func TestStaleIndexShowsThePast(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	for i := range 5 {
		put(t, client, with(key("a", fmt.Sprint(i)), attributes{"mail": text("ada@x.com")}))
	}
	put(t, client, key("a", "0")) // leaves the index
	mails := func(fault dynamodb.Fault) int {
		db.SetFault(always(fault))
		out, err := client.Query(t.Context(), &awsdynamodb.QueryInput{TableName: aws.String(tableName), IndexName: aws.String("mail"),
			KeyConditionExpression: aws.String("mail = :m"), ExpressionAttributeValues: attributes{":m": text("ada@x.com")}})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Items)
	}
	for writes, want := range []int{4, 5, 4, 3, 2, 1, 0, 0} {
		if got := mails(dynamodb.Fault{Kind: dynamodb.FaultStaleIndex, Writes: writes}); got != want {
			t.Errorf("%d writes ago the index had %d entries, want %d", writes, got, want)
		}
	}
	if got := mails(dynamodb.Fault{}); got != 4 {
		t.Errorf("afterwards the index has %d entries, want 4", got)
	}
	checkIndexes(t, client)
}

func TestUnprocessedBatchesCanBeSentAgain(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	db.SetFault(always(dynamodb.Fault{Kind: dynamodb.FaultUnprocessed, Items: []int{0, 2}}))
	var writes []types.WriteRequest
	for i := range 4 {
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: key("a", fmt.Sprint(i))}})
	}
	out, err := client.BatchWriteItem(t.Context(), &awsdynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tableName: writes}})
	if err != nil || len(out.UnprocessedItems[tableName]) != 2 || len(scanAll(t, client, "")) != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	db.SetFault(nil)
	out, err = client.BatchWriteItem(t.Context(), &awsdynamodb.BatchWriteItemInput{RequestItems: out.UnprocessedItems})
	if err != nil || len(out.UnprocessedItems) != 0 || len(scanAll(t, client, "")) != 4 {
		t.Errorf("sent again: %+v, %v", out, err)
	}
	db.SetFault(always(dynamodb.Fault{Kind: dynamodb.FaultUnprocessed}))
	read, err := client.BatchGetItem(t.Context(), &awsdynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		tableName: {Keys: []attributes{key("a", "0"), key("a", "1")}, ProjectionExpression: aws.String("#s"),
			ExpressionAttributeNames: map[string]string{"#s": "SK"}}}})
	if err != nil || len(read.Responses[tableName]) != 1 || len(read.UnprocessedKeys[tableName].Keys) != 1 {
		t.Fatalf("%+v, %v", read, err)
	}
	db.SetFault(nil)
	read, err = client.BatchGetItem(t.Context(), &awsdynamodb.BatchGetItemInput{RequestItems: read.UnprocessedKeys})
	if err != nil || !slices.Equal(lines(read.Responses[tableName]), []string{"SK=0"}) {
		t.Errorf("read again: %+v, %v", read, err)
	}
}

func TestCallsAreNumberedAndNameTheirKeys(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	var calls []string
	db.Observe(func(c dynamodb.Call, capacity dynamodb.Capacity) {
		calls = append(calls, fmt.Sprintf("%d %s %v %s %v/%v", c.Number, c.Operation, c.Keys, c.Code, capacity.Read, capacity.Write))
	})
	get(t, client, "a", "1")
	_ = addOne(t, client)
	_ = transactOne(t, client)
	_, _ = client.Query(t.Context(), &awsdynamodb.QueryInput{TableName: aws.String(tableName), KeyConditionExpression: aws.String("PK = :p"),
		ExpressionAttributeValues: attributes{":p": text("a")}})
	_, _ = client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: key("a", "1"),
		ConditionExpression: aws.String("attribute_not_exists(PK)")})
	_, _ = client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: key("a", "")})
	want := []string{
		"1 GetItem [{windfall a 1}]  0.5/0",
		"2 UpdateItem [{windfall a 1}]  0/1",
		"3 TransactWriteItems [{windfall a 0} {windfall a 1}]  0/4",
		"4 Query [{windfall a }]  0.5/0",
		"5 PutItem [{windfall a 1}] ConditionalCheckFailedException 0/1",
		"6 PutItem [] ValidationException 0/0",
	}
	if !slices.Equal(calls, want) {
		t.Errorf("observed\n%q\nwant\n%q", calls, want)
	}
}

// 64 clients add to one item while faults strike: what was answered is counted,
// and nothing is counted that was lost before it was applied.
func TestParallelAdditionsUnderFaults(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	db.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		return dynamodb.Fault{Kind: []dynamodb.FaultKind{dynamodb.FaultNone, dynamodb.FaultNone, dynamodb.FaultThrottle, dynamodb.FaultConflict}[c.Number%4]}
	})
	var answered sync.Map
	var group sync.WaitGroup
	for worker := range 64 {
		group.Go(func() {
			done := 0
			for range 10 {
				var conflict *types.TransactionConflictException
				var throttled *types.ProvisionedThroughputExceededException
				switch err := addOne(t, client); {
				case err == nil:
					done++
				case !errors.As(err, &conflict) && !errors.As(err, &throttled):
					t.Error(err)
				}
			}
			answered.Store(worker, done)
		})
	}
	group.Wait()
	db.SetFault(nil)
	total := 0
	answered.Range(func(_, done any) bool { total += done.(int); return true })
	if got := get(t, client, "a", "1")["n"].(*types.AttributeValueMemberN).Value; got != fmt.Sprint(total) || total != 320 {
		t.Errorf("%d additions were answered, the item counts %s", total, got)
	}
}
