package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

type asked struct {
	Name  string   `json:"name"`
	Count int      `json:"count"`
	Many  []string `json:"many"`
	On    bool     `json:"on"`
	Value *Number  `json:"value"`
	Deep  struct {
		X int `json:"X"`
	} `json:"deep"`
	Free map[string]any `json:"free"`
	Rows []struct {
		N *Number `json:"n"`
	} `json:"rows"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	const refused = "invalid_inputs"
	for _, tt := range []struct {
		name, body   string
		code, strict string // the code in each of the two modes; "" is none
		says         string
	}{
		{"an object", `{"name":"a","count":1}`, "", "", ""},
		{"nothing is an empty object", ``, "", "", ""},
		{"space is an empty object", " \r\n\t", "", "", ""},
		{"an unknown field", `{"title":"a"}`, "", refused, "title"},
		{"a list", `[]`, refused, refused, "must be a JSON object"},
		{"a text", `"a"`, refused, refused, "must be a JSON object"},
		{"null", `null`, refused, refused, "must be a JSON object"},
		{"no JSON", `{name:1}`, refused, refused, "not valid JSON"},
		{"half an object", `{"name":"a"`, refused, refused, "not valid JSON"},
		{"two objects", `{"name":"a"}{"name":"b"}`, refused, refused, "more than one"},
		{"an object and rubbish", `{"name":"a"} x`, refused, refused, "more than one"},
		{"a number for a text", `{"name":1}`, refused, refused, "name: expected string, got number"},
		{"a text for a whole number", `{"count":"1"}`, refused, refused, "count: expected whole number, got string"},
		{"a whole number with a fraction of zeros", `{"count":7.00,"rows":[{"n":-3.0}]}`, "", "", ""},
		{"a fraction for a whole number", `{"count":1.5}`, refused, refused, "count: expected whole number, got number 1.5"},
		{"a text for a list", `{"many":"a"}`, refused, refused, "many: expected array, got string"},
		{"nothing in a list of texts", `{"many":["a",null]}`, refused, refused, "many[1]: expected string, got null"},
		{"nothing in a list of objects", `{"rows":[null]}`, refused, refused, "rows[0]: expected object, got null"},
		{"nothing for a list, a text or any value", `{"many":null,"name":null,"free":{"a":[null]}}`, "", "", ""},
		{"a text for a boolean", `{"on":"true"}`, refused, refused, "on: expected boolean, got string"},
		{"a list for an object", `{"deep":[]}`, refused, refused, "deep: expected object, got array"},
		{"a wrong field of a field", `{"deep":{"X":"a"}}`, refused, refused, "deep.X: expected whole number"},
		{"a number too large", `{"value":1e400}`, refused, refused, "too large"},
		{"a quoted number", `{"value":"1"}`, refused, refused, "value: "},
		{"a wrong number in a list", `{"rows":[{"n":1},{"n":"three"}]}`, refused, refused, "rows[1].n: "},
		{"an unknown field in a list", `{"rows":[{"n":1,"m":2}]}`, "", refused, "rows[0].m: "},
		{"another case is another field", `{"NAME":"a"}`, "", refused, "NAME: "},
		{"a field given twice", `{"name":"a","name":"b"}`, refused, refused, "name: given twice"},
		{"a field given twice, escaped", `{"name":"a","n\u0061me":"b"}`, refused, refused, "name: given twice"},
		{"a field given twice deep in free JSON", `{"free":{"a":[{"b":1,"b":2}]}}`, refused, refused, "free.a[0].b: given twice"},
		{"a field given twice where nobody looks", `{"title":{"b":1,"b":2}}`, refused, refused, ""},
		{"text that is not UTF-8", "{\"name\":\"a\xff\"}", refused, refused, "name: the text is not valid Unicode"},
		{"half of a surrogate pair", `{"name":"a\ud800"}`, refused, refused, "name: the text is not valid Unicode"},
		{"half of a pair in a name", `{"free":{"\udc00":1}}`, refused, refused, "not valid Unicode"},
		{"half of a pair where nobody looks", `{"title":"\ud800"}`, refused, refused, ""},
		{"deep lists", `{"free":{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}}`, refused, refused, "nested too deeply"},
		{"deep lists where nobody looks", `{"title":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, refused, refused, ""},
		{"a whole number too large", `{"count":92233720368547758080}`, refused, refused, "count: expected whole number"},
		{"a comment", `{"count":1 /* one */}`, refused, refused, "not valid JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := Request{Body: []byte(tt.body)}
			_, err := DecodeLenient[asked](req)
			_, strictErr := Decode[asked](req)
			for want, err := range map[*string]error{&tt.code: err, &tt.strict: strictErr} {
				var known *Refusal
				if errors.As(err, &known) != (*want != "") || known != nil && (known.Code != *want || known.Status != http.StatusBadRequest) {
					t.Errorf("err = %v, want %q", err, *want)
				}
				if err != nil && !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%q does not say %q", err, tt.says)
				}
				for _, word := range []string{"json:", "unmarshal", "invalid character", "Go ", "jsontext"} {
					if err != nil && strings.Contains(err.Error(), word) {
						t.Errorf("%q is a library's wording", err)
					}
				}
			}
		})
	}
}

// No number passes through a float64, whatever its Go type.
func TestDecodedNumbersAreExact(t *testing.T) {
	t.Parallel()
	in, err := Decode[asked](Request{Body: []byte(`{"value":0.100000000000001,"free":{"id":12345678901234567890}}`)})
	if err != nil || in.Value.String() != "0.100000000000001" {
		t.Errorf("value %v, %v", in.Value, err)
	}
	if got := Texts(in.Free); got["id"] != "12345678901234567890" {
		t.Errorf("metadata %v", got)
	}
}

// The Python client writes every number as a float: 7.0. In JSON that is the number 7.
func TestAWholeNumberMayHaveAFractionOfZeros(t *testing.T) {
	t.Parallel()
	body := `{"count":7.00, "value":2.50,"rows":[{"n":-3.0}],"free":{"id":12.0,"text":"1.0","more":1.0e1}}`
	req := Request{Body: []byte(body)}
	in, err := Decode[asked](req)
	if err != nil || in.Count != 7 || in.Value.String() != "2.5" || in.Rows[0].N.String() != "-3" {
		t.Errorf("%+v, %v", in, err)
	}
	if got := Texts(in.Free); got["id"] != "12" || got["text"] != "1.0" || got["more"] != "1.0e1" {
		t.Errorf("free %v", got)
	}
	if string(req.Body) != body {
		t.Errorf("the body became %s", req.Body)
	}
}

func TestBodiesThatAreNotRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method, kind, body string
		access                   Access
		want                     int // 0 is taken
	}{
		{"JSON", "POST", "application/json", `{}`, Secret, 0},
		{"JSON with a charset", "POST", "Application/JSON; charset=utf-8", `{}`, Public, 0},
		{"a form", "POST", "application/x-www-form-urlencoded", `a=b`, Secret, http.StatusUnsupportedMediaType},
		{"no type", "POST", "", `{}`, Secret, http.StatusUnsupportedMediaType},
		{"a type that begins like JSON", "POST", "application/jsonx", `{}`, Secret, http.StatusUnsupportedMediaType},
		{"nothing of no type", "POST", "", ``, Secret, 0},
		{"a body of a GET is nobody's", "GET", "text/plain", `x`, Secret, 0},
		{"Stripe says what it likes", "POST", "text/plain", `x`, Open, 0},
		{"the longest body", "POST", "application/json", strings.Repeat(" ", maxBody), Secret, 0},
		{"a longer one", "POST", "application/json", strings.Repeat(" ", maxBody+1), Secret, http.StatusRequestEntityTooLarge},
		{"a longer one of Stripe's", "POST", "", strings.Repeat(" ", maxBody+1), Open, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "/", strings.NewReader(tt.body))
			r.Header = http.Header{}
			if tt.kind != "" {
				r.Header.Set("Content-Type", tt.kind)
			}
			body, err := readBody(r, &Route{Access: tt.access})
			var known *Refusal
			if errors.As(err, &known) != (tt.want != 0) || known != nil && known.Status != tt.want {
				t.Fatalf("err = %v, want %d", err, tt.want)
			}
			if tt.want == 0 && string(body) != tt.body {
				t.Errorf("read %d of %d bytes", len(body), len(tt.body))
			}
		})
	}
}

// A body is empty by the white space of JSON alone: anything else was meant to say something.
func TestWhiteSpaceOfJSONAlone(t *testing.T) {
	t.Parallel()
	for body, taken := range map[string]bool{"": true, " \t\r\n": true, " {} ": true, "\v": false, "\f": false, "\u00a0": false, "\u2028": false, "\ufeff": false, "{}\v": false, "\u0085{}": false, "\x00": false} {
		if _, err := Decode[struct{}](Request{Body: []byte(body)}); (err == nil) != taken {
			t.Errorf("%q: %v", body, err)
		}
		if _, err := DecodeList[struct{}](Request{Body: []byte(body)}); err == nil && !taken {
			t.Errorf("a list of %q is taken", body)
		}
		r := httptest.NewRequest(http.MethodDelete, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if _, err := readBody(r, &Route{Access: Secret}); (err == nil) != taken {
			t.Errorf("DELETE with %q: %v", body, err)
		}
	}
}

func TestDecodeList(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[{"name":"a"},{"name":"b"}]`: "2", `{"name":"a"}`: "1", ` []`: "0",
		"": "must be a list", " ": "must be a list", "null": "must be a list", `"a"`: "must be a list", "1": "must be a list",
		`[[]]`: "[0]: expected object", `[{"name":"a"},{"title":1}]`: "[1].title: ", `{"title":1}`: "title: ", `[][]`: "more than one",
	} {
		list, err := DecodeList[asked](Request{Body: []byte(body)})
		if err == nil && fmt.Sprint(len(list)) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d, %v", body, len(list), err)
		}
	}
}
