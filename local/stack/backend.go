package stack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"

	"windfall/shared/payments"
)

// near is stripe-go's backend for a simulator in this process: it asks it without an
// HTTP client, reads each answer once rather than in three layers, and an answer that
// it has just read not again. Requests, errors and objects are those of stripe-go.
type near struct {
	*stripe.BackendImplementation
	sim   http.RoundTripper
	meter payments.Meter

	mu   sync.Mutex
	read [4]reading
	next int
}

// A reading is an object that nobody changes, and the answer it was read from.
type reading struct {
	body []byte
	from reflect.Value
}

// nearBackend returns b unless it is stripe-go's own.
func nearBackend(sim http.RoundTripper, meter payments.Meter) func(stripe.Backend) stripe.Backend {
	return func(b stripe.Backend) stripe.Backend {
		if own, ok := b.(*stripe.BackendImplementation); ok {
			return &near{BackendImplementation: own, sim: sim, meter: meter}
		}
		return b
	}
}

// Call implements stripe.Backend.
func (n *near) Call(method, path, key string, params stripe.ParamsContainer, v stripe.LastResponseSetter) error {
	of := reflect.ValueOf(params)
	if params == nil || of.Kind() != reflect.Pointer || of.IsNil() {
		return n.CallRaw(method, path, key, nil, nil, v)
	}
	common := params.GetParams()
	if common.Metadata != nil || common.Expand != nil { //nolint:staticcheck // deprecated, and some use it
		return n.BackendImplementation.Call(method, path, key, params, v) // may be a mistake, of which stripe-go tells
	}
	values := &form.Values{}
	form.AppendTo(values, params)
	return n.CallRaw(method, path, key, values, common, v)
}

// CallRaw implements stripe.Backend.
func (n *near) CallRaw(method, path, key string, values *form.Values, params *stripe.Params, v stripe.LastResponseSetter) error {
	body := ""
	if values != nil && !values.Empty() {
		body = values.Encode()
	}
	if body != "" && method == http.MethodGet {
		path, body = path+"?"+body, ""
	}
	req, err := n.NewRequest(method, path, key, "application/x-www-form-urlencoded", params)
	if err != nil {
		return err
	}
	req.Body = http.NoBody
	if body != "" {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	n.meter(req.Context())
	res, err := n.sim.RoundTrip(req)
	if err != nil {
		return &url.Error{Op: method[:1] + strings.ToLower(method[1:]), URL: req.URL.String(), Err: err}
	}
	var all bytes.Buffer
	all.Grow(int(max(0, res.ContentLength)) + bytes.MinRead) // read without moving it
	_, err = all.ReadFrom(res.Body)
	text := all.Bytes()
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return n.ResponseToError(res, text)
	}
	err = n.decode(res.StatusCode, text, v)
	v.SetLastResponse(&stripe.APIResponse{Header: res.Header, IdempotencyKey: res.Header.Get("Idempotency-Key"), RawJSON: text,
		RequestID: res.Header.Get("Request-Id"), Status: res.Status, StatusCode: res.StatusCode})
	return err
}

func (n *near) decode(status int, text []byte, v any) error {
	if shared(v) && n.again(text, v) {
		return nil
	}
	own, ok := v.(json.Unmarshaler)
	if !ok || own.UnmarshalJSON(text) != nil {
		return n.UnmarshalJSONVerbose(status, text, v)
	}
	if shared(v) && whole(v) {
		n.keep(text, v)
	}
	return nil
}

// shared tells of the kinds that are read several times in a row, once for each event
// about one.
func shared(v any) bool {
	switch v.(type) {
	case *stripe.Invoice, *stripe.Subscription:
		return true
	}
	return false
}

// whole tells of an object to which no further pages are added.
func whole(v any) bool {
	switch o := v.(type) {
	case *stripe.Invoice:
		return o.Lines != nil && !o.Lines.HasMore
	case *stripe.Subscription:
		return o.Items != nil && !o.Items.HasMore
	}
	return false
}

// again sets v to an object that was read from the same text.
func (n *near) again(text []byte, v any) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	to := reflect.ValueOf(v).Elem()
	for _, r := range n.read {
		if r.body != nil && r.from.Type() == to.Type() && bytes.Equal(r.body, text) {
			to.Set(r.from)
			return true
		}
	}
	return false
}

func (n *near) keep(text []byte, v any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	from := reflect.New(reflect.TypeOf(v).Elem()).Elem()
	from.Set(reflect.ValueOf(v).Elem())
	n.read[n.next] = reading{text, from}
	n.next = (n.next + 1) % len(n.read)
}
