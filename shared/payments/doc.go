// Package payments calls Stripe. It implements app.Payments with stripe-go.
//
// A step is data and may be taken again, word for word, by any process that
// finds the operation unfinished. Every creating call therefore has a key made
// of the operation and the step, and every created object has the operation's
// id, so that it is found after the key has expired. Answers are converted to
// the types of package billing here; no Stripe type leaves the package.
//
//	How is one step taken, and with which key?    take.go
//	What if Stripe has used up the key?           once.go
//	What is each step to Stripe?                  new_customer.go, new_price.go,
//	                                              new_subscription.go, new_invoice.go,
//	                                              new_session.go, expire_session.go,
//	                                              add_usage.go, change_subscription.go,
//	                                              set_plan.go, end_subscription.go,
//	                                              put_discount.go, coupon.go
//	What are the parameters of a change, a plan?  change_params.go, plan_phases.go
//	From when is unused time credited at an end?  credit_unused.go
//	What becomes of usage when a change is
//	refused?                                      wait_usage.go
//	When is a subscription under a schedule?      schedule.go
//	What may the customer change on the page?     page_lines.go
//	Which parameters may the caller set?          session_extra.go
//	Where does the customer manage all this?      open_portal.go
//	When is an invoice sent, paid, taken back?    issue_invoice.go
//	What is read back?                            read_customer.go, read_session.go,
//	                                              read_invoice.go, read_subscription.go,
//	                                              read_discounts.go, read_running.go
//	What does a refusal mean to the caller?       errors.go
//	Which environment is a webhook for?           event.go
//	Where do keys come from, and when are they
//	read again?                                   secrets.go
//
// Money is never a float here, although stripe-go offers it: decimal prices
// are written as text.
package payments
