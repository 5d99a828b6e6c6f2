package display

import "time"

// Day is a date as Stripe writes it on lines of invoices, "02 Jan 2006", of a
// Unix time in UTC.
func Day(at int64) string { return time.Unix(at, 0).UTC().Format("02 Jan 2006") }
