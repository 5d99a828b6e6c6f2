package dashboard

import "golang.org/x/net/html"

// Shown is the value of a field that is there to be copied, found by its label.
func (p *Page) Shown(label string) string {
	p.Helper()
	for _, l := range all(p.Root, tag("label")) {
		if text(l) != label {
			continue
		}
		if field := first(p.Root, func(n *html.Node) bool { return attr(n, "id") == attr(l, "for") && attr(l, "for") != "" }); field != nil {
			return attr(field, "value")
		}
	}
	p.Fatalf("%s: there is no textbox %q:\n%s", p.Path, label, p.Words())
	return ""
}
