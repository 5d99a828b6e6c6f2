package customers

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// columns are those of a file of customers. Those of an import come first.
var columns = []string{"name", "email", "id", "fingerprint", "products", "created", "stripe_id"}

func (p pages) export() []web.Route {
	return []web.Route{
		{Pattern: "GET /dashboard/customers/export", Serve: p.exportPage},
		{Pattern: "GET /dashboard/customers/export/part", Serve: p.exportPart},
	}
}

// exportPage has a link to each part that is left: the script joins all of them.
func (p pages) exportPage(ctx context.Context, r *web.Request) (web.Answer, error) {
	text, cursor := r.Query("q"), r.Query("cursor")
	next, count, err := p.app.ExportEnd(ctx, r.Caller(), text, cursor)
	if err != nil {
		return web.Answer{}, err
	}
	n := max(1, atoi(r.Query("part")))
	here := ui.With(root()+"/export/part", "q", text, "cursor", cursor, "part", fmt.Sprint(n))
	page := ui.Page{Title: "Export customers", Nav: "Customers", Back: toList, Narrow: true}
	of := "All customers are exported, the newest first."
	if text != "" {
		of = "All customers that match “" + text + "” are exported."
	}
	parts := []templ.Component{ui.P(of)}
	switch {
	case n == 1 && next == "":
		parts = append(parts, joined(here, "Download", count))
	case n == 1:
		parts = append(parts, joined(here, "Download part 1", count))
	default:
		parts = append(parts, ui.P(ui.Count(count, "customer")+"."), ui.A(fmt.Sprintf("Download part %d", n), here))
	}
	if next != "" {
		more := ui.With(root()+"/export", "q", text, "cursor", next, "part", fmt.Sprint(n+1))
		parts = append(parts, ui.Hint("A part has 5,000 customers at most. With JavaScript all parts come as one file."), ui.A(fmt.Sprintf("Part %d", n+1), more))
	}
	page.Body = ui.All(parts...)
	return web.Show(page), nil
}

// exportPart is a part of the file. The next one is named by a header.
func (p pages) exportPart(ctx context.Context, r *web.Request) (web.Answer, error) {
	text, n := r.Query("q"), max(1, atoi(r.Query("part")))
	found, next, err := p.app.Export(ctx, r.Caller(), text, r.Query("cursor"))
	if err != nil {
		return web.Answer{}, err
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	var out bytes.Buffer
	file := csv.NewWriter(&out) // into memory: it can't fail
	if n == 1 {
		_ = file.Write(columns)
	}
	for _, c := range found {
		row := []string{c.Name, c.Email, c.ID, c.Fingerprint, heldNames(c, cat, r.Now), c.CreatedAt.UTC().Format(time.RFC3339), c.StripeID}
		for i := range row {
			row[i] = harmless(row[i])
		}
		_ = file.Write(row)
	}
	file.Flush()
	name := "customers.csv"
	if n > 1 {
		name = fmt.Sprintf("customers-%d.csv", n)
	}
	a := web.Download("text/csv; charset=utf-8", name, out.Bytes())
	if next == "" {
		return a, nil
	}
	return a.WithHeader("X-Next", ui.With(root()+"/export/part", "q", text, "cursor", next, "part", fmt.Sprint(n+1))), nil
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// formulas begin what a spreadsheet would compute: some drop a tab or the end of a line before they look, some read
// full-width signs as the others.
const formulas = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

func computed(cell string) bool {
	first, size := utf8.DecodeRuneInString(cell)
	return size > 0 && strings.ContainsRune(formulas, first)
}

// harmless keeps a spreadsheet from computing a cell.
func harmless(cell string) string {
	if computed(cell) {
		return "'" + cell
	}
	return cell
}

// asTyped takes the mark of harmless off again.
func asTyped(cell string) string {
	if marked, is := strings.CutPrefix(cell, "'"); is && computed(marked) {
		return marked
	}
	return cell
}
