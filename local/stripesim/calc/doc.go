// Package calc is the arithmetic of billing: whole minor units in and out,
// big.Rat in between, never a float.
//
//	Where does a period end?          period.go
//	What is left of a period worth?   proration.go
//	What do tiers and packs cost?     tiers.go
//	How is a discount divided?        discount.go
package calc
