package dashboard

// Textbox is what a box shows that is to be copied, by its label: a new key, a link.
func (p *Page) Textbox(label string) string {
	p.Helper()
	for _, n := range all(p.Root, tag("input")) {
		if p.nameOf(n) == label {
			return attr(n, "value")
		}
	}
	p.Fatalf("%s: there is no textbox %q", p.Path, label)
	return ""
}
