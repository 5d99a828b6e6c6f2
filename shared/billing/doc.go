// Package billing holds every rule of Windfall and nothing else.
//
// It imports the standard library and one decimal library: no AWS, no Stripe,
// no HTTP, no clock, no chance. Each rule is a pure function that takes what
// is known (a State), what was asked (a command) and returns what must happen
// (a Decision, a Settlement). Package app loads the one and carries out the
// other.
//
// Attach
//
//	What happens when a product is attached?             attach.go
//	Is it new, an add-on, a one-off, an upgrade?         attach.go, branch
//	What is charged now, and what next period?           price.go
//	What is asked of Stripe, and in which words?         purchase.go, step.go, step_change.go
//	What is left behind when Stripe has answered?        settle.go
//	Who gets a trial?                                    purchase.go, trialFor
//
// Changing and ending
//
//	What is an upgrade, and what a downgrade?            change.go, upgrades
//	What is charged and credited for the time left?      proration.go
//	What happens on cancel, and to what waits?           cancel.go
//	What does a subscription do when its period ends?    plan.go
//	Which products give way, and what follows them?      settle.go, follow.go
//	How do rows and balances change together?            moves.go
//	What does a change at Stripe mean here?              follow.go, subscription.go
//
// Balances
//
//	What is a balance, and in which order is it used up? balance.go
//	What does a use take, and what does it give back?    use.go, deduct.go
//	Where does a use come from: own, or credits?         source.go
//	May this customer use this feature?                  check.go, feature_check.go, product_check.go
//	What does somebody see who may not?                  paywall.go
//	What does a product grant; what survives a switch?   grant.go
//	When does an allowance come back?                    interval.go
//	How is a balance set by hand?                        set_balance.go
//
// Usage
//
//	When is overage closed, and when billed?             usage_close.go, usage_bill.go
//	What does a line of usage cost?                      usage_line.go
//	What is kept of a use, and how is it added up?       usage_event.go, usage_report.go
//
// Customers and what they hold
//
//	What identifies a customer?                          customer.go
//	What does a new customer get?                        create_customer.go
//	What status does a held product have today?          customer_product.go
//	What is known of a customer at once?                 state.go
//
// The offer
//
//	What is a product, an item, a feature?               product.go, feature.go
//	Which products and edits are allowed?                product_rules.go, item_rules.go, item_price_rules.go
//	When does an edit make a new version?                product_rules.go
//	What is a credit system?                             credit_rules.go
//	What is a reward, a program, a code?                 reward.go, reward_rules.go, program_rules.go
//	Who may redeem, and who is rewarded?                 redeem.go, referral.go
//	When is a purchase paid that a reward waits for?     purchase_paid.go
//	When is an earned discount applied?                  reward_queue.go, step_discount.go
//
// And: money.go and number.go (units and exactness), errors.go (every kind of
// failure).
package billing
