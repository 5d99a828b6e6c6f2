// Package seed makes mistakes on purpose in the recording, to check that the
// oracle finds them.
package seed

import (
	"encoding/json"
	"slices"
	"strings"

	"windfall/tests/conformance/openapi/oracle"
)

// Samples are exchanges of the recording that differ in more than their values.
type Samples struct {
	Kinds     map[string]bool // of Stripe's objects
	exchanges []oracle.Exchange
	shapes    map[string]bool
}

// NewSamples returns an empty collection.
func NewSamples() *Samples { return &Samples{Kinds: map[string]bool{}, shapes: map[string]bool{}} }

// Seen is the shape of an exchange.
type Seen struct {
	Where  string // the operation, or the type of the event
	kinds  []string
	shapes []string
}

// Shapes returns the operation and parameters of an exchange, and its objects
// and their fields.
func Shapes(o *oracle.Oracle, e oracle.Exchange) Seen {
	if e.Event != nil {
		return eventShapes(o, e)
	}
	var s Seen
	if op := o.Operation(e); op != nil && e.Status < 400 {
		s.Where = op.Method + " " + op.Path
		if sent, err := o.Params(e); err == nil {
			oracle.Walk(op.Form, sent, "", func(n oracle.Node) { s.note(s.Where+general(n.Path), n) })
		}
	}
	var body any
	if schema := o.Answer(e); schema != nil && json.Unmarshal(e.Body, &body) == nil {
		oracle.Walk(schema, body, "", func(n oracle.Node) {
			s.note("answer "+kindOf(n)+general(n.Within), n)
			if n.Kind != "" && n.Within == "" {
				s.kinds = append(s.kinds, n.Kind)
			}
		})
	}
	return s
}

func eventShapes(o *oracle.Oracle, e oracle.Exchange) Seen {
	var s Seen
	var event struct {
		Type string
		Data struct{ Object map[string]any }
	}
	if json.Unmarshal(e.Event, &event) != nil {
		return s
	}
	s.Where = event.Type
	s.shapes = append(s.shapes, "event "+event.Type)
	kind, _ := event.Data.Object["object"].(string)
	if schema := o.ObjectSchema(kind); schema != nil {
		oracle.Walk(schema, event.Data.Object, "", func(n oracle.Node) { s.note("event "+kindOf(n)+general(n.Within), n) })
	}
	return s
}

func (s *Seen) note(where string, n oracle.Node) {
	var names []string
	for name, v := range n.Value {
		if v != nil && !n.Open() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	s.shapes = append(s.shapes, where+" "+strings.Join(names, ","))
}

// Keep keeps an exchange with a new shape.
func (s *Samples) Keep(e oracle.Exchange, seen Seen) {
	fresh := false
	for _, shape := range seen.shapes {
		fresh = fresh || !s.shapes[shape]
		s.shapes[shape] = true
	}
	for _, kind := range seen.kinds {
		s.Kinds[kind] = true
	}
	if fresh {
		s.exchanges = append(s.exchanges, e)
	}
}

// kindOf also names errors, which have no name of their own.
func kindOf(n oracle.Node) string {
	if n.Kind == "" {
		return "error"
	}
	return n.Kind
}

// general is a path without the positions in lists.
func general(path string) string { return oracle.Finding{Field: path}.Like().Field }
