package keys

import (
	"slices"

	"windfall/local/dynamodb/attribute"
)

// Bounds are the positions of a query: from Low on and below High.
type Bounds struct {
	Low  string
	High *string // nil: to the end
}

// Contains tells whether a position is within bounds.
func (b Bounds) Contains(position string) bool {
	return position >= b.Low && (b.High == nil || position < *b.High)
}

// BoundsFor turns a comparison with the sort key into bounds; operator is one of
// = < <= > >= BETWEEN begins_with.
func BoundsFor(operator string, operands ...attribute.Value) Bounds {
	first := escapePart(Bytes(operands[0]))
	from, past := first+partEnd, first+pastEnd
	switch operator {
	case "=":
		return Bounds{from, &past}
	case "<":
		return Bounds{"", &from}
	case "<=":
		return Bounds{"", &past}
	case ">":
		return Bounds{past, nil}
	case ">=":
		return Bounds{from, nil}
	case "BETWEEN":
		past = escapePart(Bytes(operands[1])) + pastEnd
		return Bounds{from, &past}
	default:
		return Bounds{first, afterPrefix(first)}
	}
}

// afterPrefix is the smallest text above all that begin with prefix.
func afterPrefix(prefix string) *string {
	next := slices.Clone([]byte(prefix))
	for len(next) > 0 {
		if next[len(next)-1]++; next[len(next)-1] != 0 {
			after := string(next)
			return &after
		}
		next = next[:len(next)-1]
	}
	return nil
}

// Behind narrows bounds to the positions after one, in either direction.
func (b Bounds) Behind(position string, forward bool) Bounds {
	if forward {
		b.Low = max(b.Low, position+"\x00")
	} else if b.High == nil || position < *b.High {
		b.High = &position
	}
	return b
}
