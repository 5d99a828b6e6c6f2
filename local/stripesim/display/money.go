package display

import (
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

var symbols = map[string]string{"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}

// Money writes an amount for people: "-$12.345" or "2.500 KWD" of a currency's
// minor units, which may have a fraction.
func Money(minor object.Decimal, currency string) string {
	sign, digits := "", string(minor)
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	if places := calc.Decimals(currency); places > 0 {
		for len(whole) <= places {
			whole = "0" + whole
		}
		whole, fraction = whole[:len(whole)-places], whole[len(whole)-places:]+fraction
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if s, ok := symbols[currency]; ok {
		return sign + s + whole
	}
	return sign + whole + " " + strings.ToUpper(currency)
}
