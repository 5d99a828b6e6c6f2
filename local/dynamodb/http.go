package dynamodb

import (
	"bytes"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"

	"windfall/local/dynamodb/protocol"
)

// maxRequestBytes is AWS's limit for the body of a request.
const maxRequestBytes = 16 << 20

const contentType = "application/x-amz-json-1.0"

// ServeHTTP answers one request of the DynamoDB JSON protocol. Signatures are
// not checked; SetGuard limits the permissions of a sender.
func (db *DB) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	var a answer
	if err != nil {
		e := &protocol.Refusal{Status: 413, Code: "RequestEntityTooLargeException", Message: "The request is larger than 16 MB"}
		a = answer{status: e.Status, body: appendError(nil, e)}
	} else {
		a = db.handle(r.Header.Get("X-Amz-Target"), body, nil, nil, db.permitOf(r))
	}
	if a.lost {
		panic(http.ErrAbortHandler) // the way to break a connection; net/http does not log it
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amz-Crc32", checksum(a.body))
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may have gone away
}

// checksum is the header by which SDKs check the body.
func checksum(body []byte) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)
}

// Transport returns a transport that answers requests to any address from this
// database, without a socket. Give it to an http.Client.
func (db *DB) Transport() http.RoundTripper { return Client{db} }

// Client returns a client for the SDK's HTTPClient option. It does the same as
// an http.Client over Transport and is cheaper.
func (db *DB) Client() Client { return Client{db} }

// Client sends requests straight to a database in the same process.
type Client struct{ db *DB }

// Do answers the request. It fails as a broken connection does when a fault
// loses the request or the answer.
func (c Client) Do(r *http.Request) (*http.Response, error) { return c.RoundTrip(r) }

// RoundTrip implements http.RoundTripper.
func (c Client) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	a, known := answered(r.Context())
	if !known {
		a = c.db.handle(r.Header.Get("X-Amz-Target"), body, make([]byte, 0, 1024), nil, c.db.permitOf(r))
	}
	if a.lost {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{
		Status:     http.StatusText(a.status),
		StatusCode: a.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {contentType}, "X-Amz-Crc32": {checksum(a.body)}},
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
		Request:       r,
	}, nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	if r.ContentLength <= 0 || r.ContentLength > maxRequestBytes {
		var read strings.Builder
		_, err := io.Copy(&read, io.LimitReader(r.Body, maxRequestBytes))
		return []byte(read.String()), err
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}
