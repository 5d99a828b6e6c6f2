package oracle

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stripe/stripe-mock/param"
	"github.com/stripe/stripe-mock/param/coercer"
)

// Request checks a request. One for an address that Stripe does not have has a
// single finding.
func (o *Oracle) Request(e Exchange) []Finding {
	r := request(e)
	op := o.Find(r)
	if op == nil {
		return []Finding{{e.Method, e.Path, "", "Stripe has no such address"}}
	}
	out := &report{method: op.Method, path: op.Path}
	sent, err := o.Params(e)
	if err != nil {
		out.add("", clip(err.Error()))
		return out.found
	}
	out.check(op.Form, sent, "")
	return out.found
}

// Params are the parameters of a request, nested and typed by its operation.
func (o *Oracle) Params(e Exchange) (map[string]any, error) {
	r := request(e)
	op := o.Find(r)
	sent, err := param.ParseParams(r)
	if err != nil || op == nil {
		return nil, err
	}
	if err := coercer.CoerceParams(op.coerce, sent); err != nil {
		return nil, err
	}
	out, _ := plain(sent).(map[string]any)
	return out, nil
}

// Operation is the operation of an exchange, or nil.
func (o *Oracle) Operation(e Exchange) *Operation { return o.Find(request(e)) }

func request(e Exchange) *http.Request {
	return &http.Request{
		Method: e.Method, URL: &url.URL{Path: e.Path, RawQuery: e.Query}, Header: http.Header{"Content-Type": {formType}},
		Body: io.NopCloser(strings.NewReader(e.Form)),
	}
}

// plain is a value with only the types of decoded JSON.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	_ = json.Unmarshal(text, &out)
	return out
}
