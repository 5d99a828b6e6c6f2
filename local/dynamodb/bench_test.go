//go:build unix

package dynamodb_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
)

// Every benchmark works on one partition of a table of 1,000, 10,000 or 100,000
// items, so its time shows what the size of a partition costs.
var tableSizes = []int{1_000, 10_000, 100_000}

func sortKey(i int) string { return fmt.Sprintf("BALANCE#%07d", i) }

func balance(i int) attributes {
	return with(key("sandbox#CUS#ada", sortKey(i)), attributes{
		"feature": text("messages"), "granted": number("1000"), "used": number("12.5"), "version": number("7"),
		"next_reset_at": text("2026-12-01T00:00:00Z"),
	})
}

// filled opens a database with n balances of one customer.
func filled(b *testing.B, n int) (*dynamodb.DB, *awsdynamodb.Client) {
	b.Helper()
	db := open(b, dynamodb.Options{})
	client := connect(db)
	createTable(b, client)
	for first := 0; first < n; first += 25 {
		var writes []types.WriteRequest
		for i := first; i < first+25; i++ {
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: balance(i)}})
		}
		_, err := client.BatchWriteItem(b.Context(), &awsdynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{tableName: writes}})
		if err != nil {
			b.Fatal(err)
		}
	}
	return db, client
}

// bench runs one call through the SDK at every size.
func bench(b *testing.B, call func(client *awsdynamodb.Client, i int) error) {
	b.Helper()
	for _, size := range tableSizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			_, client := filled(b, size)
			measure(b, func(i int) {
				if err := call(client, i*7919%size); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkGetItem(b *testing.B) {
	bench(b, func(client *awsdynamodb.Client, i int) error {
		_, err := client.GetItem(b.Context(), &awsdynamodb.GetItemInput{
			TableName: aws.String(tableName), Key: key("sandbox#CUS#ada", sortKey(i)), ConsistentRead: aws.Bool(true)})
		return err
	})
}

func BenchmarkPutItem(b *testing.B) {
	bench(b, func(client *awsdynamodb.Client, i int) error {
		_, err := client.PutItem(b.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: balance(i)})
		return err
	})
}

func BenchmarkUpdateItem(b *testing.B) {
	bench(b, func(client *awsdynamodb.Client, i int) error {
		_, err := client.UpdateItem(b.Context(), &awsdynamodb.UpdateItemInput{
			TableName: aws.String(tableName), Key: key("sandbox#CUS#ada", sortKey(i)),
			UpdateExpression:          aws.String("SET used = used + :n, version = version + :one"),
			ConditionExpression:       aws.String("attribute_exists(PK)"),
			ExpressionAttributeValues: attributes{":n": number("0.01"), ":one": number("1")},
			ReturnValues:              types.ReturnValueAllNew})
		return err
	})
}

func BenchmarkQueryTen(b *testing.B) {
	bench(b, func(client *awsdynamodb.Client, i int) error {
		_, err := client.Query(b.Context(), &awsdynamodb.QueryInput{
			TableName: aws.String(tableName), Limit: aws.Int32(10),
			KeyConditionExpression:    aws.String("PK = :p AND SK >= :s"),
			ExpressionAttributeValues: attributes{":p": text("sandbox#CUS#ada"), ":s": text(sortKey(i))}})
		return err
	})
}

func BenchmarkTransactWriteItems(b *testing.B) {
	bench(b, func(client *awsdynamodb.Client, i int) error {
		_, err := client.TransactWriteItems(b.Context(), &awsdynamodb.TransactWriteItemsInput{
			TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: aws.String(tableName), Item: balance(i)}},
				{Update: &types.Update{
					TableName: aws.String(tableName), Key: key("sandbox#CUS#ada", "CUSTOMER"),
					UpdateExpression: aws.String("ADD version :one"), ExpressionAttributeValues: attributes{":one": number("1")}}},
				{ConditionCheck: &types.ConditionCheck{
					TableName: aws.String(tableName), Key: key("sandbox#CUS#ada", "GONE"),
					ConditionExpression: aws.String("attribute_not_exists(PK)")}},
			}})
		return err
	})
}

// The database alone, without the SDK's part of the work.
func BenchmarkAloneGetItem(b *testing.B) {
	alone(b, "GetItem", func(i int) string {
		return `{"TableName":"windfall","ConsistentRead":true,"Key":{"PK":{"S":"sandbox#CUS#ada"},"SK":{"S":"` + sortKey(i) + `"}}}`
	})
}

func BenchmarkAloneUpdateItem(b *testing.B) {
	alone(b, "UpdateItem", func(i int) string {
		return `{"TableName":"windfall","Key":{"PK":{"S":"sandbox#CUS#ada"},"SK":{"S":"` + sortKey(i) + `"}},` +
			`"UpdateExpression":"SET used = used + :n, version = version + :one","ConditionExpression":"attribute_exists(PK)",` +
			`"ExpressionAttributeValues":{":n":{"N":"0.01"},":one":{"N":"1"}},"ReturnValues":"ALL_NEW"}`
	})
}

// alone sends ready-made requests to the transport.
func alone(b *testing.B, operation string, body func(i int) string) {
	b.Helper()
	for _, size := range tableSizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			db, _ := filled(b, size)
			client := db.Client()
			measure(b, func(i int) {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://dynamodb.local/", strings.NewReader(body(i*7919%size)))
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
				if answer, err := client.Do(r); err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(answer, err)
				}
			})
		})
	}
}

// measure reports the CPU time of a call next to its wall time, which says
// little on a machine that is busy with other things.
func measure(b *testing.B, call func(i int)) {
	b.Helper()
	b.ReportAllocs()
	before, i := cpuTime(b), 0
	for b.Loop() {
		call(i)
		i++
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(i), "cpu-ns/op")
}

func cpuTime(b *testing.B) int64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// 64 clients at once on different items of one table.
func BenchmarkParallelUpdateItem(b *testing.B) {
	_, client := filled(b, 10_000)
	b.ResetTimer()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			_, err := client.UpdateItem(b.Context(), &awsdynamodb.UpdateItemInput{
				TableName: aws.String(tableName), Key: key("sandbox#CUS#ada", sortKey(i*7919%10_000)),
				UpdateExpression:          aws.String("ADD used :n"),
				ExpressionAttributeValues: attributes{":n": number("1")}})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}
