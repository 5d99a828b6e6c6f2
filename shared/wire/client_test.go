package wire

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A late is a transport that answers before it has looked for the end of the body, as
// net/http does when the server is quick.
type late struct{ body io.ReadCloser }

func (l *late) RoundTrip(r *http.Request) (*http.Response, error) {
	l.body = r.Body
	_, err := io.CopyN(io.Discard, r.Body, r.ContentLength)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}, Request: r}, err
}

func TestABodyEndsAfterItsAnswerBegan(t *testing.T) {
	t.Parallel()
	l := &late{}
	ours := newClient()
	ours.Transport = l
	for name, c := range map[string]aws.HTTPClient{"ours": ours, "the SDK's": &http.Client{Transport: l}} {
		r, err := smithyhttp.NewStackRequest().(*smithyhttp.Request).SetStream(bytes.NewReader([]byte(`{"TableName":"t"}`)))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Scheme, r.URL.Host, r.ContentLength = "http", "127.0.0.1", 17
		if _, _, err := smithyhttp.NewClientHandlerWithOptions(c).Handle(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		switch _, err := io.Copy(io.Discard, l.body); {
		case name == "ours" && err != nil:
			t.Errorf("net/http would close the connection: %v", err)
		case name != "ours" && err == nil:
			t.Error("the SDK ends a body now: client.go is needed no longer")
		}
	}
}
