// Command live plays the same billing scenarios on the simulator and on Stripe
// itself, and compares both with the transcripts in expected/.
//
//	go test ./tests/conformance/live                   the simulator; part of `make test`
//	make conformance-live                              prints the requests for Stripe
//	STRIPE_TEST_KEY=sk_test_… make conformance-live    sends them to Stripe, in test mode
//
// It has not been run against Stripe yet, for want of a key. Until then
// expected/ has the simulator's answers and Stripe's documents, and proves
// nothing about Stripe. Where the two turn out to differ, the file in expected/
// changes first and the simulator after it.
//
//	What is played?                 scenarios.go, scenarios_time.go
//	What may a scenario do?         world.go
//	What is recorded?               transcript.go, events.go
//	Who answers?                    backend.go
package main
