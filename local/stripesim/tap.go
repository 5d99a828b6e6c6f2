package stripesim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"windfall/local/stripesim/object"
)

// recorded is one line of a recording: an exchange with the API, or an event.
// tests/conformance holds both against Stripe's own description of its API.
type recorded struct {
	Method string          `json:"method,omitempty"`
	Path   string          `json:"path,omitempty"`
	Query  string          `json:"query,omitempty"`
	Form   string          `json:"form,omitempty"`
	Status int             `json:"status,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	Event  json.RawMessage `json:"event,omitempty"`
}

// tape is where all simulators of this process are recorded: a file of its own
// in the folder CONFORMANCE_RECORD, or nil. Whatever opens a simulator is thus
// recorded without knowing it.
var tape = sync.OnceValue(func() *tapeFile {
	dir := os.Getenv("CONFORMANCE_RECORD")
	if dir == "" {
		return nil
	}
	f, err := os.CreateTemp(dir, "stripe-*.jsonl")
	if err != nil {
		panic("CONFORMANCE_RECORD: " + err.Error()) // a recording with holes proves nothing
	}
	return &tapeFile{file: f}
})

type tapeFile struct {
	mu   sync.Mutex
	file *os.File
}

// write does not buffer: a test binary ends without telling anyone.
func (f *tapeFile) write(line recorded) {
	text, err := json.Marshal(line)
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		_, err = f.file.Write(append(text, '\n'))
	}
	if err != nil {
		panic("CONFORMANCE_RECORD: " + err.Error())
	}
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
