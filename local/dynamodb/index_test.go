package dynamodb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"windfall/local/dynamodb"
)

// anyItem draws an item of a small table in which keys meet often and index
// attributes are often missing.
func anyItem(t *rapid.T) attributes {
	item := key(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "pk"), fmt.Sprint(rapid.IntRange(0, 7).Draw(t, "sk")))
	add := func(name string, v types.AttributeValue) {
		if rapid.IntRange(0, 2).Draw(t, name) > 0 {
			item[name] = v
		}
	}
	add("due_shard", text(rapid.SampledFrom([]string{"DUE#0", "DUE#1"}).Draw(t, "shard")))
	add("due_at", text(rapid.SampledFrom([]string{"2026", "2027", "2028"}).Draw(t, "at")))
	add("list", text("all"))
	add("rank", number(rapid.SampledFrom([]string{"-10", "-9.5", "0", "2", "10", "1e3"}).Draw(t, "value")))
	add("mail", text(rapid.SampledFrom([]string{"ada@x.com", "bob@x.com"}).Draw(t, "address")))
	add("name", text("Ada"))
	add("used", number(fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "amount"))))
	return item
}

// change makes one random write and does not mind whether it succeeds.
func change(t *rapid.T, client *awsdynamodb.Client) {
	item := anyItem(t)
	k := key(item["PK"].(*types.AttributeValueMemberS).Value, item["SK"].(*types.AttributeValueMemberS).Value)
	table := aws.String(tableName)
	ctx := context.Background()
	switch rapid.IntRange(0, 4).Draw(t, "kind of write") {
	case 0, 1:
		_, _ = client.PutItem(ctx, &awsdynamodb.PutItemInput{TableName: table, Item: item})
	case 2:
		_, _ = client.DeleteItem(ctx, &awsdynamodb.DeleteItemInput{TableName: table, Key: k})
	case 3:
		name := rapid.SampledFrom([]string{"due_shard", "due_at", "list", "rank", "mail", "name"}).Draw(t, "attribute")
		in := &awsdynamodb.UpdateItemInput{TableName: table, Key: k, ExpressionAttributeNames: map[string]string{"#a": name},
			UpdateExpression: aws.String("REMOVE #a")}
		if v, some := item[name]; some {
			in.UpdateExpression, in.ExpressionAttributeValues = aws.String("SET #a = :v"), attributes{":v": v}
		}
		_, _ = client.UpdateItem(ctx, in)
	default:
		other := anyItem(t)
		_, _ = client.TransactWriteItems(ctx, &awsdynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: other}},
			{Delete: &types.Delete{TableName: table, Key: k, ConditionExpression: aws.String("attribute_exists(PK)")}},
		}})
	}
}

// indexShape says what each index of the table holds.
var indexShape = map[string]struct{ hash, sort, kept string }{
	"due":     {"due_shard", "due_at", " PK SK due_shard due_at "},
	"listing": {"list", "rank", ""},
	"mail":    {"mail", "", " PK SK mail name "},
}

func scanAll(t rapid.TB, client *awsdynamodb.Client, index string) []attributes {
	in := &awsdynamodb.ScanInput{TableName: aws.String(tableName)}
	if index != "" {
		in.IndexName = &index
	}
	var all []attributes
	for {
		out, err := client.Scan(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out.Items...)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return all
		}
	}
}

// lines are items as sorted texts.
func lines(items []attributes) []string {
	var all []string
	for _, item := range items {
		var members []string
		for name, v := range item {
			switch v := v.(type) {
			case *types.AttributeValueMemberS:
				members = append(members, name+"="+v.Value)
			case *types.AttributeValueMemberN:
				members = append(members, name+"="+v.Value)
			}
		}
		slices.Sort(members)
		all = append(all, strings.Join(members, " "))
	}
	slices.Sort(all)
	return all
}

// recomputed is what an index must hold, from the items of the table alone.
func recomputed(items []attributes, index string) []attributes {
	shape := indexShape[index]
	var entries []attributes
	for _, item := range items {
		if item[shape.hash] == nil || shape.sort != "" && item[shape.sort] == nil {
			continue
		}
		entry := attributes{}
		for name, v := range item {
			if shape.kept == "" || strings.Contains(shape.kept, " "+name+" ") {
				entry[name] = v
			}
		}
		entries = append(entries, entry)
	}
	return entries
}

func checkIndexes(t rapid.TB, client *awsdynamodb.Client) {
	items := scanAll(t, client, "")
	for index := range indexShape {
		got, want := lines(scanAll(t, client, index)), lines(recomputed(items, index))
		if !slices.Equal(got, want) {
			t.Fatalf("index %s holds\n%s\nwant\n%s", index, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestIndexesFollowEveryWrite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		db, err := dynamodb.Open(dynamodb.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		client := connect(db)
		createTable(t, client)
		for range rapid.IntRange(1, 25).Draw(rt, "writes") {
			change(rt, client)
		}
		checkIndexes(rt, client)
	})
}
