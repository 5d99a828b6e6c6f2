package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/storage"
)

// Capacity is what one request consumed, over all tables and indexes. Read units
// come in halves (an eventually consistent read of up to 4 KB), both by AWS's
// rule: 4 KB per read unit, 1 KB per write unit, twice that in a transaction.
type Capacity struct {
	Read  float64
	Write float64
}

// meter counts the capacity of one request in half units.
type meter struct {
	mode          string // NONE, TOTAL or INDEXES
	transactional bool
	tables        []tableUse
}

type tableUse struct {
	table       string
	read, write int
	indexes     []indexUse
}

type indexUse struct {
	index       string
	read, write int
}

// kilobytes is the number of write units for so many bytes: one for nothing, too.
func kilobytes(bytes int) int { return max(1, (bytes+1023)/1024) }

// readBlocks is the number of read units for so many bytes.
func readBlocks(bytes int) int { return max(1, (bytes+4095)/4096) }

func (m *meter) of(table string) *tableUse {
	for i := range m.tables {
		if m.tables[i].table == table {
			return &m.tables[i]
		}
	}
	m.tables = append(m.tables, tableUse{table: table})
	return &m.tables[len(m.tables)-1]
}

// read counts one read of so many bytes.
func (m *meter) read(table, index string, bytes int, consistent bool) {
	halves := readBlocks(bytes)
	if m.transactional {
		halves *= 4
	} else if consistent {
		halves *= 2
	}
	use := m.of(table)
	if index == "" {
		use.read += halves
		return
	}
	use.index(index).read += halves
}

// write counts one write to a table: the larger of the old and the new item. A
// transaction pays twice, once to prepare and once to commit; its indexes are
// brought up to date behind it and cost the same as ever.
func (m *meter) write(c storage.Change) {
	bytes := 0
	if c.Old != nil {
		bytes = c.Old.Size
	}
	if c.Updated != nil {
		bytes = max(bytes, c.Updated.Size)
	}
	m.writeBytes(c.Table.Name, bytes)
	use := m.of(c.Table.Name)
	for _, x := range c.Table.Indexes {
		if units := indexUnits(c.Table, x, c); units > 0 {
			use.index(x.Name).write += 2 * units
		}
	}
}

// indexUnits are the write units of an index: one write for an entry added, removed
// or changed, two when it moves to another place.
func indexUnits(t *storage.Table, x *storage.Index, c storage.Change) int {
	before, after := x.Entry(t, c.Old), x.Entry(t, c.Updated)
	switch {
	case before == nil && after == nil:
		return 0
	case before == nil:
		return kilobytes(after.Size)
	case after == nil:
		return kilobytes(before.Size)
	case before.Place != after.Place:
		return kilobytes(before.Size) + kilobytes(after.Size)
	case attribute.EqualItems(before.Item(), after.Item()):
		return 0
	default:
		return kilobytes(max(before.Size, after.Size))
	}
}

// writeBytes counts a write that changed no index, such as a refused one.
func (m *meter) writeBytes(table string, bytes int) {
	halves := 2 * kilobytes(bytes)
	if m.transactional {
		halves *= 2
	}
	m.of(table).write += halves
}

func (u *tableUse) index(name string) *indexUse {
	for i := range u.indexes {
		if u.indexes[i].index == name {
			return &u.indexes[i]
		}
	}
	u.indexes = append(u.indexes, indexUse{index: name})
	return &u.indexes[len(u.indexes)-1]
}

func (u *tableUse) total() (read, write int) {
	read, write = u.read, u.write
	for _, x := range u.indexes {
		read += x.read
		write += x.write
	}
	return read, write
}

func (m *meter) capacity() Capacity {
	var c Capacity
	for i := range m.tables {
		read, write := m.tables[i].total()
		c.Read += float64(read) / 2
		c.Write += float64(write) / 2
	}
	return c
}
