package wire

import (
	"io"
	"net/http"
	"time"
)

// A client sends the SDK's requests.
//
// net/http looks once more for the end of a request's body after the last byte was
// written, and the SDK closes that body as soon as the answer begins. Where the answer is
// faster, io.Copy finds the SDK's WriteTo, which then returns io.EOF as an error, and
// net/http closes the connection under the answer: "use of closed network connection", and
// a request that was carried out is sent again. A body that is only read ends as it should.
// Seen with smithy-go 1.28.8; https://github.com/aws/aws-sdk-go-v2/issues/2737 has the symptom.
type client struct{ *http.Client }

func newClient() client { return client{&http.Client{Timeout: 5 * time.Second}} }

// Do sends a request, which is the caller's no longer.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = struct{ io.ReadCloser }{r.Body} // without WriteTo
	}
	return c.Client.Do(r)
}
