package seed

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"windfall/tests/conformance/openapi/oracle"
)

// request makes mistakes in the parameters of a request that Stripe accepts.
func (r *Result) request(o *oracle.Oracle, e oracle.Exchange) {
	op := o.Operation(e)
	sent, err := o.Params(e)
	if err != nil || op == nil {
		return
	}
	subject := op.Method + " " + op.Path
	caught := func() bool {
		again := e
		again.Query, again.Form = "", ""
		if text := encode(sent); e.Method == http.MethodGet {
			again.Query = text
		} else {
			again.Form = text
		}
		return len(o.Request(again)) > 0
	}
	if sent == nil {
		sent = map[string]any{}
	}
	if caught() {
		r.Missed = append(r.Missed, subject+" is wrong before a mistake is made: "+encode(sent))
		return
	}
	oracle.Walk(op.Form, sent, "", func(n oracle.Node) {
		switch {
		case n.Path != "" && n.Open():
		case len(n.Schemas) != 1:
			r.unclear("parameter " + subject + general(n.Path))
		default:
			r.params(subject, n, caught)
		}
	})
}

func (r *Result) params(subject string, n oracle.Node, caught func() bool) {
	for _, name := range names(n.Value) {
		ref := n.Schemas[0].Properties[name]
		if ref == nil {
			continue
		}
		place, f := general(n.Path)+"/"+name, describe(ref)
		switch v := f.misread(); {
		case v == nil:
		case f.enum && !f.may(openapi3.TypeInteger, openapi3.TypeNumber, openapi3.TypeBoolean, openapi3.TypeObject, openapi3.TypeArray):
			r.try(paramEnum, subject, place, func() bool { return with(n.Value, name, v, caught) })
		default:
			r.try(paramType, subject, place, func() bool { return with(n.Value, name, v, caught) })
		}
		// Without its only field an object can't be encoded in a form at all.
		if slices.Contains(n.Schemas[0].Required, name) && (n.Path == "" || len(n.Value) > 1) {
			r.try(paramNeeded, subject, place, func() bool { return without(n.Value, name, caught) })
		}
	}
	r.try(paramNew, subject, general(n.Path), func() bool { return with(n.Value, word, word, caught) })
}

// misread is a value that a form can encode and the parameter can't have. In a
// form everything is text, so if any text is allowed only a nested value is
// wrong.
func (f field) misread() any {
	switch {
	case len(f.types) == 0:
		return nil
	case !f.may(openapi3.TypeString) || f.enum:
		return word
	case !f.may(openapi3.TypeObject, openapi3.TypeArray):
		return map[string]any{word: word}
	}
	return nil
}

// encode encodes parameters as a form.
func encode(params map[string]any) string {
	var pairs []string
	var say func(key string, v any)
	say = func(key string, v any) {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			for _, name := range names(v) {
				say(key+"["+name+"]", v[name])
			}
		case []any:
			for i, item := range v {
				say(fmt.Sprintf("%s[%d]", key, i), item)
			}
		case float64:
			pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(strconv.FormatFloat(v, 'f', -1, 64))) // a form has no exponents
		default:
			pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(fmt.Sprint(v)))
		}
	}
	for _, name := range names(params) {
		say(name, params[name])
	}
	return strings.Join(pairs, "&")
}
