package display

import (
	"strings"

	"windfall/local/stripesim/object"
)

var zeroDecimal = map[string]bool{"bif": true, "clp": true, "djf": true, "gnf": true, "jpy": true, "kmf": true, "krw": true, "mga": true, "pyg": true, "rwf": true, "ugx": true, "vnd": true, "vuv": true, "xaf": true, "xof": true, "xpf": true}

var threeDecimal = map[string]bool{"bhd": true, "jod": true, "kwd": true, "omr": true, "tnd": true}

// decimals is how many places a currency has.
//
// https://docs.stripe.com/currencies#zero-decimal
func decimals(currency string) int {
	switch {
	case zeroDecimal[currency]:
		return 0
	case threeDecimal[currency]:
		return 3
	}
	return 2
}

var symbols = map[string]string{"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}

// Money writes an amount for people: "-$12.345" or "2.500 KWD" of a currency's
// minor units, which may have a fraction.
func Money(minor object.Decimal, currency string) string {
	sign, digits := "", string(minor)
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	if places := decimals(currency); places > 0 {
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
