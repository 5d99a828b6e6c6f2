// Package display writes amounts and dates for people, as Stripe does on the lines
// of invoices. It does not own sentences: those stand where they are used.
package display
