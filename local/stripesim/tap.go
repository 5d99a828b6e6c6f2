package stripesim

import (
	"bytes"
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

// tape is where all simulators of this process are recorded, or nil. Whatever
// opens a simulator is thus recorded without knowing it.
//
//	CONFORMANCE_RECORD=DIR  a file of its own in this folder
//	CONFORMANCE=1           the validator, which ends the process at the first thing that differs
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

// write does not buffer: a test binary ends without telling anyone.
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

// recordedAPI is api, recorded when there is a tape. An exchange counts once it
// was answered, even if the answer is lost on its way.
func (s *Sim) recordedAPI(r *http.Request) answer {
	f := tape()
	if f == nil {
		return s.api(r)
	}
	form, err := io.ReadAll(r.Body)
	if err != nil {
		return s.api(r)
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(form))
	a := s.api(r)
	if a.status != 0 {
		f.write(recorded{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Form: strings.TrimSpace(string(form)), Status: a.status, Body: a.body})
	}
	return a
}

// recordEvents notes events as their receivers would be sent them.
func recordEvents(events []*object.Event) {
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
