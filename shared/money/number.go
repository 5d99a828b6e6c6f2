package money

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"windfall/shared/refusal"
)

// A Decimal is an exact decimal number: a usage, an allowance or a price in
// major units. No float64 is used for any of them.
type Decimal = decimal.Decimal

// Zero and One save callers from building them.
var (
	Zero = decimal.Zero
	One  = decimal.NewFromInt(1)
)

const (
	MaxDecimals = 15 // places after the point
	MaxDigits   = 18 // places before the point: sums of many still fit DynamoDB's 38
)

// MaxUsed, 10 to the MaxDigits, is where the usage of a grant is full: what is added
// to less than that still fits the table.
var MaxUsed = decimal.NewFromInt(1e18)

// ParseDecimal reads a JSON number. It refuses what the table could not hold
// exactly: more than 15 decimals, 10^18 and above, anything that is no number.
func ParseDecimal(s string) (Decimal, error) {
	if s == "" || len(s) > 64 || strings.Trim(s, "0123456789+-.eE") != "" {
		return Zero, refusal.Invalid(ReasonNotANumber, s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Zero, refusal.Invalid(ReasonNotANumber, s)
	}
	// The exponent is looked at before any arithmetic, so that 1e999999 costs nothing.
	if exp := d.Exponent(); exp > MaxDigits || exp < -40 {
		return Zero, refusal.Invalid(ReasonNumberTooFine, s, MaxDigits, MaxDecimals)
	}
	if d.IsZero() {
		return Zero, nil // also for -0
	}
	if !d.Equal(d.Truncate(MaxDecimals)) || d.Abs().GreaterThanOrEqual(MaxUsed) {
		return Zero, refusal.Invalid(ReasonNumberTooFine, s, MaxDigits, MaxDecimals)
	}
	return d, nil
}

// Plus is a + b. Most amounts of a grant are zero, and adding a zero copies nothing.
func Plus(a, b Decimal) Decimal {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return a.Add(b)
}

// Less is a - b, and copies nothing where b is zero.
func Less(a, b Decimal) Decimal {
	if b.IsZero() {
		return a
	}
	return a.Sub(b)
}

// AppendJSON adds a number in the form that JSON and the table have it in.
func AppendJSON(to []byte, d Decimal) []byte {
	if d.Exponent() == 0 && d.NumDigits() <= MaxDigits {
		return strconv.AppendInt(to, d.IntPart(), 10)
	}
	return append(to, d.String()...)
}

// Int returns n as a Decimal.
func Int(n int64) Decimal { return decimal.NewFromInt(n) }

// Packs returns how many packs of size units cover quantity: rounded up, and
// 0 for a quantity of 0 or less. size must be above 0.
func Packs(quantity, size Decimal) Decimal {
	if !quantity.IsPositive() {
		return Zero
	}
	whole, rest := quantity.QuoRem(size, 0)
	if rest.IsPositive() {
		whole = whole.Add(One)
	}
	return whole
}

func Max(a, b Decimal) Decimal {
	if a.GreaterThan(b) {
		return a
	}
	return b
}

func Min(a, b Decimal) Decimal {
	if a.LessThan(b) {
		return a
	}
	return b
}

// StoredDecimal reads a number the table holds. It has passed ParseDecimal or
// arithmetic on what has, so only damage is refused.
func StoredDecimal(s string) (Decimal, error) { return decimal.NewFromString(s) }
