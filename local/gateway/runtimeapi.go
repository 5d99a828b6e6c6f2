package gateway

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// runtimeAPI serves Lambda's Runtime API, version 2018-06-01, to one process.
// started is the start of the process, from which its init is measured.
func (e *environment) runtimeAPI(started time.Time) http.Handler {
	var first sync.Once
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		first.Do(func() {
			e.onInit(time.Since(started))
			close(e.ready)
		})
		select {
		case v := <-e.next:
			e.serve(w, v)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, func(body []byte) reply { return reply{answer: body} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) {
		e.finish(w, r, func(body []byte) reply { return reply{err: functionError(body)} })
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, maxLambdaResponse)) // an unreadable rest is left out
		e.mu.Lock()
		e.initFail = functionError(body)
		e.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
	})
	return mux
}

// serve sends an event to the process.
func (e *environment) serve(w http.ResponseWriter, v *invocation) {
	e.mu.Lock()
	e.current = v
	e.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", v.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(v.timeout).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", functionARN(e.function))
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
	_, _ = w.Write(v.payload) // a process that is gone is noticed by its end
}

// finish takes the process's answer to the current event.
func (e *environment) finish(w http.ResponseWriter, r *http.Request, toReply func([]byte) reply) {
	e.mu.Lock()
	v := e.current
	if v == nil || v.id != r.PathValue("id") {
		e.mu.Unlock()
		http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"no such invocation"}`, http.StatusBadRequest)
		return
	}
	e.current = nil
	e.mu.Unlock()
	// One byte more than allowed is enough for the gateway to refuse it.
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLambdaResponse+1))
	if err != nil {
		v.replied <- reply{err: &FunctionError{Type: "Runtime.TruncatedResponse", Message: err.Error()}}
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	v.replied <- toReply(body)
	w.WriteHeader(http.StatusAccepted)
}

func functionError(body []byte) *FunctionError {
	var failed FunctionError
	if err := json.Unmarshal(body, &failed); err != nil {
		return &FunctionError{Type: "Runtime.Unknown", Message: string(body)}
	}
	return &failed
}
