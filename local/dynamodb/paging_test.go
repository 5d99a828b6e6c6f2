package dynamodb_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"pgregory.net/rapid"

	"windfall/local/dynamodb"
)

// anyQuery draws a query of the table or an index, with and without a condition
// on the sort key and a filter.
func anyQuery(t *rapid.T) awsdynamodb.QueryInput {
	forward := rapid.Bool().Draw(t, "forward")
	in := awsdynamodb.QueryInput{TableName: aws.String(tableName), ScanIndexForward: &forward}
	switch rapid.IntRange(0, 3).Draw(t, "source") {
	case 0:
		in.KeyConditionExpression, in.ExpressionAttributeValues = aws.String("PK = :p"), attributes{":p": text("a")}
	case 1:
		in.KeyConditionExpression = aws.String("PK = :p AND SK BETWEEN :l AND :h")
		in.ExpressionAttributeValues = attributes{":p": text("a"), ":l": text("1"), ":h": text("5")}
	case 2:
		in.IndexName, in.KeyConditionExpression = aws.String("listing"), aws.String("#l = :p AND #r >= :n")
		in.ExpressionAttributeNames = map[string]string{"#l": "list", "#r": "rank"}
		in.ExpressionAttributeValues = attributes{":p": text("all"), ":n": number("-9.50")}
	default:
		in.IndexName, in.KeyConditionExpression = aws.String("due"), aws.String("due_shard = :p AND begins_with(due_at, :s)")
		in.ExpressionAttributeValues = attributes{":p": text("DUE#0"), ":s": text("202")}
	}
	if rapid.Bool().Draw(t, "filtered") {
		in.FilterExpression = aws.String("attribute_not_exists(used) OR used > :f")
		in.ExpressionAttributeValues[":f"] = number("1")
	}
	return in
}

// inOrder are items as texts, in the order in which they came.
func inOrder(items []attributes) []string {
	var all []string
	for _, item := range items {
		all = append(all, lines([]attributes{item})...)
	}
	return all
}

func TestPagesMakeUpTheWholeQuery(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		db, err := dynamodb.Open(dynamodb.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		client := connect(db)
		createTable(t, client)
		for range rapid.IntRange(0, 25).Draw(rt, "writes") {
			change(rt, client)
		}
		in := anyQuery(rt)
		whole, err := client.Query(context.Background(), &in)
		if err != nil {
			rt.Fatal(err)
		}
		limit := int32(rapid.IntRange(1, 5).Draw(rt, "limit"))
		in.Limit = &limit
		var paged []attributes
		scanned := int32(0)
		for {
			out, err := client.Query(context.Background(), &in)
			if err != nil {
				rt.Fatal(err)
			}
			if out.ScannedCount > limit || out.LastEvaluatedKey != nil && out.ScannedCount != limit {
				rt.Fatalf("page looked at %d items with limit %d", out.ScannedCount, limit)
			}
			paged = append(paged, out.Items...)
			scanned += out.ScannedCount
			if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
				break
			}
		}
		if !slices.Equal(inOrder(paged), inOrder(whole.Items)) || scanned != whole.ScannedCount {
			rt.Fatalf("pages hold\n%q\nthe whole query\n%q", inOrder(paged), inOrder(whole.Items))
		}
	})
}

// A million bytes end a page even without a limit, and the next page goes on.
func TestLargeItemsFillPages(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	for i := range 7 {
		put(t, client, with(key("a", fmt.Sprint(i)), attributes{"v": text(string(make([]byte, 300<<10)))}))
	}
	in := &awsdynamodb.QueryInput{TableName: aws.String(tableName), KeyConditionExpression: aws.String("PK = :p"),
		ExpressionAttributeValues: attributes{":p": text("a")}}
	var sizes []int
	for {
		out, err := client.Query(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(out.Items))
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			break
		}
	}
	if !slices.Equal(sizes, []int{4, 3}) {
		t.Errorf("pages of %v items, want 4 and 3", sizes)
	}
}

// Segments share the table out without loss or overlap, and are about equal.
func TestSegmentsShareTheTableOut(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	for i := range 400 {
		put(t, client, key(fmt.Sprintf("customer-%d", i), "CUSTOMER"))
	}
	total := 0
	for segment := range int32(4) {
		out, err := client.Scan(t.Context(), &awsdynamodb.ScanInput{TableName: aws.String(tableName), Segment: &segment, TotalSegments: aws.Int32(4)})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(out.Items); n < 60 || n > 140 {
			t.Errorf("segment %d has %d of 400 items", segment, n)
		}
		total += len(out.Items)
	}
	if total != 400 {
		t.Errorf("segments hold %d items, want 400", total)
	}
}
