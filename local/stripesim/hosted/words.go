package hosted

import (
	"strconv"
	"strings"
	"time"

	"windfall/local/stripesim/display"
	"windfall/local/stripesim/object"
)

// minor writes an amount of minor units for people.
func minor(n int64, currency string) string {
	return grouped(display.Money(object.Decimal(strconv.FormatInt(n, 10)), currency))
}

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

// longDay is a date in a sentence.
func longDay(at int64) string { return time.Unix(at, 0).UTC().Format("2 January 2006") }

// day is a date in a list.
func day(at int64) string { return display.Day(at) }
