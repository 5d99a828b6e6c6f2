package dynamodb

import "slices"

// bounds are the positions a query visits: from low on and below high.
type bounds struct {
	low  string
	high *string // nil: to the end
}

func (b bounds) contains(position string) bool {
	return position >= b.low && (b.high == nil || position < *b.high)
}

// boundsFor turns a comparison with the sort key into bounds; operator is one of
// = < <= > >= BETWEEN begins_with.
func boundsFor(operator string, operands ...value) bounds {
	first := escapePart(keyBytes(operands[0]))
	from, past := first+partEnd, first+pastEnd
	switch operator {
	case "=":
		return bounds{from, &past}
	case "<":
		return bounds{"", &from}
	case "<=":
		return bounds{"", &past}
	case ">":
		return bounds{past, nil}
	case ">=":
		return bounds{from, nil}
	case "BETWEEN":
		past = escapePart(keyBytes(operands[1])) + pastEnd
		return bounds{from, &past}
	default:
		return bounds{first, afterPrefix(first)}
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

// behind narrows bounds to what comes after a position.
func (b bounds) behind(position string, forward bool) bounds {
	if forward {
		b.low = max(b.low, position+"\x00")
	} else if b.high == nil || position < *b.high {
		b.high = &position
	}
	return b
}
