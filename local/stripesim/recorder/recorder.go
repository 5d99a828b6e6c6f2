// Package recorder records what all simulators of this process exchange with
// their clients, and the events that they send: into a file, or straight to a
// validator of Stripe's own description of its API.
//
// It owns the format of a recording and the choice of where it goes, which the
// environment makes. It does not own the comparison; tests/conformance/openapi
// does.
package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"windfall/local/stripesim/object"
)

// recorded is one line of a recording: an exchange with the API, or an event.
// tests/conformance/openapi holds both against Stripe's own description of its API.
type recorded struct {
	Method string          `json:"method,omitempty"`
	Path   string          `json:"path,omitempty"`
	Query  string          `json:"query,omitempty"`
	Form   string          `json:"form,omitempty"`
	Status int             `json:"status,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	Event  json.RawMessage `json:"event,omitempty"`
}

// tape is the recording of this process, nil for none. Only the environment
// chooses it: a program that opens a simulator is recorded without a change.
//
//	CONFORMANCE_RECORD=DIR  a file of its own in this folder
//	CONFORMANCE=1           the validator, which ends the process at the first difference
var tape = sync.OnceValue(func() *tapeFile {
	if dir := os.Getenv("CONFORMANCE_RECORD"); dir != "" {
		f, err := os.CreateTemp(dir, "stripe-*.jsonl")
		untaped(err)
		return &tapeFile{to: f}
	}
	if os.Getenv("CONFORMANCE") == "1" {
		v, err := startValidator()
		untaped(err)
		return &tapeFile{to: v}
	}
	return nil
})

// untaped: a recording with holes proves nothing.
func untaped(err error) {
	if err != nil {
		panic("conformance: " + err.Error())
	}
}

type tapeFile struct {
	mu sync.Mutex
	to io.Writer
}

// write does not buffer, because a test binary ends without a last call.
func (f *tapeFile) write(line recorded) {
	text, err := json.Marshal(line)
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		_, err = f.to.Write(append(text, '\n'))
	}
	var differs *findings
	if errors.As(err, &differs) {
		fmt.Fprintln(os.Stderr, differs)
		os.Exit(1) // no handler or test may catch this
	}
	untaped(err)
}

// Enabled tells whether this process is recorded.
func Enabled() bool { return tape() != nil }

// Exchange records a request to the API, whose body was form, and its answer.
// It does nothing unless Enabled.
func Exchange(r *http.Request, form string, status int, body []byte) {
	if f := tape(); f != nil {
		f.write(recorded{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Form: strings.TrimSpace(form), Status: status, Body: body})
	}
}

// Events records events as their receivers would be sent them. It does nothing
// unless Enabled.
func Events(events []*object.Event) {
	f := tape()
	if f == nil {
		return
	}
	for _, e := range events {
		if text, err := object.Encode(e); err == nil {
			f.write(recorded{Event: text})
		}
	}
}
