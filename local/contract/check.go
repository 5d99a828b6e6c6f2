package contract

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// An Exchange is a request and its answer.
type Exchange struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
	Status int
	Type   string // Content-Type of the answer
	Answer []byte
}

// Operation names the operation of an exchange, as "POST /v1/attach"; "" if there is none.
func (c *Contract) Operation(e Exchange) string {
	if op := c.find(e.Method, e.URL, e.Header.Get("X-Api-Version")); op != nil {
		return op.method + " " + op.path
	}
	return ""
}

// Check returns what of an exchange is not as the contract has it; nil if all is.
func (c *Contract) Check(e Exchange) error {
	op := c.find(e.Method, e.URL, e.Header.Get("X-Api-Version"))
	if op == nil {
		if !slices.Contains(withoutRoute, e.Status) || !strings.HasPrefix(e.Type, "application/json") {
			return fmt.Errorf("%s %s: answered %d %s, and is no operation", e.Method, e.URL.Path, e.Status, e.Type)
		}
		return c.named(e, c.valid("/components/schemas/Error", e.Answer))
	}
	place, known := op.answers[strconv.Itoa(e.Status)]
	if !known {
		return fmt.Errorf("%s %s: the status %d is not documented: %.300s", e.Method, e.URL.Path, e.Status, e.Answer)
	}
	if !strings.HasPrefix(e.Type, "application/json") {
		return c.named(e, fmt.Errorf("the answer is %q", e.Type))
	}
	if err := c.valid(c.own(op, place+"/content/application~1json/schema"), e.Answer); err != nil {
		return c.named(e, fmt.Errorf("the answer %d: %w\n%.600s", e.Status, err, e.Answer))
	}
	if e.Status >= http.StatusBadRequest {
		return nil
	}
	if err := c.request(op, e); err != nil {
		return c.named(e, fmt.Errorf("the request, which was accepted: %w\n%.600s", err, e.Body))
	}
	return nil
}

// withoutRoute are the answers to what is no operation: that it is none, and API
// Gateway's own.
var withoutRoute = []int{http.StatusNotFound, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusRequestHeaderFieldsTooLarge,
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}

func (c *Contract) named(e Exchange, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", e.Method, e.URL.RequestURI(), err)
}

func (c *Contract) request(op *operation, e Exchange) error {
	if err := op.admits(e.Header.Get("Authorization")); err != nil {
		return err
	}
	given, err := url.ParseQuery(e.URL.RawQuery)
	if err != nil {
		return err
	}
	if err := c.parameters(op.query, given); err != nil {
		return err
	}
	for name, p := range op.header {
		if err := c.parameters(map[string]parameter{name: p}, map[string][]string{name: e.Header.Values(name)}); err != nil {
			return err
		}
	}
	body := bytes.TrimSpace(e.Body)
	switch {
	case !op.body && e.Method != http.MethodGet && len(body) > 0 && string(body) != "{}" && string(body) != "null":
		return errors.New("it takes no body")
	case !op.body:
		return nil
	case len(body) == 0 && op.needed:
		return errors.New("it has no body")
	case len(body) == 0:
		return nil
	}
	return c.valid(c.own(op, op.bodyPlace), body)
}

// own is the place of what an operation takes or answers in the dialect of the call.
func (c *Contract) own(op *operation, place string) string {
	found, err := c.at(place)
	if all, ok := object(found)["anyOf"].([]any); err != nil || !op.second || !ok || len(all) != 2 {
		return place
	}
	if op.newer {
		return place + "/anyOf/1"
	}
	return place + "/anyOf/0"
}

// admits checks that the kind of key may call.
func (op *operation) admits(authorization string) error {
	kind := "secretKey"
	if strings.Contains(authorization, " am_pk_") {
		kind = "publishableKey"
	}
	if len(op.keys) > 0 && !slices.Contains(op.keys, kind) {
		return fmt.Errorf("it was called with a %s", kind)
	}
	return nil
}

func (c *Contract) parameters(known map[string]parameter, given map[string][]string) error {
	for name := range maps.Keys(given) {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("it has no parameter %s", name)
		}
	}
	for name, p := range known {
		if p.needed && len(given[name]) == 0 {
			return fmt.Errorf("the parameter %s is missing", name)
		}
		s, err := c.schema(p.place)
		if err != nil {
			return err
		}
		for _, text := range given[name] {
			if s.Validate(parsed(s, text)) != nil {
				return fmt.Errorf("the parameter %s can't be %.80q", name, text)
			}
		}
	}
	return nil
}

// parsed is a parameter as its schema has it: a whole number or a text.
func parsed(s *jsonschema.Schema, text string) any {
	if s.Types != nil && slices.Contains(s.Types.ToStrings(), "integer") {
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	}
	return text
}

func (c *Contract) valid(place string, text []byte) error {
	s, err := c.schema(place)
	if err != nil {
		return err
	}
	v, err := decode(text)
	if err != nil {
		return err
	}
	return told(s.Validate(v))
}

// decode reads JSON with its numbers as they are.
func decode(text []byte) (any, error) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w: %.200s", err, text)
	}
	return v, nil
}

// told is a finding in a few lines: where, and what.
func told(err error) error {
	var found *jsonschema.ValidationError
	if !errors.As(err, &found) {
		return err
	}
	var lines []string
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		for _, cause := range e.Causes {
			walk(cause)
		}
		if len(e.Causes) == 0 && len(lines) < 8 {
			lines = append(lines, line(e))
		}
	}
	walk(found)
	return errors.New(strings.Join(lines, "; "))
}

// line is one finding. Of the values that are possible it says only how many
// there are.
func line(e *jsonschema.ValidationError) string {
	at := "/" + strings.Join(e.InstanceLocation, "/")
	if of, ok := e.ErrorKind.(*kind.Enum); ok {
		return fmt.Sprintf("at %s: %.80v is none of %d values", at, of.Got, len(of.Want))
	}
	return fmt.Sprintf("at %s: %.300s", at, e.ErrorKind.LocalizedString(english))
}

var english = message.NewPrinter(language.English)
