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
//	What may a call choose for one customer alone?       custom.go
//	Which quantities of prepaid features make sense?     options.go
//
// Changes of what is held
//
//	What is an upgrade, and when does a change happen?   change.go
//	What does a change at once cost, and exchange?       change_now.go, exchange.go, proration.go
//	What waits, goes on, or changes in quantity?         change_later.go, plan.go
//	What does the same product with other items keep?    keep_usage.go
//	How does a product end, and what follows it?         cancel.go, follow.go
//	Which products give way?                             settle.go, replacedBy
//	In which way do rows and balances change with it?    transition.go
//	What does a change at Stripe mean here?              follow.go, subscription.go
//	Is an invoice what was reckoned?                     invoice_totals.go
//	What would attaching a product mean to a customer?   scenario.go, offer.go
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
//	What if one row is too slow for it?                  shards.go
//
// Usage
//
//	When is overage closed, and when billed?             usage_close.go, usage_bill.go
//	What do seats cost, when taken, renewed, exchanged?  seats.go, seats_renew.go, seats_change.go
//	What does a line of usage cost?                      usage_line.go
//	What is kept of a use, and how is it added up?       usage_event.go, usage_report.go
//
// Customers and what they hold
//
//	What identifies a customer?                          customer.go
//	Which ids may be made?                               ids.go
//	How long may a text be, how large a list?            limits.go, json_size.go
//	What does a new customer get?                        create_customer.go
//	When must somebody look after it, and what then?     close.go
//	What status does a held product have today?          customer_product.go
//	What is known of a customer at once?                 state.go
//	When does a customer get a side at Stripe?           stripe_customer.go
//	What may a page that saves a card hold?              setup_payment.go
//	What does the history keep of a change?              audit.go
//	May a customer be deleted, and what ends first?      delete_customer.go
//	What is a charge of somebody who is deleted?         deleted_customer.go
//	By what is a customer searched for?                  search.go
//	What may a company choose for all of its customers?  settings.go
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
