package customers

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// A misread is what is wrong with a file: the first findings, and how many there are.
type misread struct {
	first []string
	count int
}

const mostFindings = 10

func (m *misread) add(format string, args ...any) {
	if m.count++; len(m.first) < mostFindings {
		m.first = append(m.first, fmt.Sprintf(format, args...))
	}
}

func (m *misread) err() error {
	switch {
	case m.count == 0:
		return nil
	case m.count > len(m.first):
		return web.Invalid("%s %s", strings.Join(m.first, " "), ui.More(m.count-len(m.first)))
	}
	return web.Invalid("%s", strings.Join(m.first, " "))
}

// readRows reads CSV. left are the columns of an export that are not imported.
func readRows(text string) (rows []app.ImportRow, left []string, err error) {
	var wrong misread
	file := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	file.FieldsPerRecord, file.TrimLeadingSpace = -1, true
	names, begun := columns[:4], false
	for {
		record, err := file.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			wrong.add("This is no CSV: %s.", err)
			break
		}
		if !begun {
			begun = true
			if by := parted(record); by != "" {
				return nil, nil, web.Invalid("The columns are parted by %s. Part them by commas.", by)
			}
			if named := header(record); named != nil {
				names = named
				for i, name := range names {
					if slices.Contains(names[:i], name) {
						wrong.add("The column “%s” is there twice.", short(name))
					}
					if !slices.Contains(columns, name) {
						wrong.add("There is no column “%s”: name, email, id and fingerprint are imported.", short(name))
					}
					if slices.Contains(columns[4:], name) {
						left = append(left, name)
					}
				}
				continue
			}
		}
		if len(record) > len(names) {
			wrong.add("Row %d has %s, of %d.", len(rows)+1, ui.Count(len(record), "column"), len(names))
			record = record[:len(names)]
		}
		if len(rows) == app.MaxImport {
			return nil, nil, web.Invalid("At most %d rows.", app.MaxImport)
		}
		rows = append(rows, rowOf(names, record))
	}
	if err := wrong.err(); err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, web.Invalid("Choose a file, or paste rows.")
	}
	if from := tooLong(rows); from >= 0 {
		return nil, nil, web.Invalid("Rows %d to %d are too long to be names, addresses and ids.", from+1, min(from+app.ImportPage, len(rows)))
	}
	return rows, left, nil
}

// mostPart is how many bytes the rows have that are kept together: a row of the database holds 400 KB.
const mostPart = 350_000

// tooLong is where the rows begin that cannot be kept together; -1 is nowhere.
func tooLong(rows []app.ImportRow) int {
	from := 0
	for part := range slices.Chunk(rows, app.ImportPage) {
		if text, err := json.Marshal(part); err != nil || len(text) > mostPart {
			return from
		}
		from += len(part)
	}
	return -1
}

// header reads a first line that names columns: one of its cells is a name of one, and none is
// an address.
func header(record []string) (names []string) {
	known := false
	for _, cell := range record {
		name := strings.ToLower(strings.TrimSpace(cell))
		switch name {
		case "e-mail":
			name = "email"
		case "customer_id":
			name = "id"
		}
		known = known || slices.Contains(columns[:4], name)
		names = append(names, name)
	}
	if !known || strings.Contains(strings.Join(names, ""), "@") {
		return nil
	}
	return names
}

// parted is the sign that parts the columns of a first line that names some, where it is no comma; "" otherwise. Some
// spreadsheets write such files where the comma is that of decimals.
func parted(record []string) string {
	for sign, name := range map[string]string{";": "“;”", "\t": "tabs"} {
		if cells := strings.Split(record[0], sign); len(record) == 1 && len(cells) > 1 && header(cells) != nil {
			return name
		}
	}
	return ""
}

func rowOf(names, record []string) (row app.ImportRow) {
	for i, cell := range record {
		cell = asTyped(strings.TrimSpace(cell))
		switch names[i] {
		case "name":
			row.Name = cell
		case "email":
			row.Email = cell
		case "id":
			row.ID = cell
		case "fingerprint":
			row.Fingerprint = cell
		}
	}
	return row
}
