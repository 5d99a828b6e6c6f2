// Command contract-stripe plays the same billing scenarios on the simulator
// and on Stripe itself, and compares both with what is written in expected/.
//
//	go test ./tests/contract-stripe            the simulator; part of `make test`
//	make contract                              prints what would be asked of Stripe
//	STRIPE_TEST_KEY=sk_test_… make contract    asks Stripe, in test mode
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
