package dynamodb

import "strings"

// place is where an item lives: its partition, and its position in there.
type place struct {
	partition string
	position  string
}

// keyBytes are the bytes by which key values sort and are told apart.
func keyBytes(v value) string {
	if v.kind == kindNumber {
		return sortable(v.text)
	}
	return v.text
}

// positions join several texts into one that sorts part by part: each part ends
// with 00 01, and a zero byte inside of it is written as 00 FF.
const (
	partEnd   = "\x00\x01"
	pastEnd   = "\x00\x02" // behind everything that begins with this part
	zeroInKey = "\x00\xff"
)

func escapePart(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", zeroInKey)
}

// thenBy sorts by this place and, where it is the same, by another.
func (p place) thenBy(other place) place {
	p.position += escapePart(other.partition) + partEnd + other.position
	return p
}
