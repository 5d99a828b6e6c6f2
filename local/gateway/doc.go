// Package gateway is API Gateway on a laptop: an http.Handler that turns each
// request into the JSON event that an HTTP API sends to Lambda (payload format
// 2.0), has a [Backend] run the function, and turns its JSON answer into the
// response. Functions see the same input here and on AWS, adapter included.
//
//	which function takes a request?      routes.go
//	what does AWS do to a path?          path.go
//	what is in an event?                 event.go
//	what becomes of a function's answer? response.go
//	who may call from a browser?         cors.go
//	how large may things be?             limits.go
//	how does the schedule call?          schedule.go
//	functions inside this process        inprocess.go
//	functions as built binaries          bootstrap.go, environment.go, runtimeapi.go
//
// # Three traps that only real events show
//
//   - httpadapter.NewV2 splits header values at commas: read
//     Stripe-Signature with r.Header.Values and join.
//   - A handler that writes nothing is an error of the adapter: 500.
//   - rawPath arrives decoded, against its name (see path.go). The adapter
//     parses it as a URL again: "%" fails, "?" and "#" cut the path. A caller
//     of the adapter must escape event.RawPath first.
//
// Facts about AWS were taken from its documentation and from events captured
// on AWS; adapter_test.go and event_test.go hold them.
package gateway
