package seed

import (
	"encoding/json"

	"windfall/tests/conformance/openapi/oracle"
)

// Sow makes every mistake that a schema can find, in all samples.
func Sow(o *oracle.Oracle, s *Samples) *Result {
	r := newResult()
	others := map[string]any{} // an object of each kind in events
	for _, e := range s.exchanges {
		if event, inside := opened(e); inside != nil {
			others[o.Subject(event["type"].(string))] = inside
		}
	}
	for _, e := range s.exchanges {
		if e.Event != nil {
			r.event(o, e, others)
			continue
		}
		if e.Status < 400 {
			r.request(o, e)
		}
		r.response(o, e)
	}
	return r
}

func (r *Result) response(o *oracle.Oracle, e oracle.Exchange) {
	var body any
	schema := o.Answer(e)
	if schema == nil || json.Unmarshal(e.Body, &body) != nil {
		return
	}
	caught := func() bool {
		again := e
		again.Body = encoded(body)
		return len(o.Response(again)) > 0
	}
	oracle.Walk(schema, body, "", func(n oracle.Node) { r.body("", n, caught) })
}

func (r *Result) event(o *oracle.Oracle, e oracle.Exchange, others map[string]any) {
	event, inside := opened(e)
	if inside == nil {
		return
	}
	caught := func() bool { return len(o.Event(encoded(event))) > 0 }
	kind, _ := event["type"].(string)
	subject := o.Subject(kind)
	for _, other := range names(others) {
		if other != subject {
			data := event["data"].(map[string]any)
			r.try(eventObject, kind, "is about a "+other, func() bool { return with(data, "object", others[other], caught) })
		}
	}
	r.try(eventType, kind, "", func() bool { return with(event, "type", kind+"."+word, caught) })
	oracle.Walk(o.EventSchema(), event, "", func(n oracle.Node) { r.body(inEvent, n, caught) })
	oracle.Walk(o.ObjectSchema(subject), inside, "", func(n oracle.Node) { r.body(inEvent, n, caught) })
}

// opened is an event and the object inside; nil if there is none.
func opened(e oracle.Exchange) (event, inside map[string]any) {
	if e.Event == nil || json.Unmarshal(e.Event, &event) != nil {
		return nil, nil
	}
	data, _ := event["data"].(map[string]any)
	inside, _ = data["object"].(map[string]any)
	return event, inside
}

func encoded(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return text
}
