package keys

import (
	"strings"

	"windfall/local/dynamodb/attribute"
)

// Place is the partition of an item and its position in there.
type Place struct {
	Partition string
	Position  string
}

// Bytes are the bytes by which key values sort and differ.
func Bytes(v attribute.Value) string {
	if v.Kind == attribute.Number {
		return attribute.Sortable(v.Text)
	}
	return v.Text
}

// Positions join several texts into one that sorts part by part: each part ends
// with 00 01, and a zero byte inside of it is written as 00 FF.
const (
	partEnd   = "\x00\x01"
	pastEnd   = "\x00\x02" // behind everything that begins with this part
	zeroInKey = "\x00\xff"
)

// PartEnd ends a part; no escaped text has it.
const PartEnd = partEnd

// Escape writes a text as a part, without its end.
func Escape(s string) string { return escapePart(s) }

// Unescape reads what Escape wrote.
func Unescape(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, zeroInKey, "\x00")
}

func escapePart(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", zeroInKey)
}

// ThenBy returns a place that sorts by p first and by other second.
func (p Place) ThenBy(other Place) Place {
	p.Position += escapePart(other.Partition) + partEnd + other.Position
	return p
}
