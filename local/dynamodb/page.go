package dynamodb

import (
	"iter"
	"strconv"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// maxPageBytes ends a Query or Scan: the first record to reach it is the last.
const maxPageBytes = 1 << 20

// page collects the records that a Query or Scan visits, up to its limits.
type page struct {
	limit   int // records to look at, 0 for no limit
	filter  expression.Condition
	found   []*storage.Record
	visited int
	bytes   int
	last    *storage.Record // the next page continues behind it; nil at the end
}

// fill visits records until the page is full: at the limit, or with 1 MB read.
func (p *page) fill(records iter.Seq[*storage.Record]) {
	for r := range records {
		p.visited++
		p.bytes += r.Size
		if p.filter == nil || p.filter.Holds(r.Item()) {
			p.found = append(p.found, r)
		}
		if p.visited == p.limit || p.bytes >= maxPageBytes {
			p.last = r
			return
		}
	}
}

// answerReading fills the page and writes it. records is called under the
// table's lock.
func (ex *exchange) answerReading(read *reading, records func() iter.Seq[*storage.Record]) error {
	fill := func() { read.page.fill(records()) }
	err := error(nil)
	if ex.fault.Kind == FaultStaleIndex && read.index != nil {
		err = read.table.ReadStale(read.index, ex.fault.Writes, fill)
	} else {
		err = read.table.Read(fill)
	}
	if err != nil {
		return err
	}
	ex.meter.read(read.table.Name, read.request.index, read.page.bytes, read.request.consistent)
	ex.out = append(ex.out, '{')
	switch {
	case read.request.selected == "COUNT":
	case ex.items != nil:
		for _, r := range read.page.found {
			ex.items.add(expression.Project(r.Item(), read.paths))
		}
	default:
		ex.out = append(protocol.Member(ex.out, "Items"), '[')
		for i, r := range read.page.found {
			ex.out = attribute.AppendItem(protocol.Comma(ex.out, i), expression.Project(r.Item(), read.paths))
		}
		ex.out = append(ex.out, ']')
	}
	ex.out = strconv.AppendInt(protocol.Member(ex.out, "Count"), int64(len(read.page.found)), 10)
	ex.out = strconv.AppendInt(protocol.Member(ex.out, "ScannedCount"), int64(read.page.visited), 10)
	if read.page.last != nil {
		ex.out = attribute.AppendItem(protocol.Member(ex.out, "LastEvaluatedKey"), read.keyOf(read.page.last))
	}
	ex.finish(false)
	return nil
}
