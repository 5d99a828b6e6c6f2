package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/dashboard/ui"
	"windfall/shared/order"
)

// maxForm bounds a form, in bytes: what a person types, or a part of a file.
const maxForm = 1 << 20

func (r *Request) readForm() error {
	r.Form = url.Values{}
	if r.Method != http.MethodPost {
		return nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	err := r.ParseForm()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Refuse(http.StatusRequestEntityTooLarge, "This form has more than %d KB. Nothing was done.", maxForm>>10)
	}
	if err != nil {
		return Refuse(http.StatusBadRequest, "This form cannot be read.")
	}
	r.Form = r.PostForm
	return nil
}

// mostAgain bounds what a page shows again of what was typed, in bytes as they are in its HTML: a form takes a file, a
// page does not.
const mostAgain = 30_000

// typed are the fields of a form as they were sent, without those of the frame.
func typed(form url.Values) []ui.Field {
	var all []ui.Field
	for name, values := range form {
		for _, v := range values {
			if !slices.Contains(reserved, name) {
				all = append(all, ui.Field{Name: name, Value: v})
			}
		}
	}
	order.Stable(all, func(a, b *ui.Field) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// reserved are the names of fields that the frame itself adds to forms.
var reserved = []string{"csrf", "opened_in", "request", "preview", "again"}

// tooMuch refuses a form of a command that could not be shown again: its preview carries all of it.
func tooMuch(form url.Values) error {
	size := 0
	for _, f := range typed(form) {
		size += shownSize(f.Name, f.Value)
	}
	if size <= mostAgain {
		return nil
	}
	return Invalid("This form is too long: at most %d bytes are taken. Nothing was done.", mostAgain)
}

func shownSize(name string, values ...string) int {
	size := 0
	for _, v := range values {
		size += len(templ.EscapeString(name)) + len(templ.EscapeString(v))
	}
	return size
}

// fillAgain fills fields as they were typed, as far as a page has room: the short ones first. left tells of the others;
// "" is none.
func fillAgain(fields []ui.Field, form url.Values) (filled []ui.Field, left string) {
	names := []string{}
	for name := range form {
		names = append(names, name)
	}
	order.Stable(names, func(a, b *string) int {
		return cmp.Or(cmp.Compare(shownSize(*a, form[*a]...), shownSize(*b, form[*b]...)), cmp.Compare(*a, *b))
	})
	kept, room, labels := url.Values{}, mostAgain, []string{}
	for _, name := range names {
		if room -= shownSize(name, form[name]...); room >= 0 {
			kept[name] = form[name]
		} else if _, label := ui.Mark(fields, name, ""); label != "" {
			labels = append(labels, label)
		}
	}
	if len(labels) > 0 {
		left = fmt.Sprintf("What was typed is too long to be shown again: %s.", strings.Join(labels, ", "))
	}
	return ui.Fill(fields, func(name string) []string { return kept[name] }), left
}
