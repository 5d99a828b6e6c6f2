// Package reward owns what rewards come to: what a discount takes off which line.
// It knows amounts and items, and neither customers nor Stripe.
//
//	What does a discount take off an invoice?   discount.go, Off
//	What does it leave of one period's price?   discount.go, Price
package reward
