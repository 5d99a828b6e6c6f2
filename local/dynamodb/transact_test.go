package dynamodb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"windfall/local/dynamodb"
)

// counter is one random action on the counter of an item, and whether its
// condition holds.
type counter struct {
	sk    int
	kind  string
	limit int // the condition is "n is below limit", a missing item counting as below
}

func anyCounters(t *rapid.T) []counter {
	sks := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 1, 5, rapid.ID[int]).Draw(t, "items")
	all := make([]counter, len(sks))
	for i, sk := range sks {
		all[i] = counter{sk, rapid.SampledFrom([]string{"put", "update", "delete", "check"}).Draw(t, "kind"), rapid.IntRange(0, 4).Draw(t, "limit")}
	}
	return all
}

func (c counter) action() types.TransactWriteItem {
	k, table := key("a", strconv.Itoa(c.sk)), aws.String(tableName)
	condition := aws.String("attribute_not_exists(n) OR n < :limit")
	limit := attributes{":limit": number(strconv.Itoa(c.limit))}
	const show = types.ReturnValuesOnConditionCheckFailureAllOld
	switch c.kind {
	case "put":
		return types.TransactWriteItem{Put: &types.Put{TableName: table, Item: with(k, attributes{"n": number("1")}),
			ConditionExpression: condition, ExpressionAttributeValues: limit, ReturnValuesOnConditionCheckFailure: show}}
	case "update":
		return types.TransactWriteItem{Update: &types.Update{TableName: table, Key: k, UpdateExpression: aws.String("ADD n :one"),
			ConditionExpression: condition, ExpressionAttributeValues: with(limit, attributes{":one": number("1")}), ReturnValuesOnConditionCheckFailure: show}}
	case "delete":
		return types.TransactWriteItem{Delete: &types.Delete{TableName: table, Key: k,
			ConditionExpression: condition, ExpressionAttributeValues: limit, ReturnValuesOnConditionCheckFailure: show}}
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: table, Key: k,
		ConditionExpression: condition, ExpressionAttributeValues: limit, ReturnValuesOnConditionCheckFailure: show}}
}

// on is what the action makes of the model: item to count, no entry for no item.
func (c counter) on(model map[int]int) {
	switch c.kind {
	case "put":
		model[c.sk] = 1
	case "update":
		model[c.sk]++
	case "delete":
		delete(model, c.sk)
	}
}

func TestTransactionsAreAllOrNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		db, err := dynamodb.Open(dynamodb.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		client := connect(db)
		createTable(t, client)
		model := map[int]int{}
		for range rapid.IntRange(1, 8).Draw(rt, "transactions") {
			play(rt, db, client, anyCounters(rt), model)
		}
	})
}

// play runs one transaction and holds everything it did against the model.
func play(t *rapid.T, db *dynamodb.DB, client *awsdynamodb.Client, counters []counter, model map[int]int) {
	before := db.Dump()
	in := &awsdynamodb.TransactWriteItemsInput{}
	var wanted []string
	for _, c := range counters {
		in.TransactItems = append(in.TransactItems, c.action())
		if n, found := model[c.sk]; found && n >= c.limit {
			wanted = append(wanted, fmt.Sprintf("ConditionalCheckFailed n=%d", n))
		} else {
			wanted = append(wanted, "None")
		}
	}
	fails := slices.ContainsFunc(wanted, func(w string) bool { return w != "None" })
	_, err := client.TransactWriteItems(context.Background(), in)
	if fails {
		if got := reasons(err); !slices.Equal(got, wanted) {
			t.Fatalf("reasons %q, want %q (%v)", got, wanted, err)
		}
		if db.Dump() != before {
			t.Fatalf("a refused transaction changed\n%sto\n%s", before, db.Dump())
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counters {
		c.on(model)
	}
	items := scanAll(t, client, "")
	if len(items) != len(model) {
		t.Fatalf("%d items, want %v", len(items), model)
	}
	for _, item := range items {
		sk, _ := strconv.Atoi(item["SK"].(*types.AttributeValueMemberS).Value)
		if got := item["n"].(*types.AttributeValueMemberN).Value; got != strconv.Itoa(model[sk]) {
			t.Fatalf("item %d counts %s, want %d", sk, got, model[sk])
		}
	}
}

// reasons are the codes of a cancelled transaction, with the item shown.
func reasons(err error) []string {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return nil
	}
	var all []string
	for _, r := range cancelled.CancellationReasons {
		code := aws.ToString(r.Code)
		if n, ok := r.Item["n"].(*types.AttributeValueMemberN); ok {
			code += " n=" + n.Value
		}
		all = append(all, code)
	}
	return all
}

func TestTokenRepeatsForTenMinutes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	options := dynamodb.Options{Dir: dir, Now: func() time.Time { return now }}
	db := open(t, options)
	client := connect(db)
	createTable(t, client)
	count := func(by string) string {
		_, err := client.TransactWriteItems(t.Context(), &awsdynamodb.TransactWriteItemsInput{
			ClientRequestToken: aws.String("once"),
			TransactItems: []types.TransactWriteItem{{Update: &types.Update{TableName: aws.String(tableName), Key: key("a", "1"),
				UpdateExpression: aws.String("ADD n :a, m :b"), ExpressionAttributeValues: attributes{":a": number(by), ":b": number(by)}}}}})
		return code(err)
	}
	stored := func() string { return get(t, client, "a", "1")["n"].(*types.AttributeValueMemberN).Value }

	for range 20 { // maps come in any order, and it is still the same request
		if got := count("1"); got != "" || stored() != "1" {
			t.Fatalf("repeated: %q, n = %s", got, stored())
		}
	}
	if got := count("2"); got != "IdempotentParameterMismatchException" || stored() != "1" {
		t.Errorf("other request under the same token: %q, n = %s", got, stored())
	}
	now = now.Add(10*time.Minute - time.Second)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	client = connect(open(t, options))
	if got := count("1"); got != "" || stored() != "1" {
		t.Errorf("repeated after a restart: %q, n = %s", got, stored())
	}
	now = now.Add(2 * time.Second)
	if got := count("2"); got != "" || stored() != "3" {
		t.Errorf("after ten minutes: %q, n = %s", got, stored())
	}
}

// A refused transaction does not use its token up.
func TestRefusedTransactionKeepsItsToken(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	attempt := func() string {
		_, err := client.TransactWriteItems(t.Context(), &awsdynamodb.TransactWriteItemsInput{
			ClientRequestToken: aws.String("once"),
			TransactItems: []types.TransactWriteItem{{Update: &types.Update{TableName: aws.String(tableName), Key: key("a", "1"),
				ConditionExpression: aws.String("attribute_exists(PK)"), UpdateExpression: aws.String("SET n = :n"),
				ExpressionAttributeValues: attributes{":n": number("1")}}}}})
		return code(err)
	}
	if got := attempt(); got != "TransactionCanceledException" {
		t.Fatalf("without the item: %q", got)
	}
	put(t, client, key("a", "1"))
	if got := attempt(); got != "" || get(t, client, "a", "1")["n"] == nil {
		t.Errorf("with the item: %q", got)
	}
}
