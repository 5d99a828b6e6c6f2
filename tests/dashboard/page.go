package dashboard

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Said checks what role status says.
func (p *Page) Said(want string) *Page {
	p.Helper()
	if got := p.textOf(byRole("status")); got != want {
		p.Fatalf("%s: the status is %q, want %q; the alert %q", p.Path, got, want, p.Alert())
	}
	return p
}

// Alert is what role alert says, "" without one.
func (p *Page) Alert() string { return p.textOf(byRole("alert")) }

// Refused checks the status of an answer and what its alert says.
func (p *Page) Refused(status int, want string) *Page {
	p.Helper()
	if got := p.Alert(); p.Status != status || !strings.Contains(got, want) {
		p.Fatalf("%s: %d %q, want %d %q", p.Path, p.Status, got, status, want)
	}
	return p
}

// H1 is the heading of the page.
func (p *Page) H1() string { return p.textOf(tag("h1")) }

// Titled checks the heading of the page.
func (p *Page) Titled(want string) *Page {
	p.Helper()
	if got := p.H1(); got != want {
		p.Fatalf("%s: the h1 is %q, want %q", p.Path, got, want)
	}
	return p
}

// Words are all that the page's main says.
func (p *Page) Words() string { return p.textOf(tag("main")) }

// Banner is what the banner says.
func (p *Page) Banner() string { return p.textOf(tag("header")) }

// Says checks that main says all of these.
func (p *Page) Says(wants ...string) *Page {
	p.Helper()
	all := p.Words()
	for _, want := range wants {
		if !strings.Contains(all, want) {
			p.Errorf("%s: it does not say %q:\n%s", p.Path, want, all)
		}
	}
	return p
}

// SaysNot checks that main says none of these.
func (p *Page) SaysNot(wants ...string) *Page {
	p.Helper()
	all := p.Words()
	for _, want := range wants {
		if strings.Contains(all, want) {
			p.Errorf("%s: it says %q:\n%s", p.Path, want, all)
		}
	}
	return p
}

// Href is where a link leads, found by its name; "" for none. The first one counts.
func (p *Page) Href(name string) string {
	for _, a := range all(p.Root, tag("a")) {
		if p.nameOf(a) == name {
			return attr(a, "href")
		}
	}
	return ""
}

// Click follows a link.
func (p *Page) Click(name string) *Page {
	p.Helper()
	href := p.Href(name)
	if href == "" {
		p.Fatalf("%s: there is no link %q:\n%s", p.Path, name, p.Words())
	}
	return p.Get(href)
}

// Region is the text of a section, by its name.
func (p *Page) Region(name string) string {
	p.Helper()
	for _, n := range all(p.Root, tag("section")) {
		if p.nameOf(n) == name {
			return text(n)
		}
	}
	p.Fatalf("%s: there is no region %q:\n%s", p.Path, name, p.Words())
	return ""
}

// Has reports whether there is an element of a tag with an accessible name: Has("button", "Sign out").
func (p *Page) Has(element, name string) bool {
	return slices.ContainsFunc(all(p.Root, tag(element)), func(n *html.Node) bool { return p.nameOf(n) == name })
}

// Table is a table by its caption: the texts of its cells, the headings first.
func (p *Page) Table(caption string) [][]string {
	p.Helper()
	for _, t := range all(p.Root, tag("table")) {
		if p.nameOf(t) != caption {
			continue
		}
		var rows [][]string
		for _, tr := range all(t, tag("tr")) {
			var row []string
			for _, cell := range all(tr, func(n *html.Node) bool { return n.Data == "th" || n.Data == "td" }) {
				row = append(row, text(cell))
			}
			rows = append(rows, row)
		}
		return rows
	}
	p.Fatalf("%s: there is no table %q:\n%s", p.Path, caption, p.Words())
	return nil
}

// Row is the row of a table whose first cell is this, by the names of its columns.
func (p *Page) Row(caption, first string) map[string]string {
	p.Helper()
	rows := p.Table(caption)
	for _, row := range rows[1:] {
		if row[0] == first {
			named := map[string]string{}
			for i, cell := range row {
				named[rows[0][i]] = cell
			}
			return named
		}
	}
	p.Fatalf("%s: table %q has no row %q: %q", p.Path, caption, first, rows)
	return nil
}

func (p *Page) textOf(is func(*html.Node) bool) string {
	if n := first(p.Root, is); n != nil {
		return text(n)
	}
	return ""
}
