package dynamodb

import (
	"slices"
	"strconv"
	"strings"

	"windfall/local/dynamodb/protocol"
)

// appendConsumed writes the ConsumedCapacity of an answer when it was asked for:
// one object, or a list of them for operations on several tables.
func (m *meter) appendConsumed(out []byte, list bool) []byte {
	if m.mode == "" || m.mode == "NONE" || len(m.tables) == 0 {
		return out
	}
	out = protocol.Member(out, "ConsumedCapacity")
	if !list {
		return m.appendTable(out, &m.tables[0])
	}
	slices.SortFunc(m.tables, func(a, b tableUse) int { return strings.Compare(a.table, b.table) })
	out = append(out, '[')
	for i := range m.tables {
		out = m.appendTable(protocol.Comma(out, i), &m.tables[i])
	}
	return append(out, ']')
}

func (m *meter) appendTable(out []byte, use *tableUse) []byte {
	out = append(out, `{"TableName":`...)
	out = protocol.AppendText(out, use.table)
	read, write := use.total()
	out = m.appendUnits(append(out, ','), read, write)
	if m.mode == "INDEXES" {
		out = append(out, `,"Table":{`...)
		out = append(m.appendUnits(out, use.read, use.write), '}')
		if len(use.indexes) > 0 {
			out = append(out, `,"GlobalSecondaryIndexes":{`...)
			for i, x := range use.indexes {
				out = protocol.AppendText(protocol.Comma(out, i), x.index)
				out = append(out, ':', '{')
				out = append(m.appendUnits(out, x.read, x.write), '}')
			}
			out = append(out, '}')
		}
	}
	return append(out, '}')
}

// appendUnits writes the sum and, for a transaction, both kinds of units.
func (m *meter) appendUnits(out []byte, read, write int) []byte {
	out = append(out, `"CapacityUnits":`...)
	out = appendHalves(out, read+write)
	if m.transactional && read > 0 {
		out = append(out, `,"ReadCapacityUnits":`...)
		out = appendHalves(out, read)
	}
	if m.transactional && write > 0 {
		out = append(out, `,"WriteCapacityUnits":`...)
		out = appendHalves(out, write)
	}
	return out
}

func appendHalves(out []byte, halves int) []byte {
	out = strconv.AppendInt(out, int64(halves/2), 10)
	if halves%2 != 0 {
		return append(out, ".5"...)
	}
	return append(out, ".0"...)
}
