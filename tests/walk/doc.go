// Package walk draws random actions of customers, cards, clocks and networks,
// and checks the invariants after every step.
//
//	What is for sale?                     shop_test.go
//	What can happen?                      step_test.go, take_test.go
//	What else, at Stripe and in the draft hour? move_test.go
//	What goes wrong, and what recovers?   fault_test.go, ask_test.go
//	What is observed?                     view_test.go
//	What must hold at any moment?         always_test.go, mirror_test.go
//	What is due over a whole life?        ledger_test.go, ledger_due_test.go, ledger_price_test.go
//	What is that compared with?           ledger_hear_test.go
//	What must hold of one step?           between_test.go, money_test.go, usage_test.go
//
// Beside it, random products are bought and changed at random moments, and each
// preview is compared with the charge: preview_test.go, purchase_test.go. And
// requests with random slips are refused by the preview as by attach:
// refusals_test.go, request_test.go.
//
// Another walk is about referral programs, their codes and redemptions, with a model of
// what comes of each:
//
//	What is offered, and to whom?         referrals_shop_test.go
//	What can happen?                      referrals_moves_test.go
//	What comes of it?                     referrals_model_test.go
//	What must hold?                       referrals_rules_test.go, referrals_gifts_test.go, referrals_lists_test.go
//
// A walk that fails is shortened and printed as the list of its steps.
//
//	go test ./tests/walk                     a short one
//	go test ./tests/walk -walk.steps=2000 -walk.previews=1000 -timeout 30m
//
// Both take the walks of seed 1. -walk.seed takes others, and `make walk` new
// ones each time; -walk.tell prints each of them. -walk.moves=none leaves the
// moves out, and -walk.moves=turn,price takes some.
package walk
