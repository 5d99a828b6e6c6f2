package wiring

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"windfall/local/template"
)

// sample has the fields that events/*.json share with real events.
type sample struct {
	Version, RouteKey, RawPath, Body string
	Source, Time                     string
	IsBase64Encoded                  bool
	Records                          []struct{ EventSource, EventSourceARN string }
	Headers                          map[string]string
	PathParameters                   map[string]string
	RequestContext                   struct {
		RouteKey  string
		TimeEpoch int64
		HTTP      struct{ Method, Path, SourceIP string }
	}
}

func TestEveryFunctionHasASampleEvent(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		name := "events/" + f.Folder + ".json"
		text, err := os.ReadFile(p.path("events", f.Folder+".json"))
		if err != nil {
			t.Errorf("%s is missing: copy events/attach.json and change route, path and body (`make invoke F=%s` runs it)", name, f.Folder)
			continue
		}
		var s sample
		if err := json.Unmarshal(text, &s); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.Schedule != "" {
			if s.Source != "aws.scheduler" || s.Time == "" {
				t.Errorf("%s must be an event of EventBridge Scheduler: source aws.scheduler and a time", name)
			}
			continue
		}
		if f.Stream != "" {
			if len(s.Records) == 0 || s.Records[0].EventSource != "aws:dynamodb" || s.Records[0].EventSourceARN == "" {
				t.Errorf("%s must be a batch of a DynamoDB stream: Records with eventSource aws:dynamodb", name)
			}
			continue
		}
		checkRequest(t, name, f, s)
	}
	files, err := filepath.Glob(p.path("events", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if folder := strings.TrimSuffix(filepath.Base(file), ".json"); !slices.Contains(p.folders, folder) {
			t.Errorf("events/%s.json is for no function: remove it, or add functions/%s", folder, folder)
		}
	}
}

func checkRequest(t *testing.T, name string, f template.Function, s sample) {
	t.Helper()
	r := f.Routes[slices.IndexFunc(f.Routes, func(r template.Route) bool { return true })]
	at := slices.IndexFunc(f.Routes, func(r template.Route) bool { return r.String() == s.RouteKey })
	if at < 0 {
		t.Errorf("%s has the routeKey %q, which is no route of %s; one is %q", name, s.RouteKey, f.LogicalID, r)
		return
	}
	r = f.Routes[at]
	if s.Version != "2.0" || s.RequestContext.RouteKey != s.RouteKey || s.RequestContext.HTTP.Path != s.RawPath {
		t.Errorf("%s contradicts itself: version, routeKey or path differ between its parts", name)
	}
	if s.RequestContext.TimeEpoch <= 0 {
		t.Errorf("%s needs requestContext.timeEpoch: functions take the time from it", name)
	}
	if s.Headers["content-length"] != strconv.Itoa(len(s.Body)) {
		t.Errorf("%s: content-length is %s for a body of %d bytes", name, s.Headers["content-length"], len(s.Body))
	}
	if r == template.DefaultRoute {
		return
	}
	path := r.Path
	for param, value := range s.PathParameters {
		path = strings.ReplaceAll(path, "{"+param+"}", value)
	}
	if r.Method != "ANY" && s.RequestContext.HTTP.Method != r.Method || s.RawPath != path {
		t.Errorf("%s sends %s %s, which does not fit its route %q", name, s.RequestContext.HTTP.Method, s.RawPath, r)
	}
}
