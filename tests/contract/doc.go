// Package contract checks that openapi.yaml and the code say the same.
//
//	every route, its keys, its Idempotency-Key  routes_test.go
//	every field of requests and answers         fields_test.go, with the table types_test.go
//	every error code                            codes_test.go
//	the examples: played, and as recorded       examples_test.go
//	what is made from the sources is up to date made_test.go
//	mistakes, made on purpose, are found        mistakes/
//
// The exchanges of stories are checked where they are made, by tests/world, and
// those of programs where WINDFALL_CONTRACT is set; make contract counts both.
package contract
