package dashboard

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A Form is a form of a page, with what it would send.
type Form struct {
	*Page
	Node   *html.Node
	Values url.Values
	Action string
}

// Form finds a form by its name: its heading, or the page's.
func (p *Page) Form(name string) *Form {
	p.Helper()
	for _, n := range all(p.Root, tag("form")) {
		if p.nameOf(n) == name {
			return p.form(n)
		}
	}
	p.Fatalf("%s: there is no form %q:\n%s", p.Path, name, p.Words())
	return nil
}

// FormOf finds the form of a button.
func (p *Page) FormOf(button string) *Form {
	p.Helper()
	for _, n := range all(p.Root, tag("button")) {
		if text(n) == button {
			for f := n.Parent; f != nil; f = f.Parent {
				if f.Data == "form" {
					return p.form(f)
				}
			}
		}
	}
	p.Fatalf("%s: there is no button %q:\n%s", p.Path, button, p.Words())
	return nil
}

// Press presses a button of the page, in whichever form it is.
func (p *Page) Press(button string) *Page {
	p.Helper()
	return p.FormOf(button).Press(button)
}

func (p *Page) form(n *html.Node) *Form {
	f := &Form{Page: p, Node: n, Values: url.Values{}, Action: attr(n, "action")}
	if f.Action == "" {
		f.Action = p.Path
	}
	for _, c := range f.controls() {
		name, kind := attr(c, "name"), attr(c, "type")
		switch {
		case name == "" || has(c, "disabled") || c.Data == "button":
		case c.Data == "select":
			options := all(c, tag("option"))
			chosen := slices.IndexFunc(options, func(o *html.Node) bool { return has(o, "selected") })
			if len(options) > 0 {
				f.Values.Add(name, attr(options[max(chosen, 0)], "value"))
			}
		case c.Data == "textarea":
			f.Values.Add(name, text(c))
		case (kind == "checkbox" || kind == "radio") && !has(c, "checked"):
		default:
			f.Values.Add(name, attr(c, "value"))
		}
	}
	return f
}

// Forms are all forms of the page that are posted.
func (p *Page) Forms() (forms []*Form) {
	p.Helper()
	for _, n := range all(p.Root, tag("form")) {
		if strings.EqualFold(attr(n, "method"), http.MethodPost) {
			forms = append(forms, p.form(n))
		}
	}
	return forms
}

// Names are those of the form's fields, each once.
func (f *Form) Names() (names []string) {
	for _, c := range f.controls() {
		if name := attr(c, "name"); name != "" && c.Data != "button" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Buttons are the texts of the form's buttons that can be pressed.
func (f *Form) Buttons() (texts []string) {
	for _, c := range f.controls() {
		if c.Data == "button" && !has(c, "disabled") {
			texts = append(texts, text(c))
		}
	}
	return texts
}

func (f *Form) controls() []*html.Node {
	return all(f.Node, func(n *html.Node) bool {
		return slices.Contains([]string{"input", "select", "textarea", "button"}, n.Data)
	})
}

// control finds a field by its label; within a group, "Group: Label".
func (f *Form) control(label string) *html.Node {
	f.Helper()
	group, inner, grouped := strings.Cut(label, ": ")
	for _, c := range f.controls() {
		name := f.labelOf(c)
		if name != "" && (name == label || grouped && name == inner && f.groupOf(c) == group) {
			return c
		}
	}
	f.Fatalf("%s: the form has no field %q:\n%s", f.Path, label, text(f.Node))
	return nil
}

func (f *Form) groupOf(n *html.Node) string {
	for ; n != nil && n != f.Node; n = n.Parent {
		if n.Data == "fieldset" {
			return f.nameOf(n)
		}
	}
	return ""
}

// Fill types into a field.
func (f *Form) Fill(label, value string) *Form {
	f.Helper()
	f.Values.Set(attr(f.control(label), "name"), value)
	return f
}

// Choose chooses an option by its text: of a select by its label, or of radios and checkboxes by their fieldset.
func (f *Form) Choose(label, option string) *Form {
	f.Helper()
	for _, set := range all(f.Node, tag("fieldset")) {
		if f.nameOf(set) != label {
			continue
		}
		for _, c := range all(set, tag("input")) {
			if f.labelOf(c) == option {
				if attr(c, "type") == "radio" {
					f.Values.Set(attr(c, "name"), attr(c, "value"))
				} else if !slices.Contains(f.Values[attr(c, "name")], attr(c, "value")) {
					f.Values.Add(attr(c, "name"), attr(c, "value"))
				}
				return f
			}
		}
		f.Fatalf("%s: %q has no choice %q: %s", f.Path, label, option, text(set))
	}
	c := f.control(label)
	for _, o := range all(c, tag("option")) {
		if text(o) == option {
			f.Values.Set(attr(c, "name"), attr(o, "value"))
			return f
		}
	}
	f.Fatalf("%s: %q has no option %q: %s", f.Path, label, option, text(c))
	return f
}

// Options are the texts of a select's options.
func (f *Form) Options(label string) (texts []string) {
	f.Helper()
	for _, o := range all(f.control(label), tag("option")) {
		texts = append(texts, text(o))
	}
	return texts
}

// Check switches a checkbox on.
func (f *Form) Check(label string) *Form {
	f.Helper()
	c := f.control(label)
	f.Values.Add(attr(c, "name"), attr(c, "value"))
	return f
}

// Uncheck switches a checkbox off.
func (f *Form) Uncheck(label string) *Form {
	f.Helper()
	c := f.control(label)
	values := f.Values[attr(c, "name")]
	f.Values[attr(c, "name")] = slices.DeleteFunc(values, func(v string) bool { return v == attr(c, "value") })
	return f
}

// Value is what a field would send.
func (f *Form) Value(label string) string {
	f.Helper()
	for _, set := range all(f.Node, tag("fieldset")) {
		if f.nameOf(set) == label {
			return f.Values.Get(attr(first(set, tag("input")), "name"))
		}
	}
	c := f.control(label)
	if attr(c, "name") == "" {
		return attr(c, "value")
	}
	return f.Values.Get(attr(c, "name"))
}

// Post sends the form without a button, as a program would.
func (f *Form) Post() *Page {
	f.Helper()
	return f.send(http.MethodPost, f.Action, f.Values)
}

// Press sends the form by one of its buttons.
func (f *Form) Press(button string) *Page {
	f.Helper()
	for _, b := range all(f.Node, tag("button")) {
		if text(b) != button {
			continue
		}
		if has(b, "disabled") {
			f.Fatalf("%s: the button %q is disabled", f.Path, button)
		}
		values := url.Values{}
		for name, v := range f.Values {
			values[name] = slices.Clone(v)
		}
		if name := attr(b, "name"); name != "" {
			values.Add(name, attr(b, "value"))
		}
		if strings.EqualFold(attr(f.Node, "method"), http.MethodPost) {
			return f.send(http.MethodPost, cmp.Or(attr(b, "formaction"), f.Action), values)
		}
		path, _, _ := strings.Cut(f.Action, "?")
		return f.send(http.MethodGet, path+"?"+values.Encode(), nil)
	}
	f.Fatalf("%s: the form has no button %q: %s", f.Path, button, text(f.Node))
	return nil
}
