package stripesim

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"windfall/local/stripesim/recorder"
)

// answer is a computed HTTP response.
type answer struct {
	status int
	header http.Header
	body   []byte
	lost   bool // the caller never sees it: the connection breaks
}

// ServeHTTP serves Stripe's API under /v1/ and the hosted pages under /pay/
// and /portal/.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.answer(r)
	if a.lost {
		hangUp(w)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	if a.header.Get("Content-Type") == "application/json" {
		a.body = a.indented()
	}
	_, _ = w.Write(a.body)
}

// answer is the whole of a request but for the wire.
func (s *Sim) answer(r *http.Request) answer {
	var a answer
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		a = s.recordedAPI(r)
	} else if done, own := s.byMachine(r); own {
		a = done
	} else {
		a = s.servePage(r)
	}
	s.courier.Wake()
	return a
}

// recordedAPI is api, recorded where that is wanted. An exchange counts once it
// was answered, even if the answer is lost on its way.
func (s *Sim) recordedAPI(r *http.Request) answer {
	if !recorder.Enabled() {
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
		recorder.Exchange(r, string(form), a.status, a.body)
	}
	return a
}

// hangUp breaks the connection, as when the network fails.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}

func unknownURL(r *http.Request) *apiError {
	return newError(http.StatusNotFound, "invalid_request_error", "", "",
		"Unrecognized request URL ("+r.Method+": "+r.URL.Path+"). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")
}
