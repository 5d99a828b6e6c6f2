package expression

import (
	"strconv"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

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
