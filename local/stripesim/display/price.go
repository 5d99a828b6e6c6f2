package display

import (
	"strings"

	"windfall/local/stripesim/object"
)

// Price writes a decimal of minor units as all pages do: $1,234.50.
func Price(minor, currency string) string { return grouped(Money(object.Decimal(minor), currency)) }

// grouped puts commas between the thousands of an amount.
func grouped(amount string) string {
	end := strings.IndexAny(amount, ".") // a fraction has no groups
	if end < 0 {
		end = strings.LastIndexAny(amount, "0123456789") + 1
	}
	start := strings.IndexAny(amount, "0123456789")
	for at := end - 3; at > start; at -= 3 {
		amount = amount[:at] + "," + amount[at:]
	}
	return amount
}
