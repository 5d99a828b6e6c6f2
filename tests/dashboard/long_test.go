package dashboard_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// hostile is longer than a page may be, and grows when it is escaped.
var hostile = strings.Repeat(`"<`, 30_000)

// Whatever is typed into any field of any form, the answer is small, and says why.
func TestDASH17LongFieldsAreRefusedBriefly(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	dashboard.Fill(w)
	tried := 0
	for _, listed := range append(dashboard.Pages(t, "."), dashboard.Listed{Path: "/dashboard/login"}) {
		page := b.Try(listed.Path)
		for _, f := range page.Forms() {
			for _, name := range f.Names() {
				if slices.Contains([]string{"csrf", "opened_in", "request", "preview", "back", "env"}, name) || f.Action == "/dashboard/sign-out" || f.Action == "/dashboard/clock" {
					continue
				}
				was := f.Values[name]
				f.Values.Set(name, hostile)
				p := f.Post() // the browser holds each page to its size
				if f.Values[name] = was; was == nil {
					delete(f.Values, name)
				}
				if tried++; p.Status >= http.StatusInternalServerError {
					t.Errorf("%s, %s of %s: %d", listed.Path, name, f.Action, p.Status)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d fields were tried", tried)
	}
}

// A form that is beyond what is read is refused with a sentence.
func TestDASH17TheLargestForm(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	f := b.Get("/dashboard/customers/import").Form("Import customers")
	f.Fill("Rows", strings.Repeat("x", 1<<20)).Press("Preview").Refused(http.StatusRequestEntityTooLarge, "This form has more than 1024 KB. Nothing was done.")
}

// A file that is refused tells of its first findings and how many there are. What was typed comes back where a page has room.
func TestDASH17ARefusedImport(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	upload := func(text string) *dashboard.Page {
		return b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", text).Press("Preview")
	}
	p := upload("name,email\na,b,c\nd,e\nf,g,h,i\n").Refused(http.StatusUnprocessableEntity, "Row 1 has 3 columns, of 2. Row 3 has 4 columns, of 2.")
	if got := p.Form("Import customers").Value("Rows"); !strings.Contains(got, "f,g,h,i") {
		t.Errorf("what was typed is gone: %q", got)
	}
	var file strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&file, "\"\"\"%s\"\"\",b@example.com,c%d,d,e\n", strings.Repeat("<", 20), i)
	}
	p = upload(file.String()).Refused(http.StatusUnprocessableEntity, "Row 10 has 5 columns, of 4. There are 4990 more. What was typed is too long to be shown again: Rows.")
	if got := p.Form("Import customers").Value("Rows"); got != "" {
		t.Errorf("%d bytes come back", len(got))
	}
	upload("id,"+strings.Repeat("colour", 1000)+"\na,b\n").Refused(http.StatusUnprocessableEntity, "There is no column “colour")
}

// A command whose preview would have to carry more than a page holds is refused before it.
func TestDASH17ALongCommand(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/customers", world.JSON{"id": "ada", "name": "Ada"})
	f := b.Get("/dashboard/customers/ada/enable").Form("Enable product")
	f.Values.Set("extra", hostile)
	f.Press("Preview").Refused(http.StatusUnprocessableEntity, "This form is too long: at most 30000 bytes are taken. Nothing was done.")
}
