package customers

import (
	"context"
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

func (p pages) importing() []web.Route {
	upload := web.FormPage{
		Path: "/dashboard/customers/import",
		Show: func(context.Context, *web.Request) (web.View, error) {
			return web.View{Page: ui.Page{Title: "Import customers", Nav: "Customers", Back: toList}, Form: ui.Form{Button: "Preview", Fields: []ui.Field{
				{Kind: ui.Upload, Name: "file", Label: "CSV file", Into: "rows", Hint: "It is read by your browser. Without JavaScript paste its text below."},
				{Kind: ui.Long, Name: "rows", Label: "Rows", Hint: "The columns name, email, id, fingerprint; a first line may name them in another order. At most 5,000 rows. Who is there already is not changed, but what is unknown of them is filled in."},
			}}}, nil
		},
		Save: p.upload,
	}
	return append(upload.Routes(),
		web.Route{Pattern: "GET /dashboard/customers/import/{import}", Serve: p.importPage},
		web.Route{Pattern: "POST /dashboard/customers/import/{import}", Access: web.Editing, Serve: p.importStep})
}

func importPath(id string, more ...string) string {
	return ui.With(ui.Path("customers", "import", id), more...)
}

// upload keeps the rows of a file, to be looked at first.
func (p pages) upload(ctx context.Context, r *web.Request) (web.Answer, error) {
	rows, left, err := readRows(r.Form.Get("rows"))
	if err != nil {
		return web.Answer{}, web.On("rows", err)
	}
	in, err := p.app.BeginImport(ctx, r.Caller(), rows)
	if err != nil {
		return web.Answer{}, err
	}
	said := ui.Count(len(rows), "row") + " were read. Nothing is imported yet."
	if len(rows) == 1 {
		said = "1 row was read. Nothing is imported yet."
	}
	if len(left) > 0 {
		said += " These columns are not imported: " + strings.Join(left, ", ") + "."
	}
	return web.Done(importPath(in.ID), said), nil
}

// importPage shows what each row will do, or how far the import is.
func (p pages) importPage(ctx context.Context, r *web.Request) (web.Answer, error) {
	from := max(0, atoi(r.Query("from"))) / app.ImportPage * app.ImportPage
	in, looks, found, err := p.app.LookAtImport(ctx, r.Caller(), r.Param("import"), from)
	if err != nil {
		return web.Answer{}, err
	}
	if !found {
		return web.Answer{}, web.NotFound(ui.Link{Text: "Back to import", Href: root() + "/import"}, "There is no such import any more: one is kept for a day.")
	}
	page := ui.Page{Title: "Import customers", Nav: "Customers", Back: toList}
	if in.Done > 0 {
		page.Body = ui.All(progress(in), proceed(in, r.Query("go") != ""), refusedTable(in))
		return web.Show(page), nil
	}
	if len(looks) > 0 && from > 0 {
		page.Paging.Previous = importPath(in.ID, "from", fmt.Sprint(from-app.ImportPage))
	}
	if from+app.ImportPage < in.Rows {
		page.Paging.Next = importPath(in.ID, "from", fmt.Sprint(from+app.ImportPage))
	}
	page.Body = ui.All(ui.P(planned(in)), proceed(in, false), ui.TablePart(lookTable(looks, from)))
	return web.Show(page), nil
}

// planned says what the rows of a whole file come to. Who is there already is one of the customers: what is unknown of them is filled in.
func planned(in app.Import) string {
	parts := []string{ui.Count(in.Rows, "row") + "."}
	if in.Faulty+in.Repeated > 0 {
		parts[0] = ui.Count(in.Rows, "row") + ", of " + ui.Count(in.Rows-in.Faulty-in.Repeated, "customer") + "."
	}
	for _, p := range []struct {
		n         int
		one, more string
	}{{in.Faulty, "is refused", "are refused"}, {in.Repeated, "is about the customer of a row above", "are about customers of rows above"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 row "+p.one+".")
		case p.n > 1:
			parts = append(parts, ui.Count(p.n, "row")+" "+p.more+".")
		}
	}
	return strings.Join(append(parts, "Nothing is imported yet."), " ")
}

func lookTable(looks []app.ImportLook, from int) ui.Table {
	t := ui.Table{Caption: "What each row will do", Columns: []ui.Column{{Name: "Row", Number: true}, {Name: "Name"}, {Name: "E-mail"}, {Name: "ID"}, {Name: "What will happen"}}}
	for i, look := range looks {
		happens := templ.Component(ui.Status("New customer", ui.Good))
		switch {
		case look.Err != nil:
			happens = ui.All(ui.Status("Refused", ui.Bad), ui.T(" "+web.Words(look.Err)))
		case look.Known != nil && len(look.Fills) > 0:
			happens = ui.All(ui.A("Known", pathOf(*look.Known)), ui.T(": gets "+strings.Join(look.Fills, ", ")))
		case look.Known != nil:
			happens = ui.All(ui.A("Known", pathOf(*look.Known)), ui.T(": nothing changes"))
		case look.Same > 0 && len(look.Fills) > 0:
			happens = ui.T(fmt.Sprintf("The customer of row %d: gets %s", look.Same, strings.Join(look.Fills, ", ")))
		case look.Same > 0:
			happens = ui.T(fmt.Sprintf("The customer of row %d: nothing changes", look.Same))
		}
		if look.Err == nil && look.Case > 0 {
			happens = ui.All(happens, ui.T(fmt.Sprintf(". Row %d has this ID in another case: they are two customers", look.Case)))
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(fmt.Sprint(from + i + 1)), ui.T(short(look.Name)), ui.T(short(look.Email)), ui.T(short(look.ID)), happens})
	}
	return t
}

// short keeps the page small, whatever a file holds.
func short(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}

// proceed is the button that works on the next rows. The script presses it again by itself once
// it was pressed.
func proceed(in app.Import, running bool) templ.Component {
	if in.Done >= in.Rows {
		return ui.A("Show the customers", root())
	}
	n := in.Rows - in.Faulty - in.Repeated
	button := "Import " + ui.Count(n, "customer")
	switch {
	case in.Done > 0:
		button = "Continue"
	case n == 0:
		return ui.Hint("There is nothing to import.")
	}
	return ui.Editors(ui.FormPart(ui.Form{Action: importPath(in.ID), Button: button, Again: running}))
}

func progress(in app.Import) templ.Component {
	are := "are"
	if in.Rows == 1 {
		are = "is"
	}
	done := fmt.Sprintf("%d of %s %s done: %d new, %d known, %d refused.", in.Done, ui.Count(in.Rows, "row"), are, in.New, in.Known, in.Refused)
	return ui.All(ui.P(done), progressBar(fmt.Sprint(in.Done), fmt.Sprint(in.Rows)))
}

func refusedTable(in app.Import) templ.Component {
	if in.Refused == 0 {
		return nil
	}
	t := ui.Table{Caption: "Refused rows", Shown: true, Columns: []ui.Column{{Name: "Row", Number: true}, {Name: "Why"}}}
	for _, why := range in.Why {
		t.Rows = append(t.Rows, []templ.Component{ui.T(fmt.Sprint(why.Row)), ui.T(short(why.Why))})
	}
	if more := in.Refused - len(in.Why); more > 0 {
		return ui.All(ui.TablePart(t), ui.Hint(ui.More(more)))
	}
	return ui.TablePart(t)
}

func (p pages) importStep(ctx context.Context, r *web.Request) (web.Answer, error) {
	in, found, err := p.app.StepImport(ctx, r.Caller(), r.Param("import"), web.Words)
	if err != nil {
		return web.Answer{}, err
	}
	if !found {
		return web.Answer{}, web.NotFound(ui.Link{Text: "Back to import", Href: root() + "/import"}, "There is no such import any more: one is kept for a day.")
	}
	if in.Done < in.Rows {
		return web.Go(importPath(in.ID, "go", "on")), nil
	}
	return web.Done(importPath(in.ID), finished(in)), nil
}

func finished(in app.Import) string {
	return fmt.Sprintf("Imported: %d new, %d known, %d refused.", in.New, in.Known, in.Refused)
}
