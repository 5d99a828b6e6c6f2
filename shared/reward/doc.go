// Package reward owns what rewards come to and who may use them: what a discount
// takes off which line, which promotion codes there can be, and whether a use is
// allowed. It knows rewards, amounts and items, and neither customers nor Stripe.
//
//	What does a discount take off an invoice?         discount.go, Off
//	What does it leave of one period's price?         discount.go, Price
//	What is a promotion code, and when does it die?   promo_code.go
//	Which codes may be made?                          new_code.go
//	Which codes may have one text?                    place_code.go
//	May this customer use this reward now?            evaluate.go
package reward
