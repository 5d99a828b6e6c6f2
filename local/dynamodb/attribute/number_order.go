package attribute

import (
	"cmp"
	"strings"
)

// compareNumbers orders two canonical numbers by amount.
func compareNumbers(a, b string) int {
	negativeA, negativeB := strings.HasPrefix(a, "-"), strings.HasPrefix(b, "-")
	switch {
	case negativeA && !negativeB:
		return -1
	case negativeB && !negativeA:
		return 1
	case negativeA:
		return compareMagnitudes(b[1:], a[1:])
	default:
		return compareMagnitudes(a, b)
	}
}

func compareMagnitudes(a, b string) int {
	wholeA, fractionA, _ := strings.Cut(a, ".")
	wholeB, fractionB, _ := strings.Cut(b, ".")
	if len(wholeA) != len(wholeB) {
		return cmp.Compare(len(wholeA), len(wholeB))
	}
	if wholeA != wholeB {
		return strings.Compare(wholeA, wholeB)
	}
	return strings.Compare(fractionA, fractionB)
}

// significant returns the digits that matter of a canonical number and the
// exponent of the first one; no digits for zero.
func significant(number string) (negative bool, digits string, exponent int) {
	negative, digits, exponent, _ = scanNumber(number)
	leading := len(digits) - len(strings.TrimLeft(digits, "0"))
	return negative, strings.TrimRight(digits[leading:], "0"), exponent - leading
}

// Sortable turns a canonical number into bytes that sort as numbers do:
// sign, exponent, digits, all of them inverted for negative numbers.
func Sortable(number string) string {
	negative, digits, exponent := significant(number)
	if digits == "" {
		return "\x80"
	}
	shifted := exponent - minExponent
	out := append(make([]byte, 0, len(digits)+4), 0x81, byte(shifted>>8), byte(shifted))
	out = append(out, digits...)
	if !negative {
		return string(out)
	}
	for i := range out {
		out[i] ^= 0xFF
	}
	return string(append(out, 0xFF)) // -1 after -1.5: the shorter text must be the larger
}

// numberSize is the service's size of a number: a byte for two digits and one
// more, and another one for a minus.
func numberSize(number string) int {
	negative, digits, _ := significant(number)
	size := (len(digits)+1)/2 + 1
	if negative {
		size++
	}
	return size
}
