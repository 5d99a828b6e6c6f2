// Package api speaks HTTP. Each function has one file, named like its folder
// under functions/, that lists its routes and maps requests and answers to
// package app. No rule lives here.
//
//	Which status does an error become?         errors.go
//	What does a key open?                      auth.go
//	What happens to every request?             serve.go
//	How is a request read, an answer written?  decode.go, number.go
//	How is an answer replayed?                 idempotency.go
package api
