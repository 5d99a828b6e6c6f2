package api

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// find returns the path and method that a request is for, nil if the function has
// none, and tells the request the values of its names. A path that is not clean,
// such as //v1/check or /v1/check/, is none. A path as it is written goes before
// one with names.
//
// http.ServeMux can do this and far more, which is 40 KB of every Lambda.
func (f *Function) find(r *http.Request) *spelled {
	if path.Clean(r.URL.Path) != r.URL.Path {
		return nil
	}
	if s := f.table[r.Method+" "+r.URL.EscapedPath()]; s != nil {
		return s
	}
	sent := strings.Split(r.URL.EscapedPath(), "/")
	for _, pattern := range f.routes {
		method, form, _ := strings.Cut(pattern, " ")
		if method != r.Method {
			continue
		}
		if values, fits := fit(strings.Split(form, "/"), sent); fits {
			for name, value := range values {
				r.SetPathValue(name, value)
			}
			return f.table[pattern]
		}
	}
	return f.table["$default"]
}

// fit compares the parts of a path with those of a pattern: {name} takes any one
// part.
func fit(form, sent []string) (values map[string]string, fits bool) {
	if len(form) != len(sent) {
		return nil, false
	}
	for i, part := range form {
		value, err := url.PathUnescape(sent[i])
		name, named := strings.CutPrefix(part, "{")
		switch {
		case err != nil || !named && value != part || named && value == "":
			return nil, false
		case named:
			if values == nil {
				values = map[string]string{}
			}
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values, true
}
