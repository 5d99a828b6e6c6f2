package form

import (
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strconv"
)

// Error is a parameter that Stripe would refuse.
type Error struct{ Message, Param, Code string }

func (e *Error) Error() string { return e.Message }

// Decode checks values against the schema and returns them typed.
func Decode(s *Schema, values url.Values) (*Params, error) {
	root, err := parse(values)
	if err != nil {
		return nil, err
	}
	return s.decode(root, "")
}

func (s *Schema) decode(n *node, path string) (*Params, error) {
	p := &Params{path: path, values: map[string]any{}}
	names := make([]string, 0, len(n.children))
	for name := range n.children {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		at := join(path, name)
		f := s.fields[name]
		if f == nil {
			return nil, &Error{Message: "Received unknown parameter: " + at, Param: at, Code: "parameter_unknown"}
		}
		v, err := f.decode(n.children[name], at)
		if err != nil {
			return nil, err
		}
		p.values[name] = v
	}
	for _, name := range s.names {
		if _, given := p.values[name]; s.fields[name].required && !given {
			at := join(path, name)
			return nil, &Error{Message: "Missing required param: " + at + ".", Param: at, Code: "parameter_missing"}
		}
	}
	return p, nil
}

// cleared is the value of a parameter that was sent empty.
type cleared struct{}

func (f *field) decode(n *node, at string) (any, error) {
	if f.kind == 'r' {
		return timeRange(n, at)
	}
	if n.children != nil && f.kind != 'o' && f.kind != 'a' && f.kind != 'm' {
		return nil, &Error{Message: fmt.Sprintf("Invalid %s: must be a single value", at), Param: at}
	}
	if n.children == nil && n.value == "" {
		if f.required {
			return nil, emptied(at)
		}
		return cleared{}, nil
	}
	switch f.kind {
	case 'o':
		if n.children == nil {
			return nil, &Error{Message: "Invalid object", Param: at}
		}
		return f.object.decode(n, at)
	case 'a':
		return f.array(n, at)
	case 'm':
		return textMap(n, at)
	}
	return f.scalar(n.value, at)
}

var rangeSchema = Compile("gt:t gte:t lt:t lte:t")

// timeRange is created=123 or created[gte]=123; the former is stored as "eq".
func timeRange(n *node, at string) (any, error) {
	if n.children != nil {
		return rangeSchema.decode(n, at)
	}
	v, err := (&field{kind: 't'}).scalar(n.value, at)
	if err != nil {
		return nil, err
	}
	return &Params{path: at, values: map[string]any{"eq": v}}, nil
}

func emptied(at string) error {
	return &Error{
		Message: fmt.Sprintf("You passed an empty string for '%s'. We assume empty values are an attempt to unset a parameter; however '%s' cannot be unset. You should remove '%s' from your request or supply a non-empty value.", at, at, at),
		Param:   at, Code: "parameter_invalid_empty",
	}
}

func (f *field) array(n *node, at string) (any, error) {
	children, names, ok := n.ordered()
	if !ok || n.children == nil {
		return nil, &Error{Message: "Invalid array", Param: at}
	}
	out := make([]any, len(children))
	for i, c := range children {
		v, err := f.element.decode(c, at+"["+names[i]+"]")
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func textMap(n *node, at string) (any, error) {
	if n.children == nil {
		return nil, &Error{Message: "Invalid object", Param: at}
	}
	out := map[string]string{}
	for k, c := range n.children {
		if c.children != nil {
			return nil, &Error{Message: fmt.Sprintf("Metadata values must be strings, but for key `%s` you passed in a value of type object", k), Param: at + "[" + k + "]"}
		}
		out[k] = c.value
	}
	return out, nil
}

var decimalForm = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

func (f *field) scalar(v, at string) (any, error) {
	switch f.kind {
	case 'i', 't', 'n':
		if f.kind == 'n' && v == "now" {
			return v, nil
		}
		i, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, &Error{Message: "Invalid integer: " + v, Param: at, Code: "parameter_invalid_integer"}
		}
		return i, nil
	case 'b':
		switch v {
		case "true", "1":
			return true, nil
		case "false", "0":
			return false, nil
		}
		return nil, &Error{Message: "Invalid boolean: " + v, Param: at}
	case 'd':
		if !decimalForm.MatchString(v) {
			return nil, &Error{Message: "Invalid decimal: " + v, Param: at}
		}
	case 'e':
		for _, c := range f.enum {
			if c == v {
				return v, nil
			}
		}
		return nil, &Error{Message: fmt.Sprintf("Invalid %s: must be one of %s", at, choices(f.enum)), Param: at}
	}
	return v, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "[" + name + "]"
}
