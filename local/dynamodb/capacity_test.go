package dynamodb_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// sized is an item of about so many KB (a little less).
func sized(sk string, kilobytes int) attributes {
	return with(key("a", sk), attributes{"v": text(strings.Repeat("x", kilobytes*1024-40))})
}

func total(c *types.ConsumedCapacity) float64 { return aws.ToFloat64(c.CapacityUnits) }

func TestReadsCostByFourKilobytes(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	for i, size := range []int{1, 4, 5, 9} {
		put(t, client, sized(fmt.Sprint(i), size))
	}
	for sk, want := range map[string]float64{"0": 1, "1": 1, "2": 2, "3": 3, "none": 1} {
		for consistent, factor := range map[bool]float64{true: 1, false: 0.5} {
			out, err := client.GetItem(t.Context(), &awsdynamodb.GetItemInput{TableName: aws.String(tableName), Key: key("a", sk),
				ConsistentRead: &consistent, ReturnConsumedCapacity: "TOTAL", ProjectionExpression: aws.String("PK")})
			if err != nil || total(out.ConsumedCapacity) != want*factor {
				t.Errorf("item %s, consistent %v: %v, %v, want %v", sk, consistent, out.ConsumedCapacity, err, want*factor)
			}
		}
		out, err := client.TransactGetItems(t.Context(), &awsdynamodb.TransactGetItemsInput{ReturnConsumedCapacity: "TOTAL",
			TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: aws.String(tableName), Key: key("a", sk)}}}})
		if err != nil || total(&out.ConsumedCapacity[0]) != 2*want || aws.ToFloat64(out.ConsumedCapacity[0].ReadCapacityUnits) != 2*want {
			t.Errorf("item %s in a transaction: %+v, %v, want %v", sk, out.ConsumedCapacity, err, 2*want)
		}
	}
	query := func(filter *string, limit *int32) float64 {
		out, err := client.Query(t.Context(), &awsdynamodb.QueryInput{TableName: aws.String(tableName), KeyConditionExpression: aws.String("PK = :p"),
			ExpressionAttributeValues: attributes{":p": text("a")}, ReturnConsumedCapacity: "TOTAL", FilterExpression: filter,
			Limit: limit, ConsistentRead: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
		return total(out.ConsumedCapacity)
	}
	if got := query(nil, nil); got != 5 { // 19 KB read as one
		t.Errorf("query of 19 KB costs %v, want 5", got)
	}
	if got := query(aws.String("attribute_exists(nope)"), nil); got != 5 { // a filter saves nothing
		t.Errorf("filtered query of 19 KB costs %v, want 5", got)
	}
	if got := query(nil, aws.Int32(1)); got != 1 {
		t.Errorf("query of one item costs %v, want 1", got)
	}
	batch, err := client.BatchGetItem(t.Context(), &awsdynamodb.BatchGetItemInput{ReturnConsumedCapacity: "TOTAL",
		RequestItems: map[string]types.KeysAndAttributes{tableName: {Keys: []attributes{key("a", "0"), key("a", "2"), key("a", "none")}}}})
	if err != nil || total(&batch.ConsumedCapacity[0]) != 2 { // each item by itself: 0.5 + 1 + 0.5
		t.Errorf("batch: %+v, %v, want 2", batch.ConsumedCapacity, err)
	}
}

func TestWritesCostByKilobyteAndIndex(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	step := func(name string, item attributes, table float64, indexes map[string]float64) {
		t.Helper()
		out, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: item, ReturnConsumedCapacity: "INDEXES"})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(out.ConsumedCapacity.GlobalSecondaryIndexes)
		sum := table
		for index, want := range indexes {
			sum += want
			if x, found := out.ConsumedCapacity.GlobalSecondaryIndexes[index]; !found || aws.ToFloat64(x.CapacityUnits) != want {
				t.Errorf("%s: index %s costs %s, want %v", name, index, got, want)
			}
		}
		if len(out.ConsumedCapacity.GlobalSecondaryIndexes) != len(indexes) {
			t.Errorf("%s: indexes cost %s, want %v", name, got, indexes)
		}
		if got := aws.ToFloat64(out.ConsumedCapacity.Table.CapacityUnits); got != table || total(out.ConsumedCapacity) != sum {
			t.Errorf("%s: table costs %v of %v, want %v of %v", name, got, total(out.ConsumedCapacity), table, sum)
		}
	}
	due := func(at string) attributes { return attributes{"due_shard": text("DUE#0"), "due_at": text(at)} }
	listed := func(rank string) attributes { return attributes{"list": text("all"), "rank": number(rank)} }
	step("small", sized("1", 1), 1, nil)
	step("grown to 3 KB", sized("1", 3), 3, nil)
	step("shrunk from 3 KB", sized("1", 1), 3, nil)
	step("into a keys-only index", with(sized("1", 3), due("2026")), 3, map[string]float64{"due": 1})
	step("nothing in the index changes", with(sized("1", 2), due("2026")), 3, nil)
	step("moved in the index", with(sized("1", 2), due("2027")), 2, map[string]float64{"due": 2})
	step("out of one, into another that holds all", with(sized("1", 2), listed("1")), 2, map[string]float64{"due": 1, "listing": 2})
	step("moved in the index that holds all", with(sized("1", 3), listed("2")), 3, map[string]float64{"listing": 5})
	step("changed in place", with(sized("1", 2), listed("2.0")), 3, map[string]float64{"listing": 3})
	step("out of the index", sized("1", 1), 2, map[string]float64{"listing": 2})
}

func TestTransactionsCostTwice(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	put(t, client, sized("large", 3))
	table := aws.String(tableName)
	out, err := client.TransactWriteItems(t.Context(), &awsdynamodb.TransactWriteItemsInput{
		ReturnConsumedCapacity: "INDEXES", ClientRequestToken: aws.String("once"),
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: with(sized("new", 2), attributes{"mail": text("ada@x.com")})}},                                   // 2 KB: 4, index: 1
			{Delete: &types.Delete{TableName: table, Key: key("a", "none")}},                                                                          // nothing: 2
			{ConditionCheck: &types.ConditionCheck{TableName: table, Key: key("a", "large"), ConditionExpression: aws.String("attribute_exists(v)")}}, // 3 KB: 6
			{Update: &types.Update{TableName: table, Key: key("a", "count"), UpdateExpression: aws.String("SET n = :n"), ExpressionAttributeValues: attributes{":n": number("1")}}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	c := out.ConsumedCapacity[0]
	if total(&c) != 15 || aws.ToFloat64(c.Table.WriteCapacityUnits) != 14 || aws.ToFloat64(c.GlobalSecondaryIndexes["mail"].WriteCapacityUnits) != 1 {
		text, _ := json.Marshal(c)
		t.Errorf("consumed %s, want 14 and 1 for the index", text)
	}
}

func TestDeleteAndFailedConditionCostTheItem(t *testing.T) {
	t.Parallel()
	_, client := fresh(t)
	put(t, client, sized("1", 3))
	for _, want := range []float64{3, 1} { // the second time there is nothing
		out, err := client.DeleteItem(t.Context(), &awsdynamodb.DeleteItemInput{TableName: aws.String(tableName), Key: key("a", "1"), ReturnConsumedCapacity: "TOTAL"})
		if err != nil || total(out.ConsumedCapacity) != want {
			t.Errorf("delete: %+v, %v, want %v", out.ConsumedCapacity, err, want)
		}
	}
}
