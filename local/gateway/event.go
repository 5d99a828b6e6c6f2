package gateway

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An event is payload format 2.0. Fields that AWS leaves out when they are
// empty are left out.
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpContext `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"` // milliseconds
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

const (
	localAccount = "000000000000"
	clfTime      = "02/Jan/2006:15:04:05 -0700"
)

// newEvent builds the event of a request. path is the result of decodePath; now
// is the function's clock.
func newEvent(r *http.Request, body []byte, path string, to target, id string, now time.Time) event {
	ip := sourceIP(r)
	prefix, _, _ := strings.Cut(r.Host, ".")
	now = now.UTC()
	e := event{
		Version:        "2.0",
		RouteKey:       to.routeKey,
		RawPath:        path,
		RawQueryString: r.URL.RawQuery,
		Cookies:        cookies(r.Header),
		Headers:        headers(r, len(body), ip),
		PathParameters: to.params,
		RequestContext: requestContext{
			AccountID: localAccount, APIID: "local", DomainName: r.Host, DomainPrefix: prefix,
			HTTP: httpContext{
				Method: r.Method, Path: path, Protocol: r.Proto, SourceIP: ip, UserAgent: r.UserAgent(),
			},
			RequestID: id, RouteKey: to.routeKey, Stage: "$default",
			Time: now.Format(clfTime), TimeEpoch: now.UnixMilli(),
		},
	}
	for name, values := range r.URL.Query() {
		if e.QueryStringParameters == nil {
			e.QueryStringParameters = map[string]string{}
		}
		e.QueryStringParameters[name] = strings.Join(values, ",")
	}
	if isText(r.Header.Get("Content-Type")) && utf8.Valid(body) {
		e.Body = string(body)
	} else if len(body) > 0 {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// encode returns the event as JSON. "<", ">" and "&" stay as they are, so
// that a body is no larger in the event than on the wire.
func (e event) encode() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		panic(fmt.Sprintf("an event is always encodable: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// isText reports whether a body of this type goes into the event as it is.
// The list is what a real HTTP API does: everything else, form posts and a
// missing type included, arrives in base64.
func isText(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

// headers lower-cases names, joins repeated values with commas and adds what
// API Gateway adds. Cookies are not among them.
func headers(r *http.Request, bodyBytes int, ip string) map[string]string {
	h := map[string]string{
		"host":              r.Host,
		"content-length":    strconv.Itoa(bodyBytes),
		"x-forwarded-proto": "http",
		"x-forwarded-port":  port(r.Host),
		"x-amzn-trace-id":   "Root=1-00000000-000000000000000000000000",
	}
	for name, values := range r.Header {
		switch name {
		case "Cookie", "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length":
		case "X-Forwarded-Proto", "X-Forwarded-Port": // the caller cannot set them
		default:
			h[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	h["x-forwarded-for"] = strings.TrimPrefix(h["x-forwarded-for"]+", "+ip, ", ")
	return h
}

func cookies(h http.Header) []string {
	var list []string
	for _, line := range h.Values("Cookie") {
		for part := range strings.SplitSeq(line, ";") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
	}
	return list
}

func sourceIP(r *http.Request) string {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return ip
}

func port(host string) string {
	if _, p, err := net.SplitHostPort(host); err == nil {
		return p
	}
	return "80"
}

// newRequestID looks like API Gateway's: 11 random bytes in base64.
func newRequestID() string {
	var b [11]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	return base64.StdEncoding.EncodeToString(b[:])
}

// newInvocationID looks like Lambda's: a random UUID.
func newInvocationID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
