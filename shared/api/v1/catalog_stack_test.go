package v1_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/local/gateway"
	"windfall/shared/api"
	v1 "windfall/shared/api/v1"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
	"windfall/tests/shoptest"
	"windfall/tests/tabletest"
)

// A shop is the functions of the catalog and of customers as they run in AWS:
// gateway, events, the real store, and a database of its own.
type shop struct {
	*testing.T
	url     string
	app     *app.App
	another func() *app.App // builds the App of another warm function of the same shop
}

const (
	secretKey = "am_sk_test_of_the_shop"
	publicKey = "am_pk_test_of_the_shop"
	liveKey   = "am_sk_live_of_the_shop"
)

var april = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

// openShop starts a shop. Each wrap is put around the store.
func openShop(t *testing.T, wrap ...func(app.Store) app.Store) *shop {
	t.Helper()
	tb := tabletest.New(t)
	for key, env := range map[string]catalog.Env{secretKey: catalog.Sandbox, publicKey: catalog.Sandbox, liveKey: catalog.Live} {
		_, err := tb.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &tb.Name, Item: dynamo.KeyItem(app.Key{
			Hash: api.HashKey(key), Prefix: key[:10], Env: env, Publishable: key == publicKey})})
		must(t, err)
	}
	start := func() *app.App { return shoptest.App(tb) }
	a := start()
	for _, w := range wrap {
		a.Store = w(a.Store)
	}
	functions := map[string]lambda.Handler{"features": api.NewFunction(a, v1.Features(a)), "products": api.NewFunction(a, v1.Products(a)), "customers": api.NewFunction(a, v1.Customers(a))}
	g, err := gateway.New(tb.Template, gateway.InProcess(functions), gateway.Options{Now: func() time.Time { return april }})
	must(t, err)
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return &shop{t, server.URL, a, start}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call sends a request and returns the status and the JSON of the answer.
func (s *shop) call(key, method, path, body string) (int, map[string]any) {
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Error(err)
		return 0, nil
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Error(err)
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	var out map[string]any
	if err != nil || json.Unmarshal(text, &out) != nil {
		s.Errorf("%s %s answered %d with no JSON: %q", method, path, response.StatusCode, text)
	}
	return response.StatusCode, out
}

// ok makes a call that must succeed.
func (s *shop) ok(method, path, body string) map[string]any {
	s.Helper()
	status, out := s.call(secretKey, method, path, body)
	if status != http.StatusOK {
		s.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

// refused makes a call that must fail with this status and code.
func (s *shop) refused(method, path, body string, status int, code string) {
	s.Helper()
	got, out := s.call(secretKey, method, path, body)
	if got != status || out["code"] != code || out["message"] == "" || out["env"] != "sandbox" {
		s.Errorf("%s %s %s: %d %v, want %d %s", method, path, body, got, out, status, code)
	}
}

// held makes a customer take a version of a product.
func (s *shop) held(productID string, version int) {
	s.Helper()
	must(s.T, s.app.Store.Commit(s.Context(), catalog.Sandbox, app.MarkVersionInUse{ProductID: productID, Version: version}))
}

// jsonOf is a value as JSON, with sorted keys.
func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	return string(text)
}

// sameJSON compares an answer with the JSON it should be.
func sameJSON(t *testing.T, got any, want string) {
	t.Helper()
	var wanted any
	must(t, json.Unmarshal([]byte(want), &wanted))
	if g, w := jsonOf(t, got), jsonOf(t, wanted); g != w {
		t.Errorf("\n got %s\nwant %s", g, w)
	}
}
