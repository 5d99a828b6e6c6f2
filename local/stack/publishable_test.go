package stack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/dynamo"
)

// The local stack has a publishable key from its start, also after a reset and
// on data that was kept before it had one.
func TestThePublishableKeyIsThereFromTheStart(t *testing.T) {
	t.Parallel()
	open := func(dir string) *Stack {
		s, err := Open(Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	works := func(when string, s *Stack) {
		t.Helper()
		for path, want := range map[string]int{"GET /v1/products": http.StatusOK, "POST /v1/customers": http.StatusUnauthorized} {
			method, path, _ := strings.Cut(path, " ")
			r := httptest.NewRequestWithContext(t.Context(), method, s.BaseURL+path, strings.NewReader(`{"id":"eve"}`))
			r.Header.Set("Authorization", "Bearer "+PublishableKey)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			if s.ServeHTTP(w, r); w.Code != want {
				t.Errorf("%s, %s %s: %d %s", when, method, path, w.Code, w.Body)
			}
		}
	}
	dir := t.TempDir()
	s := open(dir)
	works("at the start", s)
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	works("after a reset", s)

	row := dynamo.KeyItem(app.Key{Hash: api.HashKey(PublishableKey)})
	key := map[string]types.AttributeValue{}
	for _, name := range []string{s.Template.Table.Key.Partition, s.Template.Table.Key.Sort} {
		key[name] = row[name]
	}
	if _, err := s.client.DeleteItem(t.Context(), &ddb.DeleteItemInput{TableName: &s.Template.Table.Name, Key: key}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(dir)
	works("on data of before", s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
