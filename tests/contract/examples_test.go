package contract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"windfall/local/contract"
	"windfall/local/stack"
	"windfall/tests/contract/mistakes"
	. "windfall/tests/world"
)

// A step is a call of examples.yaml.
type step struct {
	ID      string            `yaml:"id"`
	Path    string            `yaml:"path"`
	Body    any               `yaml:"body"`
	Keep    map[string]string `yaml:"keep"`
	Answer  any               `yaml:"answer"`  // of a call that is not made
	Version string            `yaml:"version"` // x-api-version
}

// An example is the first call of an operation, and its answer.
type example struct {
	Operation string          `json:"operation"`
	Request   json.RawMessage `json:"request,omitempty"`
	Answer    json.RawMessage `json:"answer"`
}

// Every operation has an example that was played, and answers now what it answered
// then. UPDATE=1 records them.
func TestExamplesAnswerWhatTheySay(t *testing.T) {
	t.Parallel()
	var steps []step
	text, err := os.ReadFile(filepath.Join(root, "openapi", "examples.yaml"))
	if err == nil {
		err = yaml.Unmarshal(text, &steps)
	}
	if err != nil {
		t.Fatal(err)
	}
	methods, missing := map[string]string{}, map[string]bool{}
	for pattern, op := range operations(document(t)) {
		id := op["operationId"].(string)
		methods[id], _, _ = strings.Cut(pattern, " ")
		missing[id] = true
	}
	c, err := contract.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	watch := &contract.Watch{Contract: c, Keep: true, Found: func(err error) { t.Error(err) }}
	w, kept, names := With(t, stack.Options{Watch: watch}), []string{}, &standIns{known: map[string]string{}}
	var played []example
	for _, s := range steps {
		e := play(w, s, methods, &kept)
		if s.ID != "" && missing[s.ID] {
			delete(missing, s.ID)
			played = append(played, example{s.ID, names.replace(e.Request), names.replace(e.Answer)})
		}
	}
	for id := range missing {
		t.Errorf("examples.yaml has no call of %s", id)
	}
	var now bytes.Buffer
	out := json.NewEncoder(&now)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(played); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "openapi", "answers.json")
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(file, now.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(then, now.Bytes()) {
		t.Errorf("openapi/answers.json is not what the examples answer: %s. Run UPDATE=1 go test ./tests/contract -run Examples, and make docs.", firstOther(then, now.Bytes()))
	}
	w.Do(w.Stack.Key, "GET", "/v1/customers/nobody", nil)
	findMistakes(t, watch.Record().Samples)
}

// firstOther is the first line that differs, as it was and is.
func firstOther(then, now []byte) string {
	was, is := strings.Split(string(then), "\n"), strings.Split(string(now), "\n")
	for i, line := range was {
		if i >= len(is) || is[i] != line {
			return fmt.Sprintf("line %d, %s, is %s", i+1, line, strings.Join(is[min(i, len(is)):min(i+1, len(is))], ""))
		}
	}
	return "more examples"
}

// findMistakes makes mistakes in the examples: each must be found.
func findMistakes(t *testing.T, samples []contract.Sample) {
	t.Helper()
	text, err := json.Marshal(document(t))
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := mistakes.Make(text, samples)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		if k.Missed > 0 || k.Found == 0 {
			t.Errorf("%s: %d found, %d missed, as in %s", k.Name, k.Found, k.Missed, k.First)
		}
	}
	if len(kinds) < 18 {
		t.Errorf("%d kinds of mistakes: some are not made", len(kinds))
	}
}

// play makes a call. kept has pairs of {name} and its text.
func play(w *World, s step, methods map[string]string, kept *[]string) example {
	w.Helper()
	said := strings.NewReplacer(*kept...)
	var body []byte
	if s.Body != nil {
		text, err := json.Marshal(s.Body)
		if err != nil {
			w.Fatal(err)
		}
		body = []byte(said.Replace(string(text)))
	}
	if s.Answer != nil {
		text, _ := json.Marshal(s.Answer) // it was YAML
		return example{Request: body, Answer: text}
	}
	method := methods[s.ID]
	if s.ID == "" {
		method = "POST"
	}
	var sent any
	if body != nil {
		sent = string(body)
	}
	a := w.Do(w.Stack.Key, method, said.Replace(s.Path), sent, func(r *http.Request) {
		if s.Version != "" {
			r.Header.Set("X-Api-Version", s.Version)
		}
	})
	if a.Status/100 != 2 {
		w.Fatalf("%s %s: %d %s", method, s.Path, a.Status, a.Text)
	}
	w.WaitIdle()
	for name, at := range s.Keep {
		*kept = append(*kept, "{"+name+"}", fmt.Sprint(ValueAt(a.Body, at)))
	}
	return example{Request: body, Answer: []byte(a.Text)}
}

// random matches texts that are others in each run: ids, codes of referrals and
// cursors.
var random = regexp.MustCompile(`01[0-9A-HJKMNP-TV-Z]{24}|[a-z]+_(?:test_)?[0-9A-Za-z]{12,}|"(?:code|referral_code_id)":"[0-9A-Z]{6}"|"next_cursor":"[^"]+"`)

// standIns replace random texts by others that are the same in each run.
type standIns struct{ known map[string]string }

func (s *standIns) replace(text json.RawMessage) json.RawMessage {
	if text == nil {
		return nil
	}
	return random.ReplaceAllFunc(text, func(found []byte) []byte {
		key, was, named := strings.Cut(string(found), ":")
		if !named {
			kind, _, prefixed := strings.Cut(string(found), "_")
			if !prefixed || strings.ToLower(kind) != kind || len(kind) > 5 {
				kind = ""
			}
			return []byte(s.of(kind, string(found)))
		}
		return []byte(key + `:"` + s.of("", strings.Trim(was, `"`)) + `"`)
	})
}

// of stands in for a text; kind is what its id begins with, such as cus, "" for none.
func (s *standIns) of(kind, was string) string {
	switch n := len(s.known) + 1; {
	case s.known[was] != "" || !strings.ContainsAny(was, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"): // or it is a name
	case kind != "":
		s.known[was] = fmt.Sprintf("%s_%d", kind, n)
	case strings.HasPrefix(was, "01") && len(was) == 26:
		s.known[was] = fmt.Sprintf("01JQ%022d", n)
	default:
		s.known[was] = fmt.Sprintf("ADA%03d", n)
	}
	return cmp.Or(s.known[was], was)
}
