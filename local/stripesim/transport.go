package stripesim

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// ErrConnection is what a client sees when a fault breaks the connection.
var ErrConnection = errors.New("stripesim: connection reset by fault")

// Transport reaches the simulator without a socket.
func (s *Sim) Transport() http.RoundTripper { return transport{s} }

type transport struct{ sim *Sim }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	defer func() { _ = r.Body.Close() }()
	a := t.sim.answer(r)
	if a.lost {
		return nil, ErrConnection
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}
