// Package money owns exact numbers, amounts in minor units, intervals and
// periods: what every other rule counts with. It knows no product and no
// customer.
//
//	Which numbers does a request or a row hold?          number.go
//	What is an amount, and how is it rounded?            money.go
//	Which currencies are there, and which amounts of each? currency.go
//	When does an interval come round again?              interval.go
//	Which part of a period is left, and what is it worth? period.go
package money
