package ui

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// A Kind says what a field looks like.
type Kind int

const (
	Text       Kind = iota
	Email           // one address
	Decimal         // a number, typed as text: exact, and its mistakes are ours to explain
	Password        // never filled in again
	Date            // yyyy-mm-dd
	Moment          // yyyy-mm-ddThh:mm, UTC
	Long            // several lines
	Select          // one of Options, by their names
	Radios          // one of Options, in a fieldset with the label as its name
	Checkbox        // on or off: "on" or nothing is sent
	Checkboxes      // several of Options, in a fieldset
	Group           // a fieldset of Fields
	Textbox         // shown only, to be copied: a link, a new key
	Upload          // a file, read by the script
	Hidden          // sent along
)

// A Field is one field of a form. Its label is its accessible name, exactly.
type Field struct {
	Kind         Kind
	Name, Label  string
	Value        string
	Values       []string // that are chosen, of Checkboxes
	Hint         string
	Error        string // why what was typed is not taken
	Options      []Option
	Fields       []Field // of a Group
	Autocomplete string
	Into         string // of an Upload: the field that the script reads the file into

	// When says for which choices the field applies: "type=percentage_discount", several values apart by
	// "|", several conditions by spaces. The script hides it for others; without one it is ignored when blank.
	When string
}

// An Option is one choice of a field.
type Option struct{ Value, Text, Hint string }

// ID is where the field is on its page.
func (f Field) ID() string { return "field-" + f.Name }

func (f Field) on(value string) bool { return slices.Contains(f.Values, value) }

// described refers to the hint and the error of a field.
func (f Field) described() templ.Attributes {
	a, by := templ.Attributes{}, []string{}
	if f.Hint != "" {
		by = append(by, f.ID()+"-hint")
	}
	if f.Error != "" {
		by = append(by, f.ID()+"-error")
		a["aria-invalid"] = "true"
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
	return a
}

func (f Field) inputType() string {
	switch f.Kind {
	case Email:
		return "email"
	case Password:
		return "password"
	case Date:
		return "date"
	case Moment:
		return "datetime-local"
	case Upload:
		return "file"
	default:
		return "text"
	}
}

func (f Field) attributes() templ.Attributes {
	a := f.described()
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	if f.Into != "" {
		a["data-into"] = f.Into
	}
	if f.Kind == Decimal {
		a["inputmode"] = "decimal"
	}
	return a
}

// applies is the condition of the field, for the script.
func (f Field) applies() templ.Attributes {
	if f.When == "" {
		return nil
	}
	return templ.Attributes{"data-when": f.When}
}

// A Form is a form that is posted. Its name is its heading.
type Form struct {
	Heading string // an h2; "" names it by the page's h1
	Action  string // "" is the page itself
	Search  bool   // sent by GET: it only reads
	Live    string // of a search: "#results" is replaced while one types; "" is not
	Again   bool   // the script sends it again by itself, as long as pages have it: work in batches
	Fields  []Field
	Hidden  []Field         // sent along: Name and Value
	Button  string          // what it does
	Danger  bool            // it cannot be taken back
	Reads   bool            // it changes nothing: viewers have its button, too
	More    []Button        // further buttons
	Note    string          // above the fields
	Body    templ.Component // above the fields: a table with fields of its own
}

// attributes are what the script does with a form.
func (f Form) attributes() templ.Attributes {
	a := templ.Attributes{}
	if f.Again {
		a["data-continue"] = ""
	}
	if f.Live != "" {
		a["hx-get"], a["hx-trigger"], a["hx-target"], a["hx-select"] = f.Action, "input changed delay:300ms", f.Live, f.Live
		a["hx-select-oob"] = "#actions,#paging" // what leads on is for what was found
		a["hx-swap"], a["hx-push-url"], a["hx-sync"] = "outerHTML", "true", "this:replace"
	}
	return a
}

// A Button sends its form with a value of its own. One named "again" shows the form again, as typed.
type Button struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	Name, Value, Text string
	Action            string // where it sends the form, if not where the form goes
}

// Fill returns the fields with what was typed. values returns all values of a name.
func Fill(fields []Field, values func(name string) []string) []Field {
	out := slices.Clone(fields)
	for i, f := range out {
		if f.Kind == Group {
			out[i].Fields = Fill(f.Fields, values)
			continue
		}
		if sent := values(f.Name); len(sent) > 0 && f.Kind != Password && f.Kind != Textbox {
			out[i].Value, out[i].Values = sent[0], sent
		} else if f.Kind == Checkbox || f.Kind == Checkboxes {
			out[i].Value, out[i].Values = "", nil
		}
	}
	return out
}

// Mark returns the fields with an error on one of them, and its label: "Item 2: Price" within a group.
func Mark(fields []Field, name, why string) (marked []Field, label string) {
	marked = slices.Clone(fields)
	for i, f := range marked {
		if f.Name == name && f.Kind != Group {
			marked[i].Error = why
			return marked, f.Label
		}
		if inner, found := Mark(f.Fields, name, why); found != "" {
			marked[i].Fields = inner
			return marked, f.Label + ": " + found
		}
	}
	return marked, ""
}
