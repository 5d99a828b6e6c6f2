package gateway

import "net/http"

// Sizes in bytes, from AWS's documentation of quotas.
const (
	maxHeaderBytes    = 10_240   // request line and header values together
	maxBodyBytes      = 10 << 20 // a request's body, at API Gateway
	maxLambdaRequest  = 6 << 20  // an event; base64 counts as such
	maxLambdaResponse = 6<<20 + 100
)

// headerBytes counts what API Gateway limits: the request line and the
// values of the headers.
func headerBytes(r *http.Request) int {
	n := len(r.Method) + len(r.URL.RequestURI()) + len(r.Proto) + len(r.Host)
	for _, values := range r.Header {
		for _, v := range values {
			n += len(v)
		}
	}
	return n
}
