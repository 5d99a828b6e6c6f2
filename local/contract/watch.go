package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
)

// FolderVariable names a folder. With it, tests and programs leave there what
// they have checked, for make contract; programs check only with it.
const FolderVariable = "WINDFALL_CONTRACT"

// A Watch checks every exchange of a handler.
type Watch struct {
	Contract *Contract
	Found    func(error) // called with each finding
	Refuse   bool        // answer 500 in place of what is not as the contract has it
	Keep     bool        // samples for Save

	mu      sync.Mutex
	counts  map[string]int // exchanges by operation and status
	samples map[string][]Exchange
	found   int
}

// samplesEach is how many exchanges of an operation and a status are kept.
const samplesEach = 2

// Around returns the handler, watched.
func (w *Watch) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions { // API Gateway answers those, for browsers
			next.ServeHTTP(rw, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil { // the caller is gone
			next.ServeHTTP(rw, r)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		e := Exchange{Method: r.Method, URL: r.URL, Header: r.Header, Body: body, Status: answer.Code, Type: answer.Header().Get("Content-Type"), Answer: answer.Body.Bytes()}
		found := w.check(e)
		for name, values := range answer.Header() {
			rw.Header()[name] = values
		}
		if found != nil && w.Refuse {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(http.StatusInternalServerError)
			_ = json.NewEncoder(rw).Encode(map[string]string{"message": found.Error(), "code": "contract", "env": ""})
			return
		}
		rw.WriteHeader(e.Status)
		_, _ = rw.Write(e.Answer) // an error means that the caller is gone
	})
}

func (w *Watch) check(e Exchange) error {
	found := w.Contract.Check(e)
	w.mu.Lock()
	if w.counts == nil {
		w.counts, w.samples = map[string]int{}, map[string][]Exchange{}
	}
	key := fmt.Sprint(w.Contract.Operation(e), " ", e.Status)
	if w.counts[key]++; w.Keep && len(w.samples[key]) < samplesEach {
		w.samples[key] = append(w.samples[key], e)
	}
	if found != nil {
		w.found++
	}
	w.mu.Unlock()
	if found != nil && w.Found != nil {
		w.Found(found)
	}
	return found
}

// A Record is what a watch has seen.
type Record struct {
	Counts   map[string]int `json:"counts"` // by operation and status
	Findings int            `json:"findings"`
	Samples  []Sample       `json:"samples"`
}

// A Sample is an exchange in a file.
type Sample struct {
	Method, URL, Type string
	Header            http.Header
	Body, Answer      string
	Status            int
}

// Exchange is a sample as it was.
func (s Sample) Exchange() Exchange {
	u, err := url.ParseRequestURI(s.URL)
	if err != nil {
		u = &url.URL{Path: s.URL}
	}
	return Exchange{Method: s.Method, URL: u, Header: s.Header, Body: []byte(s.Body), Status: s.Status, Type: s.Type, Answer: []byte(s.Answer)}
}

// Record returns what was seen so far.
func (w *Watch) Record() Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := Record{Counts: maps.Clone(w.counts), Findings: w.found}
	for _, each := range w.samples {
		for _, e := range each {
			kept := http.Header{}
			for _, name := range []string{"Authorization", "Idempotency-Key", "X-Api-Version"} {
				if v := e.Header.Get(name); v != "" {
					kept.Set(name, v)
				}
			}
			out.Samples = append(out.Samples, Sample{e.Method, e.URL.RequestURI(), e.Type, kept, string(e.Body), string(e.Answer), e.Status})
		}
	}
	return out
}

// Save writes what was seen into a new file of a folder.
func (w *Watch) Save(folder string) error {
	text, err := json.Marshal(w.Record())
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "exchanges-*.json")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if bad := file.Close(); err == nil {
		err = bad
	}
	return err
}

// Load reads what watches have saved in a folder.
func Load(folder string) (Record, error) {
	all := Record{Counts: map[string]int{}}
	files, err := filepath.Glob(filepath.Join(folder, "exchanges-*.json"))
	for _, name := range files {
		text, bad := os.ReadFile(name)
		if bad != nil {
			return all, bad
		}
		var one Record
		if bad := json.Unmarshal(text, &one); bad != nil {
			return all, fmt.Errorf("%s: %w", name, bad)
		}
		for key, n := range one.Counts {
			all.Counts[key] += n
		}
		all.Findings += one.Findings
		all.Samples = append(all.Samples, one.Samples...)
	}
	return all, err
}
