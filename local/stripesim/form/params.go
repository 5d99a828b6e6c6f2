package form

import "sort"

// Params are the parameters of one request, or of one object inside it.
type Params struct {
	path   string
	values map[string]any
}

// Path is the full name of a parameter, for error messages.
func (p *Params) Path(name string) string { return join(p.path, name) }

// Names are the parameters given, in alphabetical order.
func (p *Params) Names() []string {
	out := make([]string, 0, len(p.values))
	for name := range p.values {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// Has tells whether a parameter was given, also when it was sent empty.
func (p *Params) Has(name string) bool {
	_, ok := p.values[name]
	return ok
}

// Any tells whether at least one of the parameters was given.
func (p *Params) Any(names ...string) bool {
	for _, n := range names {
		if p.Has(n) {
			return true
		}
	}
	return false
}

// Cleared tells whether a parameter was sent empty, which unsets it.
func (p *Params) Cleared(name string) bool {
	_, ok := p.values[name].(cleared)
	return ok
}

// Given tells whether a parameter has a value.
func (p *Params) Given(name string) bool { return p.Has(name) && !p.Cleared(name) }

// Str is "" when the parameter is absent or empty.
func (p *Params) Str(name string) string {
	s, _ := p.values[name].(string)
	return s
}

// StrOr is the parameter or, when it has no value, the default.
func (p *Params) StrOr(name, standard string) string {
	if p.Given(name) {
		return p.Str(name)
	}
	return standard
}

// Int is 0 when the parameter is absent or empty.
func (p *Params) Int(name string) int64 {
	i, _ := p.values[name].(int64)
	return i
}

// IntPtr is nil when the parameter has no value.
func (p *Params) IntPtr(name string) *int64 {
	if i, ok := p.values[name].(int64); ok {
		return &i
	}
	return nil
}

// Bool is false when the parameter is absent.
func (p *Params) Bool(name string) bool {
	b, _ := p.values[name].(bool)
	return b
}

// BoolOr is the parameter or the default.
func (p *Params) BoolOr(name string, standard bool) bool {
	if b, ok := p.values[name].(bool); ok {
		return b
	}
	return standard
}

// Now tells whether a time was given as "now".
func (p *Params) Now(name string) bool { return p.Str(name) == "now" }

// Map is a map of strings; an empty value means that its key is to be removed.
func (p *Params) Map(name string) map[string]string {
	m, _ := p.values[name].(map[string]string)
	return m
}

// Sub is an object parameter; an absent one has no parameters.
func (p *Params) Sub(name string) *Params {
	if s, ok := p.values[name].(*Params); ok {
		return s
	}
	return &Params{path: p.Path(name), values: map[string]any{}}
}

// List is an array of objects.
func (p *Params) List(name string) []*Params {
	items, _ := p.values[name].([]any)
	out := make([]*Params, 0, len(items))
	for _, it := range items {
		if s, ok := it.(*Params); ok {
			out = append(out, s)
		}
	}
	return out
}

// Strings is an array of strings.
func (p *Params) Strings(name string) []string {
	items, _ := p.values[name].([]any)
	out := make([]string, 0, len(items))
	for _, it := range items {
		if s, ok := it.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// InRange tells whether a time lies in a range parameter; an absent one holds
// every time.
func (p *Params) InRange(name string, at int64) bool {
	r := p.Sub(name)
	outside := r.Has("eq") && at != r.Int("eq") ||
		r.Has("gt") && at <= r.Int("gt") || r.Has("gte") && at < r.Int("gte") ||
		r.Has("lt") && at >= r.Int("lt") || r.Has("lte") && at > r.Int("lte")
	return !outside
}

// Rename are the parameters that start with a prefix, under their names
// without it; names says which.
func (p *Params) Rename(prefix string, names ...string) *Params {
	out := &Params{path: p.path, values: map[string]any{}}
	for _, n := range names {
		if v, ok := p.values[prefix+n]; ok {
			out.values[n] = v
		}
	}
	return out
}
