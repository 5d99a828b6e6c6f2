// Package api owns what all routes share in any dialect: serving, keys, errors,
// idempotency, limits, how JSON is read and written, and which dialect answers. The
// routes and their JSON are those of the dialects (v1, v2), which stand on words and
// fields; endpoints joins them to functions. No rule lives here.
//
//	Which status does an error become?         errors.go
//	What does a key open?                      auth.go
//	Which versions are there?                  version.go
//	Which dialect answers a request?           dialect.go
//	Which route is a path?                     router.go
//	What happens to every request?             serve.go
//	How is a request read, an answer written?  decode.go, scan.go, shape.go, number.go, query.go
//	How is an answer replayed?                 idempotency.go
//	What runs without a caller?                close_periods.go, table_stream.go, webhook.go
package api
