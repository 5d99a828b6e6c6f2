// Package mistakes changes exchanges and the contract on purpose, to see that each
// change is found.
package mistakes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"windfall/local/contract"
)

type object = map[string]any

// A Kind is a mistake that is made at every place where it is possible.
type Kind struct {
	Name          string
	Found, Missed int
	First         string // the first that was missed
}

// Make makes each mistake in the samples, and in the document that they are
// checked against.
func Make(document []byte, samples []contract.Sample) ([]Kind, error) {
	c, err := contract.FromJSON(document)
	if err != nil {
		return nil, err
	}
	var doc object
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, err
	}
	know := factsOf(doc)
	kinds := map[string]*Kind{}
	count := func(name string, s contract.Sample, found error) {
		if kinds[name] == nil {
			kinds[name] = &Kind{Name: name}
		}
		if found != nil {
			kinds[name].Found++
			return
		}
		if kinds[name].Missed++; kinds[name].First == "" {
			kinds[name].First = fmt.Sprintf("%s %s %d %.200s", s.Method, s.URL, s.Status, s.Answer)
		}
	}
	for _, s := range samples {
		for name, wrong := range know.inAnswer(s) {
			for _, w := range wrong {
				count(name, w, Check(c, w))
			}
		}
		for name, wrong := range know.inRequest(c, s) {
			for _, w := range wrong {
				count(name, w, Check(c, w))
			}
		}
	}
	if err := know.inDocument(c, doc, samples, count); err != nil {
		return nil, err
	}
	var out []Kind
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		out = append(out, *kinds[name])
	}
	return out, nil
}

// Check checks a sample.
func Check(c *contract.Contract, s contract.Sample) error { return c.Check(s.Exchange()) }

// inAnswer are the mistakes that a sample's answer can have.
func (know facts) inAnswer(s contract.Sample) map[string][]contract.Sample {
	out := map[string][]contract.Sample{}
	with := func(name string, change func(object)) {
		if v, ok := parse(s.Answer).(object); ok {
			change(v)
			w := s
			w.Answer = text(v)
			out[name] = append(out[name], w)
		}
	}
	with("answer: a field too many", func(v object) { v["surplus"] = 1 })
	if v, ok := parse(s.Answer).(object); ok && s.Status < 300 {
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !know.optional[key] {
				with("answer: a field too few", func(v object) { delete(v, key) })
			}
			if _, isText := v[key].(string); isText {
				with("answer: a number for a text", func(v object) { v[key] = 7 })
			}
			if _, isNumber := v[key].(json.Number); isNumber {
				with("answer: a text for a number", func(v object) { v[key] = "7" })
			}
			if _, isFlag := v[key].(bool); isFlag && !know.nullable[key] {
				with("answer: null for true or false", func(v object) { v[key] = nil })
			}
			if _, isList := v[key].([]any); isList {
				with("answer: an object for a list", func(v object) { v[key] = object{} })
			}
		}
	}
	if s.Status >= http.StatusBadRequest {
		with("error: a code that does not exist", func(v object) { v["code"] = "no_such_code" })
		with("error: no message", func(v object) { delete(v, "message") })
		with("error: another environment", func(v object) { v["env"] = "staging" })
	}
	for name, change := range map[string]func(*contract.Sample){
		"answer: a status that is not documented": func(w *contract.Sample) { w.Status = 418 },
		"answer: no JSON":                         func(w *contract.Sample) { w.Answer = "<html>" },
		"answer: another type of content":         func(w *contract.Sample) { w.Type = "text/html" },
	} {
		w := s
		change(&w)
		out[name] = append(out[name], w)
	}
	return out
}

// inRequest are the mistakes that a request of a sample can have; only of one that
// was accepted are requests checked.
func (know facts) inRequest(c *contract.Contract, s contract.Sample) map[string][]contract.Sample {
	out := map[string][]contract.Sample{}
	if s.Status >= http.StatusBadRequest || strings.HasPrefix(s.URL, "/webhooks/") {
		return out
	}
	joined := "?"
	if strings.Contains(s.URL, "?") {
		joined = "&"
	}
	w := s
	w.URL += joined + "surplus=1"
	out["request: a parameter too many"] = append(out["request: a parameter too many"], w)
	v, ok := parse(s.Body).(object)
	if !ok || s.Method == http.MethodGet || s.Method == http.MethodDelete {
		return out
	}
	with := func(name string, change func(object)) {
		v, _ := parse(s.Body).(object)
		change(v)
		w := s
		w.Body = text(v)
		out[name] = append(out[name], w)
	}
	open := know.open[c.Operation(s.Exchange())]
	if !open {
		with("request: a field too many", func(v object) { v["surplus"] = 1 })
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if notRead[key] || open && key != "customer_id" && key != "feature_id" { // or it may be none of the call's
			continue
		}
		switch v[key].(type) {
		case string:
			with("request: an object for a text", func(v object) { v[key] = object{} })
		case bool:
			with("request: a text for true or false", func(v object) { v[key] = "true" })
		}
	}
	return out
}

// notRead are fields of an answer that may be sent back with any value.
var notRead = map[string]bool{"env": true, "version": true, "created_at": true, "base_variant_id": true, "scenario": true, "properties": true, "open_in_new_tab": true, "dialog": true}

func parse(s string) (v any) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

func text(v any) string {
	out, _ := json.Marshal(v) // it was JSON
	return string(bytes.TrimSpace(out))
}
