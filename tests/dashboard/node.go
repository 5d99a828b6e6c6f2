package dashboard

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

func tag(name string) func(*html.Node) bool { return func(n *html.Node) bool { return n.Data == name } }

func byRole(role string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, "role") == role }
}

// all are the elements below one that fit, in the order of the page.
func all(root *html.Node, is func(*html.Node) bool) (found []*html.Node) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			found = append(found, n)
		}
	}
	return found
}

func first(root *html.Node, is func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// blocks are elements whose text stands apart from that around them.
var blocks = []string{"p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "dt", "dd", "section", "form", "fieldset", "legend", "label", "button", "caption", "option", "summary"}

// text is what an element says, with single spaces.
func text(n *html.Node) string {
	var out strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
		block := n.Type == html.ElementNode && slices.Contains(blocks, n.Data)
		if block {
			out.WriteString(" ")
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if block {
			out.WriteString(" ")
		}
	}
	walk(n)
	return strings.Join(strings.Fields(out.String()), " ")
}

// nameOf is the accessible name of an element.
func (p *Page) nameOf(n *html.Node) string {
	if by := attr(n, "aria-labelledby"); by != "" {
		var names []string
		for id := range strings.FieldsSeq(by) {
			if named := p.byID(id); named != nil {
				names = append(names, text(named))
			}
		}
		return strings.Join(names, " ")
	}
	if label := attr(n, "aria-label"); label != "" {
		return label
	}
	child := map[string]string{"table": "caption", "fieldset": "legend"}[n.Data]
	switch {
	case child != "":
		if c := first(n, tag(child)); c != nil {
			return text(c)
		}
		return ""
	case n.Data == "input" || n.Data == "select" || n.Data == "textarea":
		return p.labelOf(n)
	case n.Data == "section" || n.Data == "form" || n.Data == "nav":
		return ""
	}
	return text(n)
}

func (p *Page) labelOf(n *html.Node) string {
	id := attr(n, "id")
	l := first(p.Root, func(l *html.Node) bool { return l.Data == "label" && attr(l, "for") == id && id != "" })
	if l == nil {
		return ""
	}
	return text(l)
}

func (p *Page) byID(id string) *html.Node {
	return first(p.Root, func(n *html.Node) bool { return attr(n, "id") == id })
}
