package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/stack"
	"windfall/local/template"
	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

var t0 = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

// open returns a stack in memory whose customer "ada" has messages.
func open(b testing.TB, o stack.Options) *stack.Stack {
	b.Helper()
	o.Clock = t0
	s, err := stack.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	post(b, s, "/v1/features", `{"id":"messages","name":"Messages","type":"single_use"}`)
	post(b, s, "/v1/products", `{"id":"free","name":"Free","items":[{"feature_id":"messages","included_usage":1e15,"interval":"month"}]}`)
	post(b, s, "/v1/products/free", `{"is_default":true}`)
	post(b, s, "/v1/customers", `{"id":"ada"}`)
	return s
}

func post(b testing.TB, s *stack.Stack, path, body string) {
	b.Helper()
	if status, text, err := s.Call(b.Context(), "POST", path, []byte(body)); err != nil || status != http.StatusOK {
		b.Fatalf("POST %s: %d %s %v", path, status, text, err)
	}
}

// event is the sample event of a function, sent by ada at the stack's time.
func event(b testing.TB, name, body string) []byte {
	b.Helper()
	root, err := template.Find()
	if err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(root), "events", name+".json"))
	if err != nil {
		b.Fatal(err)
	}
	var e map[string]any
	if err := json.Unmarshal(text, &e); err != nil {
		b.Fatal(err)
	}
	e["body"] = body
	e["headers"].(map[string]any)["content-length"] = strconv.Itoa(len(body))
	e["requestContext"].(map[string]any)["timeEpoch"] = t0.UnixMilli()
	if text, err = json.Marshal(e); err != nil {
		b.Fatal(err)
	}
	return text
}

// handler builds one function as its main does, with a transport of its own and
// a log that is written and discarded.
func handler(s *stack.Stack, transport http.RoundTripper, name string) lambda.Handler {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	return endpoints.Functions(wire.New(database(transport), s.Template.Table.Name, "usd", log))[name]
}

// database is the SDK's client as functions build it.
func database(transport http.RoundTripper) *dynamodb.Client {
	o := wire.Options(aws.Config{Region: "local", HTTPClient: &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		})})
	o.BaseEndpoint = aws.String("http://dynamodb.local")
	return dynamodb.New(o)
}

var bodies = map[string]string{
	"check": `{"customer_id":"ada","feature_id":"messages"}`,
	"track": `{"customer_id":"ada","feature_id":"messages","value":1}`,
}

// BenchmarkCheck and BenchmarkTrack measure a call four ways: from the event to
// the answer with the embedded database (whole); that database alone, with the
// same request; all but the database, with its answer (own); and the AWS SDK
// alone, with a request of the same kind. The cost of this repository's code is
// own less sdk; Lambda bills own, beside waiting.
func BenchmarkCheck(b *testing.B) {
	measure(b, "check")
}

func BenchmarkTrack(b *testing.B) {
	measure(b, "track")
}

// sides are a call, and its parts alone.
type sides struct {
	whole, database func()
	own, sdk        func() // with answers from memory
}

func sidesOf(b testing.TB, name string) sides {
	s := open(b, stack.Options{})
	s.HoldStream(true) // filing events is no part of a track
	payload := event(b, name, bodies[name])
	tape := &recorder{next: s.DB.Transport()}
	whole := handler(s, tape, name)
	call(b, whole, payload) // key and catalog are cached from here on
	call(b, whole, payload)
	own, client := handler(s, tape, name), database(tape)
	call(b, own, payload)
	return sides{
		whole:    func() { tape.canned = false; call(b, whole, payload) },
		database: func() { tape.again(b) },
		own:      func() { tape.canned = true; call(b, own, payload) },
		sdk:      func() { tape.canned = true; carry(b, client, name) },
	}
}

func measure(b *testing.B, name string) {
	of := sidesOf(b, name)
	b.Run("whole", func(b *testing.B) { loop(b, of.whole) })
	b.Run("database", func(b *testing.B) { loop(b, of.database) })
	b.Run("own", func(b *testing.B) { loop(b, of.own) })
	b.Run("sdk", func(b *testing.B) { loop(b, of.sdk) })
}

// carry sends a small request of the kind that a function sends.
func carry(b testing.TB, client *dynamodb.Client, name string) {
	table, key := "windfall", map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "sandbox#CUS#ada"}, "SK": &types.AttributeValueMemberS{Value: "BALANCE#messages"}}
	var err error
	if name == "check" {
		_, err = client.GetItem(b.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
	} else {
		_, err = client.UpdateItem(b.Context(), &dynamodb.UpdateItemInput{TableName: &table, Key: key, UpdateExpression: aws.String("SET a = a + :v"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberN{Value: "1"}}})
	}
	if err != nil {
		b.Fatal(err)
	}
}

func loop(b *testing.B, f func()) {
	b.ReportAllocs()
	before := cpu()
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

func call(b testing.TB, h lambda.Handler, payload []byte) {
	answer, err := h.Invoke(b.Context(), payload)
	if err != nil || !bytes.Contains(answer, []byte(`"statusCode":200`)) {
		b.Fatalf("%s %v", answer, err)
	}
}
