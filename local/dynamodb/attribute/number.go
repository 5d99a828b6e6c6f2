package attribute

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"windfall/local/dynamodb/protocol"
)

// A number is kept as text in its one canonical spelling: plain decimal
// notation, no exponent, no leading or trailing zeros, "-" only before other
// numbers than zero. Equal numbers are therefore equal texts, and nothing is ever
// rounded: more than 38 significant digits are refused.

const (
	maxDigits   = 38
	maxExponent = 125
	minExponent = -130
)

// Integer returns a number as a value.
func Integer(n int64) Value { return Value{Kind: Number, Text: strconv.FormatInt(n, 10)} }

// canonical returns the canonical spelling of a number on the wire.
func canonical(text string) (string, error) {
	if plainInteger(text) {
		return text, nil
	}
	negative, digits, exponent, ok := scanNumber(text)
	if !ok {
		if strings.TrimSpace(text) == "" {
			return "", protocol.Invalid("The parameter cannot be converted to a numeric value")
		}
		return "", protocol.Invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	leading := len(digits) - len(strings.TrimLeft(digits, "0"))
	digits, exponent = digits[leading:], exponent-leading
	digits = strings.TrimRight(digits, "0")
	switch {
	case digits == "":
		return "0", nil
	case len(digits) > maxDigits:
		return "", protocol.Invalid("Attempting to store more than 38 significant digits in a Number")
	case exponent > maxExponent:
		return "", protocol.Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case exponent < minExponent:
		return "", protocol.Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	}
	return spell(negative, digits, exponent), nil
}

// plainInteger recognises the commonest spelling, which is canonical already.
func plainInteger(text string) bool {
	if text == "" || len(text) > maxDigits || text[0] == '0' && len(text) > 1 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// scanNumber splits a text into sign, digits and the exponent of the first
// digit: "12.5" is digits "125" with exponent 1, that is 1.25 × 10^1.
func scanNumber(text string) (negative bool, digits string, exponent int, ok bool) {
	rest := text
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		negative, rest = rest[0] == '-', rest[1:]
	}
	mantissa, power := rest, 0
	if at := strings.IndexAny(rest, "eE"); at >= 0 {
		if power, ok = scanExponent(rest[at+1:]); !ok {
			return false, "", 0, false
		}
		mantissa = rest[:at]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return false, "", 0, false
	}
	return negative, whole + fraction, len(whole) - 1 + power, true
}

func scanExponent(text string) (power int, ok bool) {
	sign := 1
	if text != "" && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			sign = -1
		}
		text = text[1:]
	}
	if text == "" || !allDigits(text) {
		return 0, false
	}
	for i := range len(text) {
		power = min(power*10+int(text[i]-'0'), 1<<40) // far outside any range, never overflowing
	}
	return sign * power, true
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// spell writes digits × 10^(exponent - len(digits) + 1) in plain notation.
func spell(negative bool, digits string, exponent int) string {
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	switch {
	case exponent < 0:
		b.WriteString("0.")
		b.WriteString(strings.Repeat("0", -exponent-1))
		b.WriteString(digits)
	case exponent >= len(digits)-1:
		b.WriteString(digits)
		b.WriteString(strings.Repeat("0", exponent-len(digits)+1))
	default:
		b.WriteString(digits[:exponent+1])
		b.WriteByte('.')
		b.WriteString(digits[exponent+1:])
	}
	return b.String()
}

// Add returns the canonical a + b, or a - b when subtract is set. It fails when
// the result needs more than 38 digits or is out of range.
func Add(a, b string, subtract bool) (string, error) {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	if errX != nil || errY != nil {
		return "", protocol.Internal("stored number is not a number: %q, %q", a, b)
	}
	if subtract {
		return canonical(x.Sub(y).String())
	}
	return canonical(x.Add(y).String())
}
