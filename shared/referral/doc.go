// Package referral owns the life of a redemption and who may not redeem whose code. It
// is pure: it knows referral programs, and neither the products of customers nor Stripe.
//
//	In which states is a redemption, and what leads on?  redemption.go
//	What has each of its two sides?                      side.go
//	Who may not redeem whose code?                       guard.go
//	Are two e-mail addresses one mailbox?                mailbox.go
//	What have the redemptions of a program come to?      stats.go
package referral
