package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"time"

	"windfall/local/stack"
)

// asked is the call that tells whether a key may move the clock of a customer: one that only
// reads, and that a publishable key can't make.
const asked = "/v1/subscriptions.list"

// testClock is customers.advance_test_clock, which a deployed stack has no clock for.
type testClock struct {
	CustomerID string `json:"customer_id"`
	FrozenTime int64  `json:"frozen_time"` // ms; whole seconds count
}

type testClockAnswer struct {
	testClock
	Status string `json:"status"` // ready: all that was due is done
}

// advanceTestClock serves POST /v1/customers.advance_test_clock. All customers have one
// clock here, so it moves for all of them. A call that is repeated, as its answer was lost,
// finds the clock there and changes nothing.
func (c *Control) advanceTestClock(w http.ResponseWriter, r *http.Request) {
	body, bad := bodyOf(r)
	r.Body = io.NopCloser(bytes.NewReader(body))
	in, unread := read[testClock](r)
	api := c.ask(r, in.CustomerID)
	maps.Copy(w.Header(), api.Header())
	w.Header().Del("Content-Length") // of the other answer
	c.serve(w, r, func(r *http.Request) (any, error) {
		switch {
		case api.Code == http.StatusUnauthorized:
			return nil, refusalOf(api)
		case unknownVersion(api):
			return nil, refusalOf(api)
		case bad != nil:
			return nil, bad
		case unread != nil:
			return nil, unread
		case in.CustomerID == "":
			return nil, invalid("customer_id: required.")
		case api.Code != http.StatusOK:
			return nil, refusalOf(api)
		}
		to, now := time.UnixMilli(in.FrozenTime).UTC().Truncate(time.Second), c.stack.Sim.Now()
		switch {
		case to.Year() > lastYear:
			return nil, invalid(fmt.Sprintf("frozen_time: it leads beyond the year %d. It is in milliseconds since 1970.", lastYear))
		case to.Before(now.Truncate(time.Second)):
			return nil, invalid(fmt.Sprintf("frozen_time: the clock only moves forward, and stands at %s (%d).", now.UTC().Format(time.RFC3339), now.UnixMilli()))
		}
		if err := c.AdvanceTo(r.Context(), to); err != nil {
			return nil, err
		}
		return testClockAnswer{testClock{in.CustomerID, c.stack.Sim.Now().Truncate(time.Second).UnixMilli()}, "ready"}, nil
	})
}

// ask makes the call that tells whether the key of a request may move a customer's clock.
func (c *Control) ask(r *http.Request, customerID string) *httptest.ResponseRecorder {
	body, _ := json.Marshal(map[string]any{"customer_id": customerID, "limit": 1}) // a text always encodes
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath, inner.RequestURI = asked, "", asked
	inner.Body, inner.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	out := httptest.NewRecorder()
	c.stack.Gateway.ServeHTTP(out, inner)
	return out
}

// unknownVersion reports whether the request named a version that has no such call: that is
// said before its body is read.
func unknownVersion(api *httptest.ResponseRecorder) bool {
	var told failure
	return api.Code == http.StatusBadRequest && json.Unmarshal(api.Body.Bytes(), &told) == nil && told.Code == "invalid_api_version"
}

// refusalOf is the refusal of that call, in the words of this one.
func refusalOf(api *httptest.ResponseRecorder) error {
	var told failure
	text := bytes.ReplaceAll(api.Body.Bytes(), []byte(asked), []byte(stack.AdvanceTestClock))
	if json.Unmarshal(text, &told) != nil || told.Code == "" {
		return fmt.Errorf("%s answered %d %s", asked, api.Code, text)
	}
	told.status = api.Code
	return &told
}
