package security

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// lenient routes ignore unknown fields, as SDKs send extras.
var lenient = map[string]bool{
	"POST /v1/check": true, "POST /v1/entitled": true, "POST /v1/track": true, "POST /v1/events": true,
	"POST /v1/events/list": true, "POST /v1/events/aggregate": true, "POST /v1/query": true,
	"POST /v1/balances.check": true, "POST /v1/balances.track": true,
}

// onlyReads reports whether a call of the second dialect changes nothing.
func onlyReads(route string) bool {
	return strings.HasSuffix(route, ".get") || strings.HasSuffix(route, ".list") || strings.HasSuffix(route, ".aggregate") || strings.HasSuffix(route, ".preview_update")
}

// A bad request is one way to make a call wrong.
type bad struct {
	what   string
	method string
	path   string
	body   string
	change []func(*http.Request)
}

// badBodies are the kinds of bodies that every route refuses.
var badBodies = []struct {
	kind string
	of   func(c call) []string
}{
	{"no JSON", fixed("hello")},
	{"half a body", func(c call) []string { return []string{encode(c.body)[:len(encode(c.body))-1]} }},
	{"an array", fixed("[]")},
	{"null", fixed("null")},
	{"a text", fixed(`"text"`)},
	{"a number", fixed("1")},
	{"two values", func(c call) []string { return []string{encode(c.body) + encode(c.body), encode(c.body) + "x"} }},
	{"a byte order mark", func(c call) []string { return []string{"\ufeff" + encode(c.body)} }},
	{"UTF-16", func(c call) []string { return []string{"{\x00\"\x00a\x00\"\x00:\x001\x00}\x00"} }},
	{"NaN", func(c call) []string { return each(c.body, "NaN") }},
	{"a trailing comma", func(c call) []string { return []string{strings.TrimSuffix(encode(c.body), "}") + ",}"} }},
	{"a comment", func(c call) []string { return []string{encode(c.body) + " // hi"} }},
	{"single quotes", fixed("{'customer_id':'c'}")},
	{"a key twice", twice},
	{"a deep key twice", func(c call) []string { return []string{with(c.body, `"extra":{"a":1,"a":2}`)} }},
	{"a key in capitals", capitals},
	{"an unknown field", func(c call) []string {
		if lenient[c.route] {
			return nil
		}
		return []string{with(c.body, `"no_such_field":1`), with(c.body, `"__proto__":{"admin":true}`)}
	}},
	{"deep nesting", func(c call) []string {
		return []string{with(c.body, `"extra":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000))}
	}},
	{"more than 256 KB", func(c call) []string { return []string{with(c.body, `"extra":"`+strings.Repeat("x", 260<<10)+`"`)} }},
	{"a control character in a text", func(c call) []string { return eachText(c.body, "\"a\x01b\"") }},
	{"a lone surrogate", func(c call) []string { return eachText(c.body, `"\ud800"`) }},
	{"a lone surrogate at the end", func(c call) []string { return eachText(c.body, `"a\udfff"`) }},
	{"bytes that are no UTF-8", func(c call) []string { return eachText(c.body, "\"a\xff\xfeb\"") }},
	{"an object for a value", func(c call) []string { return each(c.body, `{"a":[{}]}`) }},
	{"a list of lists for a value", func(c call) []string { return each(c.body, `[[1]]`) }},
	{"a number for a text", func(c call) []string { return eachText(c.body, `12`) }},
	{"true for a text", func(c call) []string { return eachText(c.body, `true`) }},
	{"a text of 100 KB", func(c call) []string { return eachText(c.body, `"`+strings.Repeat("y", 100<<10)+`"`) }},
	{"a text for a number", func(c call) []string { return eachNumber(c.body, `"three"`) }},
	{"a number of 400 digits", func(c call) []string { return eachNumber(c.body, strings.Repeat("9", 400)) }},
	{"a number of 1e400", func(c call) []string { return eachNumber(c.body, "1e400") }},
	{"40 decimals", func(c call) []string { return eachNumber(c.body, "0."+strings.Repeat("3", 40)) }},
}

// badHeads are the kinds of requests that are wrong apart from their body.
var badHeads = []struct {
	kind string
	of   func(c call) []bad
}{
	{"another content type", func(c call) []bad {
		if c.body == nil {
			return nil
		}
		var out []bad
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""} {
			out = append(out, bad{kind, c.method(), c.path, encode(c.body), []func(*http.Request){func(r *http.Request) { r.Header.Set("Content-Type", kind) }}})
		}
		return out
	}},
	{"an Idempotency-Key of 1,000 characters", func(c call) []bad {
		if c.body == nil || lenient[c.route] && c.route != "POST /v1/track" && c.route != "POST /v1/events" && c.route != "POST /v1/balances.track" || onlyReads(c.route) || c.route == "POST /v1/attach/preview" || c.route == "POST /v1/rewards/explain" {
			return nil
		}
		return []bad{{"long", c.method(), c.path, encode(c.body), []func(*http.Request){IdempotencyKey(strings.Repeat("k", 1000))}}}
	}},
	{"a body of a DELETE", func(c call) []bad {
		if c.method() != "DELETE" {
			return nil
		}
		return []bad{{"in the body", c.method(), c.path, `{"delete_in_stripe":true,"cancel":true}`, nil}}
	}},
	{"another method", func(c call) []bad {
		var out []bad
		for _, method := range []string{"TRACE", "HEAD", "COPY"} {
			out = append(out, bad{method, method, c.path, "", nil})
		}
		return out
	}},
	{"a dirty path", func(c call) []bad {
		path, query, _ := strings.Cut(c.path, "?")
		var out []bad
		for _, dirty := range []string{"/" + path, path + "/", "/x/.." + path, "/." + path, path + "/.", path + "//", strings.ToUpper(path), path + "%00", path + "/%2e%2e/x"} {
			out = append(out, bad{dirty, c.method(), dirty + "?" + query, encode(c.body), nil})
		}
		return out
	}},
	{"an id that is none", func(c call) []bad {
		parts := strings.Split(strings.SplitN(c.route, " ", 2)[1], "/")
		at := slices.IndexFunc(parts, func(p string) bool { return strings.HasPrefix(p, "{") })
		if at < 0 {
			return nil
		}
		var out []bad
		for _, id := range []string{"nobody", "%20", "%3F", "%2F", "%5C", "%2e%2e", "%2e", "%00", "%0A", "%FF", "%ed%a0%80", "%25", "%2525", "a%3Fb", "%E2%80%AE", strings.Repeat("z", 300), strings.Repeat("z", 3000), "%23", "*", "sandbox%23CATALOG"} {
			path, query, _ := strings.Cut(c.path, "?")
			named := strings.Split(path, "/")
			named[at] = id
			out = append(out, bad{id, c.method(), strings.Join(named, "/") + "?" + query, encode(c.body), nil})
		}
		return out
	}},
}

// Every bad request is refused in the API's error format, and writes nothing but
// the count of unknown codes.
func TestBadInputIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	table, butGuesses, objects := w.Stack.Tables(), w.TablesButGuesses(), w.Stack.Objects()
	restore := w.Snapshot()
	requests, kinds := 0, 0
	try := func(c call, kind string, b bad) {
		requests++
		a := w.Do(w.Stack.Key, b.method, b.path, nonEmpty(b.body), b.change...)
		w.WaitIdle()
		short := fmt.Sprintf("%s %s with %s (%.60s)", b.method, b.path, kind, b.what)
		if a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d %.300s", short, a.Status, a.Text)
		} else if b.method != "HEAD" && (a.Body["code"] == nil || a.Body["message"] == nil || a.Body["env"] == nil) {
			t.Errorf("%s: a refusal has code, message and env: %.300s", short, a.Text)
		}
		for _, go1 := range []string{"json:", "unmarshal", "invalid character", "looking for", "Go value", "strconv", "panic"} {
			if strings.Contains(a.Text, go1) {
				t.Errorf("%s is answered in Go's words: %.300s", short, a.Text)
			}
		}
		if w.TablesButGuesses() != butGuesses || w.Stack.Objects() != objects {
			t.Errorf("%s (%d) wrote", short, a.Status)
		}
		if w.Stack.Tables() != table || w.Stack.Objects() != objects {
			restore() // a count, too: beyond its limit every code would be answered alike
		}
	}
	for _, k := range badBodies {
		kinds++
		for _, c := range named {
			if c.body == nil {
				continue
			}
			for i, body := range k.of(c) {
				try(c, k.kind, bad{fmt.Sprint(i, " ", body), c.method(), c.path, body, nil})
			}
		}
	}
	for _, k := range badHeads {
		kinds++
		for _, c := range named {
			for _, b := range k.of(c) {
				try(c, k.kind, b)
			}
		}
	}
	t.Logf("%d routes x %d kinds of bad input: %d requests", len(routesOf(named)), kinds, requests)
}

func routesOf(calls []call) map[string]bool {
	out := map[string]bool{}
	for _, c := range calls {
		out[c.route] = true
	}
	return out
}

func nonEmpty(body string) any {
	if body == "" {
		return nil
	}
	return body
}

func fixed(bodies ...string) func(call) []string { return func(call) []string { return bodies } }

func encode(body JSON) string {
	if body == nil {
		return ""
	}
	text, _ := json.Marshal(body) // plain maps always encode
	return string(text)
}

// with adds raw text to an object.
func with(body JSON, raw string) string {
	text := strings.TrimSuffix(encode(body), "}")
	if text != "{" {
		text += ","
	}
	return text + raw + "}"
}

func twice(c call) []string {
	var out []string
	for k, v := range c.body {
		value, _ := json.Marshal(v)
		out = append(out, with(c.body, fmt.Sprintf("%q:%s", k, value)))
	}
	return out
}

// capitals adds to each key the same key in capitals with another value: a
// reader that ignores case would take it.
func capitals(c call) []string {
	if lenient[c.route] {
		return nil // an extra, which is ignored
	}
	var out []string
	for k := range c.body {
		out = append(out, with(c.body, fmt.Sprintf("%q:%q", strings.ToUpper(k), "other")))
	}
	return out
}

// each returns the body once for every value in it, with raw text in its place.
func each(body JSON, raw string) []string { return replace(body, raw, func(any) bool { return true }) }

func eachText(body JSON, raw string) []string {
	return replace(body, raw, func(v any) bool { _, is := v.(string); return is })
}

func eachNumber(body JSON, raw string) []string {
	return replace(body, raw, func(v any) bool { _, is := v.(float64); return is })
}

// replace returns the body once for every scalar that matches, with raw text in
// its place. Metadata is skipped: its values may be anything.
func replace(body JSON, raw string, fits func(any) bool) []string {
	var out []string
	const mark = `"\u0001mark"`
	var root any
	_ = json.Unmarshal([]byte(encode(body)), &root)
	var walk func(v any, set func(any))
	walk = func(v any, set func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				if k != "metadata" {
					walk(v[k], func(x any) { v[k] = x })
				}
			}
		case []any:
			for i := range v {
				walk(v[i], func(x any) { v[i] = x })
			}
		default:
			if !fits(v) {
				return
			}
			set("\u0001mark")
			text, _ := json.Marshal(root)
			out = append(out, string(bytes.Replace(text, []byte(mark), []byte(raw), 1)))
			set(v)
		}
	}
	walk(root, func(any) {})
	return out
}
