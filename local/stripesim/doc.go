// Package stripesim is a stateful Stripe for subscription billing at API
// version 2023-10-16: an http.Handler with its own clock, hosted pages, and
// signed webhooks. It needs neither AWS nor a Stripe account. Stripe's client
// libraries work with it unmodified, within the endpoints and parameters that it
// has; it refuses all others.
//
// This package owns the account: the endpoints of the API, the rules of billing,
// and time. The packages below it own the rest, and never import this one:
//
//	object     the shapes of Stripe's API
//	form       request parameters
//	calc       arithmetic of billing
//	store      objects in memory and on disk
//	hosted     the hosted pages; pages has their templates
//	delivery   events on their way to webhook endpoints
//	recorder   recordings for tests/conformance/openapi
//	display    amounts and dates for people
//
// Requests
//
//	How does a request run?                           server.go, api.go, routes.go
//	What does an Idempotency-Key do?                  idempotency.go
//	Which parameters does an endpoint take?           the table of routes at the top of each object's file; package form
//	How are lists divided into pages?                 pagination.go
//	What does an answer expand?                       expand.go, render.go
//	Which errors are there?                           errors.go
//	How does a test lose an answer, or get a 500?     fault.go, transport.go
//
// State and time
//
//	How does a change see its own writes, or go?      tx.go, package store
//	What happens when time passes?                    clock.go, advance.go, due.go, test_clock.go
//	How is a whole account saved and restored?        snapshot.go
//
// Subscriptions
//
//	How does one begin?                               subscription_create.go, subscription_open.go
//	How does one change, and what does it cost?       subscription_update.go, subscription_apply.go, proration.go
//	How does one renew, or end?                       subscription_due.go, subscription_renew.go, subscription_cancel.go
//	What does a schedule do?                          schedule_phases.go, schedule_run.go
//
// Invoices and payments
//
//	What is on an invoice?                            invoice_new.go, invoice_item.go, invoice_total.go
//	What is taxed, and how much?                      tax.go, calc/tax.go; checkout_tax.go for a page
//	How is it finalized, paid, tried again?           invoice_finalize.go, invoice_pay.go, invoice_due.go
//	Which amounts are too large, and what then?       largest.go
//	What would the next invoice be?                   upcoming.go, which runs the real thing on a fork
//	What does a card say to a charge?                 cards.go, payment_intent.go
//	How is money given back?                          refund.go, credit_note.go
//	What is taken back by a bank?                     dispute.go
//	Who may use a coupon or code?                     redeem.go
//
// Checkout, portal and pages
//
//	What is in a Checkout session?                    checkout.go, checkout_lines.go
//	What happens when it completes?                   checkout_complete.go, checkout_modes.go
//	What does its page say before that?               checkout_quote.go
//	How does a test complete one without the page?    checkout_machine.go, purchase.go
//	What may a customer do in the portal?             portal.go, portal_actions.go
//	What do the pages read, and what do buttons do?   hosted_view.go, hosted_actions.go, hosted_challenge.go
//
// Events
//
//	Which events does a change make?                  emit.go
//	How do they reach webhooks?                       outbox.go, package delivery
//	How does a test hold, shuffle or repeat them?     delivery_api.go
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
//   - The end of a subscription under a schedule is planned on the schedule
//     alone. DELETE ends both at once.
//   - An automatic tax is one rate for the country of the customer's address.
//   - Tax rates, sources, Connect and the parameters in errors.go are not simulated;
//     they are refused, never ignored.
package stripesim
