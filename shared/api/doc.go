// Package api owns what all routes share in any dialect: serving, keys, errors,
// idempotency, limits, how JSON is read and written. The routes and their JSON
// are those of a dialect (v1). No rule lives here.
//
//	Which status does an error become?         errors.go
//	What does a key open?                      auth.go
//	What happens to every request?             serve.go
//	How is a request read, an answer written?  decode.go, scan.go, shape.go, number.go, query.go
//	How is an answer replayed?                 idempotency.go
//	What runs without a caller?                close_periods.go, table_stream.go, webhook.go
package api
