package expression

import (
	"slices"
	"strconv"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// Path leads to an attribute, or to something inside of one: a.b[2].c
type Path []step

// step goes to a field of a map, or to an element of a list when name is "".
type step struct {
	name  string
	index int
}

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

// Attribute is the name of the attribute that the path begins with.
func (p Path) Attribute() string { return p[0].name }

// in finds what the path leads to.
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

func inside(v attribute.Value, s step) (attribute.Value, bool) {
	switch {
	case s.name != "" && v.Kind == attribute.Map:
		return v.Fields.Get(s.name)
	case s.name == "" && v.Kind == attribute.List && s.index < len(v.Elements):
		return v.Elements[s.index], true
	}
	return attribute.Value{}, false
}

// clash tells how two paths cannot stand together in one update or projection:
// "overlap" when one lies inside the other (or both are the same), "conflict"
// when they take the same place for a map and for a list, "" when all is well.
func clash(a, b Path) string {
	for i := range min(len(a), len(b)) {
		if (a[i].name == "") != (b[i].name == "") {
			return "conflict"
		}
		if a[i] != b[i] {
			return ""
		}
	}
	return "overlap"
}

// checkPaths refuses paths that clash with each other.
func checkPaths(expression string, paths []Path) error {
	for i, a := range paths {
		for _, b := range paths[i+1:] {
			if how := clash(a, b); how != "" {
				return protocol.Invalid("Invalid %s: Two document paths %s with each other; must remove or rewrite one of these paths; path one: [%s], path two: [%s]",
					expression, how, a, b)
			}
		}
	}
	return nil
}

// path reads a document path.
func (p *parser) path() Path {
	read := Path{{name: p.attributeName()}}
	for p.err == nil {
		switch p.token.kind {
		case ".":
			p.advance()
			read = append(read, step{name: p.attributeName()})
		case "[":
			p.advance()
			index, err := strconv.Atoi(p.token.text)
			if p.token.kind != tokenNumber || err != nil {
				p.syntaxError()
			}
			p.advance()
			p.take("]")
			read = append(read, step{index: index})
		default:
			if len(read) > attribute.MaxNesting {
				p.fail("The document path has too many nesting elements; nesting levels: %d", len(read))
			}
			p.paths = append(p.paths, read)
			return read
		}
	}
	return read
}

// attributeName reads one name of a path: a word that is not reserved, or a
// placeholder.
func (p *parser) attributeName() string {
	t := p.token
	switch t.kind {
	case tokenWord:
		if isReserved(t.text) {
			p.fail("Attribute name is a reserved keyword; reserved keyword: %s", t.text)
		}
		p.advance()
		return t.text
	case tokenName:
		name, found := p.placeholders.name(t.text)
		if !found {
			p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", t.text)
		}
		p.advance()
		return name
	}
	p.syntaxError()
	return ""
}

func isReserved(word string) bool {
	_, found := slices.BinarySearch(reserved, strings.ToUpper(word))
	return found
}
