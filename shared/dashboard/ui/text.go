package ui

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"windfall/shared/money"
)

// Root is the address of Overview; every other page is below it.
const Root = "/dashboard"

// Path is the address of a page, from the parts of its path: Path("customers", id) escapes the id.
func Path(parts ...string) string {
	var out strings.Builder
	out.WriteString(Root)
	for _, p := range parts {
		out.WriteString("/" + url.PathEscape(p))
	}
	return out.String()
}

// With adds a query to an address: With(Path("customers"), "q", text). Empty values are left out.
func With(address string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return address
	}
	return address + "?" + q.Encode()
}

// Day is a date for sentences: 1 May 2027. UTC, as everywhere.
func Day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// Minute is a date with the hour, where it matters: 1 May 2027, 14:05 UTC.
func Minute(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// Price is an amount as people read it: $20.00 for US dollars, else 20.00 EUR.
func Price(a money.Amount, c money.Currency) string { return Major(c.Major(a), c) }

// Major is Price of an amount in major units, with as many decimals as it has beyond those of the
// currency: $0.005.
func Major(d money.Decimal, c money.Currency) string {
	decimals := c.Exponent()
	if more := -d.Exponent(); more > decimals {
		for decimals = more; decimals > c.Exponent() && d.Equal(d.Truncate(decimals-1)); decimals-- {
		}
	}
	digits := grouped(d.Abs().StringFixed(decimals))
	sign := ""
	if d.IsNegative() {
		sign = "−"
	}
	if c == "usd" {
		return sign + "$" + digits
	}
	return sign + digits + " " + strings.ToUpper(string(c))
}

// Count is a number with its word: 1 month, 3 months.
func Count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// More tells of what a list leaves out.
func More(n int) string {
	if n == 1 {
		return "There is 1 more."
	}
	return fmt.Sprintf("There are %d more.", n)
}

// Number is a quantity with its thousands apart: 1,000.
func Number(d money.Decimal) string {
	if d.IsNegative() {
		return "−" + grouped(d.Abs().String())
	}
	return grouped(d.String())
}

func grouped(digits string) string {
	whole, fraction, has := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		whole += "." + fraction
	}
	return whole
}
