package api

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
)

// request is the request that the adapter makes of an event, with its context.
func request(t testing.TB, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	t.Helper()
	var adapter core.RequestAccessorV2
	return adapter.EventToRequestWithContext(t.Context(), event)
}

// whatHandlersUse is all of a request that code in shared/ looks at.
func whatHandlersUse(t testing.TB, r *http.Request) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	gateway, _ := core.GetAPIGatewayV2ContextFromContext(r.Context())
	used := map[string]any{"method": r.Method, "path": r.URL.Path, "query": r.URL.RawQuery, "uri": r.URL.RequestURI(), "body": string(body),
		"host": r.Host, "id": gateway.RequestID, "time": gateway.TimeEpoch}
	for _, name := range readByHandlers(t) {
		used[name] = strings.Join(r.Header.Values(name), ",") // as handlers read one that may be a list
	}
	text, err := json.Marshal(used)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readByHandlers are the names of the headers that handlers read.
func readByHandlers(t testing.TB) (names []string) {
	t.Helper()
	files, err := filepath.Glob("../api/*.go")
	more, _ := filepath.Glob("../api/v1/*.go")
	if err != nil || len(more) < 30 {
		t.Fatal(err, len(more))
	}
	read := regexp.MustCompile(`Header\.(?:Get|Values)\(([^)]*)\)`)
	for _, path := range append(files, more...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read.FindAllStringSubmatch(string(text), -1) {
			names = append(names, strings.Trim(m[1], `"`))
		}
	}
	if len(names) < 5 {
		t.Fatal("only these headers are found:", names)
	}
	return names
}

// same compares the request made of an event with the one that all of the event
// would make.
func same(t testing.TB, payload []byte) {
	t.Helper()
	var whole events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &whole); err != nil {
		return // what differs in other fields is not an event
	}
	whole.RawPath = (&url.URL{Path: whole.RawPath}).EscapedPath()
	whole.QueryStringParameters = nil // API Gateway writes them in rawQueryString, too
	event, err := readEvent(payload)
	if err != nil {
		t.Fatal(err)
	}
	want, wanted := request(t, whole)
	got, err := request(t, event)
	if (err == nil) != (wanted == nil) {
		t.Fatalf("err = %v, want %v", err, wanted)
	}
	if err != nil {
		return
	}
	text := whatHandlersUse(t, want)
	if got := whatHandlersUse(t, got); got != text {
		t.Errorf("of %s is read\n%s, want\n%s", payload, got, text)
	}
	var direct events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &direct); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(direct.Headers)), func(name string) bool { return name != strings.ToLower(name) }) {
		return // API Gateway writes small letters, as the local one does
	}
	if got, err := request(t, usedOf(direct)); err != nil || whatHandlersUse(t, got) != text {
		t.Errorf("of %s is used without JSON\n%v %v, want\n%s", payload, got, err, text)
	}
}

// samples are the events of events/, and one with every header that is read.
func samples(t testing.TB) (all [][]byte) {
	t.Helper()
	files, err := filepath.Glob("../../events/*.json")
	if err != nil || len(files) < 15 {
		t.Fatal(err, len(files))
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var event map[string]any
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		if event["requestContext"] == nil {
			continue // of the schedule, or the table's stream
		}
		all = append(all, text)
		for _, name := range readByHandlers(t) {
			event["headers"].(map[string]any)[strings.ToLower(name)] = "t=1,v1=2, " + name
		}
		event["rawQueryString"], event["isBase64Encoded"], event["body"] = "a=1&b=%20", true, "eyLDpCI6MX0="
		if text, err = json.Marshal(event); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}

// A field or a header of the event that handlers use and readEvent does not read
// would be absent for all callers.
func TestOfAnEventIsReadWhatHandlersUse(t *testing.T) {
	t.Parallel()
	for _, payload := range samples(t) {
		same(t, payload)
	}
}

// oddEvents are valid JSON that API Gateway would hardly write.
var oddEvents = []string{
	`{}`, `null`, " { } ", `{"body":null,"headers":null,"requestContext":null}`,
	"{ \"body\" : \"a\" ,\n\t\"x\" : [ { \"body\" : \"b]}\" } , 1 , null , true ] , \"rawPath\" : \"/v1/check\" }",
	`{"body":"a","body":"b","body":null,"isBase64Encoded":false}`,
	`{"b\u006fdy":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 \ud83d é😀"}`,
	"{\"body\":\"\xff\xff \\n\",\"rawPath\":\"/\xc3\"}",
	`{"BODY":"a","RequestContext":{"TIMEEPOCH":12,"http":{"method":"post","METHOD":"get","path":"/p"},"x":{"timeEpoch":1}},"x":-1.5e3}`,
	`{"headers":{"AUTHORIZATION":"Bearer \"x\"","other":"\\\"","content-type":"a,b","idempotency-key":""},"rawQueryString":"a=%20"}`,
	`{"requestContext":{"timeEpoch":12},"requestContext":{"requestId":"r"}}`,
}

func TestOddEventsAreReadAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	for _, payload := range oddEvents {
		same(t, []byte(payload))
	}
	for _, payload := range []string{``, `{`, `[]`, `1`, `{"body":1}`, `{"headers":[]}`, `{"requestContext":"x"}`, `{"isBase64Encoded":"true"}`, `{"requestContext":{"timeEpoch":1.5}}`, `{"body":"a"} {}`} {
		if _, err := readEvent([]byte(payload)); err == nil {
			t.Errorf("%s is read", payload)
		}
	}
}

func FuzzEvents(f *testing.F) {
	for _, payload := range oddEvents {
		f.Add([]byte(payload))
	}
	for _, payload := range samples(f) {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload []byte) { same(t, payload) })
}
