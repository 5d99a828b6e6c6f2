// Command live plays the same billing scenarios on the simulator and on Stripe
// itself, and compares both with the transcripts in expected/.
//
//	go test ./tests/conformance/live                   the simulator; part of `make test`
//	make conformance-live                              prints what would be asked of Stripe
//	STRIPE_TEST_KEY=sk_test_… make conformance-live    asks Stripe, in test mode
//
// It has not been run against Stripe yet: nobody here has had a key. Until
// then expected/ says what the simulator does and what Stripe documents, and
// proves nothing about Stripe. Where the two turn out to differ, the file in
// expected/ changes first and the simulator after it.
//
//	What is played?                 scenarios.go, scenarios_time.go
//	What may a scenario do?         world.go
//	What is written down of it?     transcript.go, events.go
//	Who answers?                    backend.go
package main
