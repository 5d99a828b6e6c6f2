package dashboard_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// download reads a file of CSV, and where the next part is.
func download(b *dashboard.Browser, path string) (rows [][]string, next string) {
	b.Helper()
	a := b.Raw(http.MethodGet, path, nil)
	if a.Code != http.StatusOK || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/csv") {
		b.Fatalf("%s: %d %s", path, a.Code, a.Body)
	}
	rows, err := csv.NewReader(a.Body).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	return rows, a.Header().Get("X-Next")
}

// An export takes every match, and nothing in it is computed by a spreadsheet.
func TestDASH44Export(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	for i, name := range []string{"=1+2", "+4", "-x", "@y", "＝1＋2", "＋4", "－x", "＠y", "Grace, \"Hopper\"", "<b>"} {
		w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", i), "name": name, "email": fmt.Sprint("c", i, "@example.com")})
		w.Advance("1s")
	}
	w.CustomerWithCard("c9", "pro")
	p := b.Get("/dashboard/customers").Click("Export CSV").Titled("Export customers").Says("All customers are exported")
	rows, next := download(b, p.Href("Download"))
	if next != "" || len(rows) != 11 || strings.Join(rows[0], ",") != "name,email,id,fingerprint,products,created,stripe_id" {
		t.Fatalf("%q, next %q", rows, next)
	}
	if got := rows[1]; got[0] != "<b>" || got[2] != "c9" || got[4] != "pro" || got[5] != "2027-04-01T00:00:09Z" || got[6] != w.StripeID("c9") {
		t.Errorf("the newest: %q", got)
	}
	for i, want := range []string{"'=1+2", "'+4", "'-x", "'@y", "'＝1＋2", "'＋4", "'－x", "'＠y", "Grace, \"Hopper\""} {
		if got := rows[10-i][0]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	p = b.Get("/dashboard/customers?q=gra").Click("Export CSV").Says("All customers that match “gra” are exported.")
	if rows, _ := download(b, p.Href("Download")); len(rows) != 2 || rows[1][2] != "c8" {
		t.Errorf("of a search: %q", rows)
	}
	b.Try("/dashboard/customers/export?cursor=x").Refused(http.StatusBadRequest, "This page of the list is not there any more. First page")
	b.Try("/dashboard/customers/export/part?cursor=x").Refused(http.StatusBadRequest, "This page of the list is not there any more. First page")
}

// An import says what each row will do, then does that in steps of 25; repeating it changes nothing.
func TestDASH45Import(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada"})
	b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "grace@example.com").Press("Create Customer").Said("Customer created.")
	w.Advance("1s")
	var file strings.Builder
	file.WriteString("\ufeffID,E-mail,Name,products\r\nada,ada@example.com,Other,pro\r\nada,,,\r\nhopper,grace@example.com,Grace,\r\n,nobody,\"x, \"\"y\"\"\",\r\n,,,\r\ncus/1,a@example.com,,\r\n,zoe@example.com,'=cmd,\r\n")
	for i := range 60 {
		fmt.Fprintf(&file, "c%d,c%d@example.com,C %d,\r\n", i, i, i)
	}
	before := w.Get("/v1/customers/ada")
	p := b.Get("/dashboard/customers").Click("Import CSV").Titled("Import customers")
	p = p.Form("Import customers").Fill("Rows", file.String()).Press("Preview").Said("67 rows were read. Nothing is imported yet. These columns are not imported: products.")
	looks := p.Table("What each row will do")
	for i, want := range []string{"Known: gets e-mail", "Known: nothing changes", "Known: gets id, name", "Refused", "Refused", "Refused", "New customer", "New customer"} {
		if got := looks[i+1]; !strings.HasPrefix(got[4], want) {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
	if p.Click("Next").Table("What each row will do")[1][0] != "51" {
		t.Error("the second page does not begin with row 51")
	}
	if after := w.Get("/v1/customers/ada"); after["email"] != before["email"] {
		t.Error("the preview has changed a customer")
	}
	first := p.Form("Import customers")
	p = p.Says("67 rows, of 63 customers. 3 rows are refused. 1 row is about the customer of a row above. Nothing is imported yet.").Press("Import 63 customers").Says("25 of 67 rows are done: 19 new, 3 known, 3 refused.")
	if !p.Has("progress", "Import progress") {
		t.Error("there is no progress")
	}
	first.Press("Import 63 customers") // twice: nothing is done by it
	p = p.Press("Continue").Says("50 of 67 rows are done")
	p = p.Press("Continue").Said("Imported: 61 new, 3 known, 3 refused.")
	for _, row := range []string{"4", "5", "6"} {
		p.Row("Refused rows", row)
	}
	if got := w.Get("/v1/customers/ada"); got["email"] != "ada@example.com" || got["name"] != "Ada" {
		t.Errorf("ada: %v", got)
	}
	b.Get("/dashboard/customers/hopper").Titled("Grace")
	if ids := w.AllIDs("/v1/customers?limit=100"); len(ids) != 63 {
		t.Errorf("%d customers", len(ids))
	}
	b.Get("/dashboard/customers?q=%3Dcmd").Row("Customers", "=cmd")
	again := b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", file.String()).Press("Preview")
	if got := again.Table("What each row will do")[9][4]; got != "Known: nothing changes" {
		t.Errorf("again: %q", got)
	}
	for n := 0; n < 3; n++ {
		if again.Has("button", "Continue") {
			again = again.Press("Continue")
		} else {
			again = again.Press("Import 63 customers")
		}
	}
	again.Said("Imported: 0 new, 64 known, 3 refused.")
	w.Advance("25h")
	b.Try(again.Path).Refused(http.StatusNotFound, "There is no such import any more")
}

// Rows of one file about one customer are told as such, and end as told: by ID, by e-mail, by both, on any page of the file.
func TestPAGE15RowsAboutOneCustomer(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "there", "name": "There"})
	b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "waits@example.com").Press("Create Customer").Said("Customer created.")
	w.Advance("1s")
	rows := []struct{ id, email, name, happens string }{
		{"a", "", "A", "New customer"},
		{"a", "a@example.com", "Other", "The customer of row 1: gets e-mail"},
		{"a", "a2@example.com", "", "The customer of row 1: nothing changes"},
		{"", "x@example.com", "X", "New customer"},
		{"", "X@example.com", "", "The customer of row 4: nothing changes"},
		{"x", "x@example.com", "", "The customer of row 4: gets id"},
		{"x", "", "", "The customer of row 4: nothing changes"},
		{"", "x@example.com", "", "New customer"},
		{"A", "", "", "New customer. Row 1 has this ID in another case: they are two customers"},
		{"there", "", "", "Known: nothing changes"},
		{"there", "there@example.com", "", "Known: gets e-mail"},
		{"there", "there@example.com", "", "Known: nothing changes"},
		{"", "waits@example.com", "W", "Known: gets name"},
		{"waits", "waits@example.com", "W", "Known: gets id"},
		{"w2", "waits@example.com", "", "New customer"},
		{"no/id", "", "", "Refused"},
		{"no/id", "", "", "Refused"},
	}
	file := "id,email,name\n"
	for _, row := range rows {
		file += row.id + "," + row.email + "," + row.name + "\n"
	}
	for i := range 40 {
		file += fmt.Sprintf("many%d,,\n", i)
	}
	file += "a,,Late\nmany3,many3@example.com,\n" // on the second page
	p := b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", file).Press("Preview").
		Says("59 rows, of 47 customers. 2 rows are refused. 10 rows are about customers of rows above. Nothing is imported yet.")
	for i, row := range rows {
		if got := p.Table("What each row will do")[i+1][4]; !strings.HasPrefix(got, row.happens) {
			t.Errorf("row %d: %q, want %q", i+1, got, row.happens)
		}
	}
	second := p.Click("Next").Table("What each row will do")
	for i, want := range map[int]string{8: "The customer of row 1: nothing changes", 9: "The customer of row 21: gets e-mail"} {
		if got := second[i][4]; got != want {
			t.Errorf("on the second page: %q, want %q", got, want)
		}
	}
	p.Press("Import 47 customers").Press("Continue").Press("Continue").Said("Imported: 45 new, 12 known, 2 refused.")
	for id, want := range map[string][2]any{"a": {"A", "a@example.com"}, "x": {"X", "x@example.com"}, "there": {"There", "there@example.com"}, "waits": {"W", "waits@example.com"}, "A": {nil, nil}, "many3": {nil, "many3@example.com"}} {
		c := w.Get("/v1/customers/" + id)
		w.Want(id, [2]any{c["name"], c["email"]}, want)
	}
	if ids := w.AllIDs("/v1/customers?limit=100"); len(ids) != 47 {
		t.Errorf("%d customers with an ID: %v", len(ids), ids)
	}
	again := b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", "id\nno/id\n").Press("Preview").Says("1 row, of 0 customers. 1 row is refused.", "There is nothing to import.")
	if again.Has("button", "Import 0 customers") {
		t.Error("there is a button that does nothing")
	}
}

// What is no file of customers is refused with a sentence.
func TestDASH46ImportsThatAreNone(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	for text, want := range map[string]string{"": "Choose a file, or paste rows.", "name,email,id\n\"x": "This is no CSV", "id,colour\na,red": "There is no column “colour”", "a,b@example.com,c,d,e": "Row 1 has 5 columns, of 4.",
		strings.Repeat("x,,y\n", 5001): "At most 5000 rows."} {
		b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", text).Press("Preview").Refused(http.StatusUnprocessableEntity, want)
	}
	b.Try("/dashboard/customers/import/nope").Refused(http.StatusNotFound, "There is no such import any more")
}
