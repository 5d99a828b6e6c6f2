package contract

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// small is a contract of two operations.
const small = `
openapi: 3.1.0
paths:
  /v1/things/{id}:
    get:
      operationId: getThing
      security: [{secretKey: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: limit, in: query, schema: {type: integer, maximum: 9}}]
      responses: {"200": {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, "404": {$ref: '#/components/responses/NotFound'}}
  /v1/things/new:
    post:
      operationId: newThing
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {"200": {content: {application/json: {schema: {type: object}}}}}
components:
  responses: {NotFound: {content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}}
  schemas:
    Thing: {type: object, required: [name], properties: {name: {type: [string, "null"]}}, additionalProperties: false}
    Error: {type: object, required: [code], properties: {code: {enum: [not_found]}}}
`

func TestWhatIsNotAsTheContractHasIt(t *testing.T) {
	t.Parallel()
	c, err := New([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		method, path, body string
		status             int
		answer, want       string
	}{
		{"GET", "/v1/things/a", "", 200, `{"name": null}`, ""},
		{"GET", "/v1/things/a?limit=9", "", 200, `{"name": "a"}`, ""},
		{"GET", "/v1/things/a", "", 404, `{"code": "not_found"}`, ""},
		{"POST", "/v1/things/new", `{"name": "a"}`, 200, `{}`, ""},
		{"PUT", "/v1/things/new", "", 404, `{"code": "not_found"}`, ""},
		{"GET", "/v1/things/a", "", 200, `{}`, "missing property 'name'"},
		{"GET", "/v1/things/a", "", 200, `{"name": 7}`, "at /name: got number"},
		{"GET", "/v1/things/a", "", 200, `{"name": "a", "more": 1}`, "additional properties 'more'"},
		{"GET", "/v1/things/a", "", 404, `{"code": "gone"}`, "gone is none of 1 values"},
		{"GET", "/v1/things/a", "", 409, `{"code": "not_found"}`, "the status 409 is not documented"},
		{"GET", "/v1/things/a?limit=10", "", 200, `{"name": "a"}`, `limit can't be "10"`},
		{"GET", "/v1/things/a?limit=", "", 200, `{"name": "a"}`, `limit can't be ""`},
		{"GET", "/v1/things/a?other=1", "", 200, `{"name": "a"}`, "no parameter other"},
		{"POST", "/v1/things/new", `{"nam": "a"}`, 200, `{}`, "the request, which was accepted"},
		{"POST", "/v1/things/new", "", 200, `{}`, "it has no body"},
		{"POST", "/v1/things/new", `{"nam": "a"}`, 200, `text`, "not JSON"},
		{"PUT", "/v1/things/new", "", 200, `{}`, "is no operation"},
	}
	for _, tt := range tests {
		e := Exchange{Method: tt.method, URL: httptest.NewRequest(tt.method, tt.path, nil).URL, Header: http.Header{"Authorization": {"Bearer am_sk_test"}}, Body: []byte(tt.body), Status: tt.status, Type: "application/json", Answer: []byte(tt.answer)}
		err := c.Check(e)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s %s -> %d %s: got %v, want %q", tt.method, tt.path, tt.body, tt.status, tt.answer, err, tt.want)
		}
	}
	public := Exchange{Method: "GET", URL: httptest.NewRequest("GET", "/v1/things/a", nil).URL, Header: http.Header{"Authorization": {"Bearer am_pk_test"}}, Status: 200, Type: "application/json", Answer: []byte(`{"name": "a"}`)}
	if err := c.Check(public); err == nil || !strings.Contains(err.Error(), "publishableKey") {
		t.Errorf("a publishable key: %v", err)
	}
}

// A watch passes what is right, and with Refuse answers 500 in place of the rest.
func TestAWatchRefuses(t *testing.T) {
	t.Parallel()
	c, err := New([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	var found []error
	w := &Watch{Contract: c, Refuse: true, Keep: true, Found: func(err error) { found = append(found, err) }}
	h := w.Around(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(r.Header.Get("Answer")))
	}))
	for answer, status := range map[string]int{`{"name": "a"}`: 200, `{"name": 1}`: 500} {
		r := httptest.NewRequest("GET", "/v1/things/a", strings.NewReader(""))
		r.Header.Set("Answer", answer)
		rec := httptest.NewRecorder()
		if h.ServeHTTP(rec, r); rec.Code != status {
			t.Errorf("%s is answered with %d, want %d", answer, rec.Code, status)
		}
	}
	folder := t.TempDir()
	if err := w.Save(folder); err != nil {
		t.Fatal(err)
	}
	kept, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || kept.Findings != 1 || kept.Counts["GET /v1/things/{id} 200"] != 2 || len(kept.Samples) != 2 {
		t.Errorf("%d found; kept %+v", len(found), kept)
	}
}
