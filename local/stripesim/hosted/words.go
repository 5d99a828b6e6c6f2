package hosted

import (
	"strconv"
	"time"

	"windfall/local/stripesim/display"
	"windfall/local/stripesim/pages"
)

// minor writes an amount of minor units for people.
func minor(n int64, currency string) string {
	return display.Price(strconv.FormatInt(n, 10), currency)
}

// longDay is a date on a page.
func longDay(at int64) string { return pages.Day(time.Unix(at, 0)) }
