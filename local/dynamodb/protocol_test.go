package dynamodb_test

import (
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"windfall/local/dynamodb"
)

// send posts a body as it is and returns the status and the answer.
func send(t rapid.TB, db *dynamodb.DB, operation, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	w := httptest.NewRecorder()
	db.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.Header().Get("X-Amz-Crc32"), fmt.Sprint(crc32.ChecksumIEEE(answer)); got != want {
		t.Fatalf("checksum %s of %s, want %s", got, answer, want)
	}
	return w.Code, string(answer)
}

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	put(t, client, with(key("a", "1"), attributes{"n": number("1")}))
	before := db.Dump()
	const k = `"Key":{"PK":{"S":"a"},"SK":{"S":"1"}}`
	const table = `"TableName":"windfall"`
	for _, c := range []struct{ operation, body, code string }{
		{"Nonsense", `{}`, "UnknownOperationException"},
		{"GetItem", ``, "SerializationException"},
		{"GetItem", `[]`, "SerializationException"},
		{"GetItem", `{` + table + `,` + k + `} x`, "SerializationException"},
		{"GetItem", `{` + table + `,"Key":{"PK":{"S":1}}}`, "SerializationException"},
		{"GetItem", `{` + table + `,"Key":{"PK":{"S":"` + "\xff" + `"}}}`, "SerializationException"},
		{"GetItem", `{` + table + `,"Key":{"PK":{"S":"\ud800"}}}`, "SerializationException"},
		{"GetItem", strings.Repeat(`{"a":`, 1000), "SerializationException"},
		{"GetItem", `{}`, "ValidationException"},
		{"GetItem", `{` + table + `}`, "ValidationException"},
		{"GetItem", `{"TableName":"other",` + k + `}`, "ResourceNotFoundException"},
		{"GetItem", `{` + table + `,` + k + `,"AttributesToGet":["n"]}`, "ValidationException"},
		{"GetItem", `{` + table + `,` + k + `,"ReturnConsumedCapacity":"ALL"}`, "ValidationException"},
		{"GetItem", `{` + table + `,` + k + `,"ExpressionAttributeNames":{"#n":"n"}}`, "ValidationException"},
		{"GetItem", `{` + table + `,` + k + `,"ProjectionExpression":"n","ExpressionAttributeValues":{":n":{"N":"1"}}}`, "ValidationException"},
		{"PutItem", `{` + table + `}`, "ValidationException"},
		{"PutItem", `{` + table + `,"Item":{"PK":{"S":"a"},"SK":{"S":"1"},"v":{}}}`, "ValidationException"},
		{"PutItem", `{` + table + `,"Item":{"PK":{"S":"a"},"SK":{"S":"1"},"v":{"S":"x","N":"1"}}}`, "ValidationException"},
		{"PutItem", `{` + table + `,"Item":{"PK":{"S":"a"},"SK":{"S":"1"},"v":{"X":"x"}}}`, "ValidationException"},
		{"PutItem", `{` + table + `,"Item":{"PK":{"S":"a"},"SK":{"S":"1"},"v":{"B":"%"}}}`, "SerializationException"},
		{"PutItem", `{` + table + `,"Item":{"PK":{"S":"a"},"SK":{"S":"1"}},"Expected":{}}`, "ValidationException"},
		{"UpdateItem", `{` + table + `,` + k + `,"AttributeUpdates":{}}`, "ValidationException"},
		{"UpdateItem", `{` + table + `,` + k + `,"UpdateExpression":"SET n = :n","ExpressionAttributeValues":{"n":{"N":"1"}}}`, "ValidationException"},
		{"UpdateItem", `{` + table + `,` + k + `,"UpdateExpression":"REMOVE nope.x"}`, "ValidationException"},
		{"Query", `{` + table + `,"KeyConditions":{}}`, "ValidationException"},
		{"Query", `{` + table + `,"KeyConditionExpression":"PK = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"ExclusiveStartKey":{"PK":{"S":"a"}}}`, "ValidationException"},
		{"Query", `{` + table + `,"KeyConditionExpression":"PK = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"ExclusiveStartKey":{"PK":{"S":"b"},"SK":{"S":"1"}}}`, "ValidationException"},
		{"Query", `{` + table + `,"KeyConditionExpression":"PK = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"Select":"ALL_PROJECTED_ATTRIBUTES"}`, "ValidationException"},
		{"Query", `{` + table + `,"IndexName":"due","KeyConditionExpression":"due_shard = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"Select":"ALL_ATTRIBUTES"}`, "ValidationException"},
		{"Query", `{` + table + `,"IndexName":"due","KeyConditionExpression":"due_shard = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"ProjectionExpression":"n"}`, "ValidationException"},
		{"Query", `{` + table + `,"KeyConditionExpression":"PK = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"Select":"COUNT","ProjectionExpression":"n"}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\""}`, "ValidationException"}, // a whole table
		{"ExecuteStatement", `{"Statement":"DELETE FROM \"windfall\" WHERE \"PK\" IN [?]","Parameters":[{"S":"a"}]}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\" WHERE \"SK\" IN [?]","Parameters":[{"S":"a"}]}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\" WHERE \"PK\" IN [?,?]","Parameters":[{"S":"a"}]}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\" WHERE \"PK\" IN [?]","Parameters":[{"N":"1"}]}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\" WHERE \"PK\" IN [?]","Parameters":[{"S":"a"}],"NextToken":"x"}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"windfall\" WHERE \"PK\" IN [?]","Parameters":[{"S":"a"}],"Limit":1}`, "ValidationException"},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM \"nowhere\" WHERE \"PK\" IN [?]","Parameters":[{"S":"a"}]}`, "ResourceNotFoundException"},
		{"Scan", `{` + table + `,"Segment":0}`, "ValidationException"},
		{"Scan", `{` + table + `,"Segment":2,"TotalSegments":2}`, "ValidationException"},
		{"BatchWriteItem", `{"RequestItems":{"windfall":[{}]}}`, "ValidationException"},
		{"BatchWriteItem", `{"RequestItems":{"windfall":[{"PutRequest":{"Item":{"PK":{"S":"a"},"SK":{"S":"1"}}},"DeleteRequest":{` + k + `}}]}}`, "ValidationException"},
		{"TransactWriteItems", `{}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[]}`, "ValidationException"},
		{"TransactWriteItems", `{"ClientRequestToken":"","TransactItems":[{"Delete":{` + table + `,` + k + `}}]}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[{"Update":{` + table + `,` + k + `}}]}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[{"ConditionCheck":{` + table + `,` + k + `}}]}`, "ValidationException"},
		{"CreateTable", `{"TableName":"x","KeySchema":[],"AttributeDefinitions":[]}`, "ValidationException"},
		{"CreateTable", `{` + table + `,"LocalSecondaryIndexes":[]}`, "ValidationException"},
		{"CreateTable", `{"TableName":"unused","KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"}]}`, "ValidationException"},
		{"CreateTable", `{"TableName":"undefined","KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"AttributeDefinitions":[]}`, "ValidationException"},
		{"UpdateTimeToLive", `{` + table + `,"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}}`, "ValidationException"},
		{"ListTables", `{"Limit":0}`, "ValidationException"},
	} {
		status, answer := send(t, db, c.operation, c.body)
		if status != 400 || !strings.Contains(answer, "#"+c.code+`"`) {
			t.Errorf("%s %.120s\nanswers %d %s, want %s", c.operation, c.body, status, answer, c.code)
		}
	}
	if got := db.Dump(); got != before {
		t.Errorf("refused requests left\n%s", got)
	}
}

// Whatever bytes come in: never a panic, never a 500, and what is refused
// changes nothing.
func TestDamagedRequestsAreRefusedCleanly(t *testing.T) {
	t.Parallel()
	valid := map[string]string{
		"PutItem":            `{"TableName":"windfall","Item":{"PK":{"S":"a\u00e9\n"},"SK":{"S":"1"},"n":{"N":"-1.5e3"},"l":{"L":[{"BOOL":true},{"NULL":true}]},"m":{"M":{"x":{"NS":["1","2"]}}},"b":{"B":"AP8="}},"ConditionExpression":"attribute_not_exists(PK) OR #n < :n","ExpressionAttributeNames":{"#n":"n"},"ExpressionAttributeValues":{":n":{"N":"7"}}}`,
		"UpdateItem":         `{"TableName":"windfall","Key":{"PK":{"S":"a"},"SK":{"S":"1"}},"UpdateExpression":"SET l[0] = if_not_exists(x, :v), m.y = :v ADD n :v REMOVE b","ExpressionAttributeValues":{":v":{"N":"1"}},"ReturnValues":"ALL_NEW"}`,
		"Query":              `{"TableName":"windfall","IndexName":"listing","KeyConditionExpression":"#l = :p AND #r BETWEEN :a AND :b","ExpressionAttributeNames":{"#l":"list","#r":"rank"},"ExpressionAttributeValues":{":p":{"S":"all"},":a":{"N":"1"},":b":{"N":"2"}},"Limit":5,"ExclusiveStartKey":{"list":{"S":"all"},"rank":{"N":"1"},"PK":{"S":"a"},"SK":{"S":"1"}}}`,
		"TransactWriteItems": `{"ClientRequestToken":"t","TransactItems":[{"Put":{"TableName":"windfall","Item":{"PK":{"S":"a"},"SK":{"S":"2"}}}},{"Delete":{"TableName":"windfall","Key":{"PK":{"S":"a"},"SK":{"S":"1"}},"ConditionExpression":"size(l) IN (:x, :y)","ExpressionAttributeValues":{":x":{"N":"1"},":y":{"N":"2"}}}}]}`,
		"ExecuteStatement":   `{"Statement":"SELECT * FROM \"windfall\" WHERE \"PK\" IN [?,?]","Parameters":[{"S":"a"},{"S":"b"}],"ConsistentRead":true,"NextToken":"eyJwYXJ0aXRpb24iOjEsImFmdGVyIjoiIn0"}`,
		"BatchGetItem":       `{"RequestItems":{"windfall":{"Keys":[{"PK":{"S":"a"},"SK":{"S":"1"}}],"ProjectionExpression":"l[0], m.x"}}}`,
	}
	operations := []string{"PutItem", "UpdateItem", "Query", "TransactWriteItems", "BatchGetItem", "ExecuteStatement"}
	rapid.Check(t, func(rt *rapid.T) {
		db, err := dynamodb.Open(dynamodb.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		client := connect(db)
		createTable(t, client)
		put(t, client, with(key("a", "1"), attributes{"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{text("x")}},
			"m": &types.AttributeValueMemberM{Value: attributes{}}, "list": text("all"), "rank": number("1")}))
		for range 20 {
			operation := rapid.SampledFrom(operations).Draw(rt, "operation")
			body := []byte(valid[operation])
			for range rapid.IntRange(0, 3).Draw(rt, "damages") {
				at := rapid.IntRange(0, len(body)-1).Draw(rt, "at")
				switch rapid.IntRange(0, 2).Draw(rt, "damage") {
				case 0:
					body[at] = rapid.SampledFrom([]byte("\x00\"{}[]:,.#()\\019aeEuNS-+ \xff")).Draw(rt, "byte")
				case 1:
					body = append(body[:at], body[min(len(body), at+rapid.IntRange(1, 20).Draw(rt, "cut")):]...)
				default:
					body = append(body[:at:at], append([]byte(valid[operation][:at/2]), body[at:]...)...)
				}
				if len(body) == 0 {
					body = []byte(" ")
				}
			}
			before := db.Dump()
			status, answer := send(rt, db, operation, string(body))
			if status != 200 && status != 400 {
				rt.Fatalf("%s %s: %d %s", operation, body, status, answer)
			}
			if status == 400 && db.Dump() != before {
				rt.Fatalf("%s %s was refused and changed\n%sto\n%s", operation, body, before, db.Dump())
			}
		}
		checkIndexes(rt, client)
	})
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	status, answer := send(t, db, "PutItem", `{"TableName":"windfall","Item":{"v":{"S":"`+strings.Repeat("x", 17<<20)+`"}}}`)
	if status != 413 {
		t.Errorf("17 MB: %d %s", status, answer)
	}
	put(t, client, with(key("a", "1"), attributes{"v": text(strings.Repeat("x", 400<<10-7))})) // 400 KB to the byte
	_, err := client.UpdateItem(t.Context(), &awsdynamodb.UpdateItemInput{TableName: aws.String(tableName), Key: key("a", "1"),
		UpdateExpression: aws.String("SET w = :w"), ExpressionAttributeValues: attributes{":w": text("")}})
	if code(err) != "ValidationException" {
		t.Errorf("one byte above 400 KB: %v", err)
	}
	large := &awsdynamodb.TransactWriteItemsInput{}
	for i := range 11 { // 11 times 390 KB are more than 4 MB, also when an update writes only a few bytes of them
		sk := fmt.Sprintf("large%d", i)
		put(t, client, with(key("a", sk), attributes{"v": text(strings.Repeat("x", 390<<10))}))
		large.TransactItems = append(large.TransactItems, types.TransactWriteItem{Update: &types.Update{TableName: aws.String(tableName),
			Key: key("a", sk), UpdateExpression: aws.String("SET n = :n"), ExpressionAttributeValues: attributes{":n": number("1")}}})
	}
	before := db.Dump()
	if _, err := client.TransactWriteItems(t.Context(), large); code(err) != "ValidationException" || db.Dump() != before {
		t.Errorf("transaction on more than 4 MB: %v", err)
	}
	large.TransactItems = large.TransactItems[:10]
	if _, err := client.TransactWriteItems(t.Context(), large); err != nil {
		t.Errorf("transaction on less than 4 MB: %v", err)
	}
}
