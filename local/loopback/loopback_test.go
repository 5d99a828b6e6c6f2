package loopback_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"windfall/local/loopback"
)

const base = "http://127.0.0.1:8787"

func ask(method, host string, header ...string) *http.Request {
	r := httptest.NewRequest(method, base+"/", nil)
	r.Host = host
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func TestOnlyThisMachineByItsOwnName(t *testing.T) {
	t.Parallel()
	for host, ours := range map[string]bool{
		"127.0.0.1:8787": true, "localhost:8787": true, "LOCALHOST:8787": true, "[::1]:8787": true, "127.0.0.2:8787": true, "[::ffff:127.0.0.1]:8787": true,
		"": false, "127.0.0.1": false, "127.0.0.1:80": false, "localhost:9999": false, "localhost:": false, "evil.example:8787": false, "evil.example": false,
		"localhost.evil.example:8787": false, "127.0.0.1.evil.example:8787": false, "127.0.0.1.nip.io:8787": false, "0.0.0.0:8787": false, "[::]:8787": false,
		"192.168.1.2:8787": false, "127.1:8787": false, "2130706433:8787": false, "localhost.:8787": false, "a@localhost:8787": false, "[::1]8787": false,
	} {
		got := loopback.Check(ask("GET", host), base, true)
		if (got == nil) != ours || got != nil && (got.Code != "foreign_host" || got.Message == "") {
			t.Errorf("%q: %v", host, got)
		}
	}
	if got := loopback.Check(ask("GET", "localhost"), "http://127.0.0.1", false); got != nil {
		t.Errorf("port 80 need not be said: %v", got)
	}
}

func TestOnlyOurOwnPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method string
		header []string
		page   bool
		ours   bool
	}{
		"a program":                         {"POST", nil, false, true},
		"our page":                          {"POST", []string{"Origin", base, "Sec-Fetch-Site", "same-origin"}, false, true},
		"our page by its other name":        {"POST", []string{"Origin", "http://localhost:8787"}, false, true},
		"our page without a referrer":       {"POST", []string{"Origin", "null", "Sec-Fetch-Site", "same-origin"}, false, true},
		"typed by a person":                 {"GET", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, false, true},
		"another site":                      {"POST", []string{"Origin", "https://evil.example"}, false, false},
		"another port":                      {"POST", []string{"Origin", "http://localhost:3000", "Sec-Fetch-Site", "same-site"}, false, false},
		"no port":                           {"POST", []string{"Origin", "http://localhost"}, false, false},
		"another scheme":                    {"POST", []string{"Origin", "https://127.0.0.1:8787"}, false, false},
		"a path":                            {"POST", []string{"Origin", base + "/x"}, false, false},
		"no origin of its own":              {"POST", []string{"Origin", "null"}, false, false},
		"a sandboxed frame":                 {"POST", []string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}, false, false},
		"two origins":                       {"POST", []string{"Origin", base, "Origin", "https://evil.example"}, false, false},
		"another site without an origin":    {"POST", []string{"Sec-Fetch-Site", "cross-site"}, false, false},
		"an image on another site":          {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, true, false},
		"a script of another site":          {"GET", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"}, true, false},
		"a preflight":                       {"OPTIONS", []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}, false, false},
		"a link to a page":                  {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, true, true},
		"a link to what is no page":         {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, false, false},
		"a page in a frame of another site": {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, true, false},
		"a form of another site":            {"POST", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, true, false},
		"the browser's contradictions":      {"POST", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "same-origin"}, true, false},
	} {
		got := loopback.Check(ask(c.method, "127.0.0.1:8787", c.header...), base, c.page)
		if (got == nil) != c.ours || got != nil && (got.Code != "foreign_origin" || got.Message == "") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatSaysThatItIsJSON(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "Application/JSON": true, "application/x-amz-json-1.0": true,
		"": false, "text/plain": false, "application/x-www-form-urlencoded": false, "text/plain; application/json": false, "application/jsonp": false,
	} {
		r := ask("POST", "127.0.0.1:8787", "Content-Type", kind)
		if got := loopback.IsJSON(r); got != want {
			t.Errorf("%q: %v", kind, got)
		}
	}
}
