// Package stripesim is a stateful Stripe for subscription billing at API
// version 2023-10-16: an http.Handler with its own clock, hosted pages that a
// person can use, and signed webhooks. It needs neither AWS nor a Stripe
// account, and real Stripe clients cannot tell the difference.
//
// Where to look:
//
//	How does a request run?              api.go, routes.go, idempotency.go, transport.go, fault.go
//	Which parameters are taken?          the table of routes at the top of each object's file; package form reads them
//	What do objects look like?           package object
//	How are objects stored, undone?      package store; tx.go
//	What happens when time passes?       advance.go, due.go, then subscription_due.go, invoice_due.go, schedule_run.go
//	How do events reach webhooks?        emit.go, courier.go, delivery.go, delivery_api.go
//	What does a change in mid-period cost?   proration.go, subscription_apply.go; package calc has the arithmetic
//	What is on an invoice?               invoice_new.go, invoice_total.go, then invoice_finalize.go, invoice_pay.go
//	What would the next invoice be?      upcoming.go: the real thing, run ahead and thrown away
//	Who may use a coupon or code?        redeem.go
//	What does Checkout do?               checkout.go, checkout_lines.go, purchase.go, checkout_complete.go, checkout_modes.go
//	Which cards are there?               cards.go
//	Who checks it against Stripe's words?  tap.go records, validator.go asks, tests/conformance/openapi compares
//
// One mutex guards the store. A request is one transaction (tx): it sees its
// own writes and leaves nothing behind when it is refused. Webhooks are
// delivered after the answer and never under the lock, because their handlers
// call back.
//
// What Stripe does not document is an assumption, and says so in a comment that
// starts with "assumption:". The ones met most often:
//
//   - A failed renewal is tried again after 3, 5 and 7 more days; then the
//     subscription is canceled. Real retries choose their own times.
//   - A webhook that is not accepted is tried again after 5 and 30 minutes, 2, 5
//     and 10 hours, then every 12 hours for three days of simulated time.
//   - A subscription under a schedule cannot be canceled, not even with DELETE:
//     release the schedule first.
//   - Taxes, sources, Connect and the parameters in errors.go are not simulated;
//     they are refused, never ignored.
package stripesim
