// Package hosted serves the hosted pages of an account: Checkout, the customer
// portal, invoices, and the bank's challenge.
//
// It owns addresses, forms, and every sentence, amount and date on a page. It
// does not own the account: what a page shows comes from a View, what a button
// does is a method of Account, and neither the store nor the rules of billing
// are reachable from here. Templates and style are those of package pages.
//
//	What do the pages need of the simulator?        account.go (actions), view.go (reading)
//	Which address leads to which page?              hosted.go, then *_page.go
//	What happens when a button is pressed?          checkout_page.go, invoice_page.go, portal_page.go
//	What is on a page?                              checkout_view.go, invoice_view.go, portal_view.go
//	What does Checkout say of later payments?       checkout_renewal.go
//	What does it show after the purchase?           checkout_done.go
//	When does the bank ask?                         challenge.go
package hosted
