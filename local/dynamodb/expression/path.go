package expression

import (
	"strconv"
	"strings"

	"windfall/local/dynamodb/attribute"
)

// Path leads to an attribute or to a value inside of it: a.b[2].c
type Path []step

// step goes to a field of a map, or to an element of a list when name is "".
type step struct {
	name  string
	index int
}

// String writes the path without placeholders.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

// Attribute is the name of the first step: an attribute of the item.
func (p Path) Attribute() string { return p[0].name }

// in finds the value at the path.
func (p Path) in(it attribute.Item) (attribute.Value, bool) {
	v, found := it.Get(p[0].name)
	for _, s := range p[1:] {
		if !found {
			return attribute.Value{}, false
		}
		v, found = inside(v, s)
	}
	return v, found
}

// inside finds one step further.
func inside(v attribute.Value, s step) (attribute.Value, bool) {
	switch {
	case s.name != "" && v.Kind == attribute.Map:
		return v.Fields.Get(s.name)
	case s.name == "" && v.Kind == attribute.List && s.index < len(v.Elements):
		return v.Elements[s.index], true
	}
	return attribute.Value{}, false
}

// reachable tells whether all but the last step of the path exist.
func (p Path) reachable(it attribute.Item) bool {
	if len(p) == 1 {
		return true
	}
	parent, found := p[:len(p)-1].in(it)
	last := p[len(p)-1]
	return found && (last.name != "" && parent.Kind == attribute.Map || last.name == "" && parent.Kind == attribute.List)
}
