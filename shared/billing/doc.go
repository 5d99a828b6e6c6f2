// Package billing owns what is decided about a customer: which products they
// get, change and lose, what that costs, what is asked of Stripe, and what it
// means when Stripe answers. With money, ledger, credit, pageparams, catalog, reward
// and entitlement below it, it holds every rule of Windfall and nothing else.
//
// They import the standard library and one decimal library: no AWS, no
// Stripe, no HTTP, no clock, no chance. Each rule is a pure function that takes
// what is known (a State), what was asked (a command) and returns what must
// happen (a Decision, a Settlement). Package app loads the one and carries out
// the other. This page is the index of questions over all of them; a file
// without a folder is in this one.
//
// Attach
//
//	What happens when a product is attached?             attach.go
//	Is it new, an add-on, a one-off, an upgrade?         attach.go, branch
//	What is charged now, and what next period?           price.go, catalog/item_price.go
//	What is asked of Stripe, and in which words?         purchase.go, step.go
//	What is left behind when Stripe has answered?        settle.go
//	What happens when the card is declined?              purchase.go: Decision.Declined, which is a page instead; app/work.go
//	… and during a change?                               nothing has changed at Stripe: payments/change_params.go; app/operation_end.go, end
//	In which currency does a customer pay?               currency.go, catalog/currency.go, money/currency.go
//	… whom Stripe bills in one already?                  currency.go, BilledIn
//	Who gets a trial?                                    attach_checks.go, trialFor
//	What may a call choose for one customer alone?       custom.go
//	Does Stripe compute a tax, and which amounts are before it? purchase.go and change.go, taxed; invoice.go, BeforeTax
//	What may an attach set of Stripe's page?             pageparams/params.go, pageparams/forms.go
//	When does the first period end, and a full one begin? billing_day.go, money/anchor.go
//	Which quantities of prepaid features make sense?     attach_checks.go, catalog/quantity.go
//	What does an update change, and of which product?    update.go
//
// Changes of what a customer has
//
//	What is an upgrade, and when does a change happen?   change.go, catalog/upgrade.go
//	What does a change at once cost, and exchange?       change.go, exchange.go, proration.go, money/period.go
//	What was paid of the time left, and is credited?     unpaid.go, ledger/ledger.go, ledger/backing.go
//	What is read of Stripe's invoices for that?          bills.go, ledger/billed.go, ledger/order.go, ledger/apart.go, ledger/list.go
//	How does a downgrade take effect at the period's end? change_later.go, plan.go; then follow.go (Stripe says so) or close.go (its day has come)
//	What continues, or changes in quantity?              change_later.go, plan.go
//	What does the same product with other items keep?    entitlement/keep_usage.go
//	How does a product end, and what follows it?         cancel.go, follow.go; payments/credit_unused.go
//	What is credited by an end that was interrupted?     credit_again.go, app/credit_again.go, payments/credit_again.go
//	Which products give way?                             settle.go, replacedBy
//	In which way do rows and balances change with it?    transition.go, entitlement/grant_change.go
//	What does a change at Stripe mean here?              follow.go, subscription.go, entitlement/grant_restart.go
//	Which products are sold on a subscription there?     follow_items.go, sold.go
//	Which changes at Stripe are not followed?            customer_product.go
//	What follows when a payment is refunded or disputed? payment.go, entitlement/take_back.go
//	Is an invoice what was computed?                     invoice.go
//	What would attaching a product mean to a customer?   scenario.go
//
// Balances
//
//	What is a balance, and in which order is it used up? entitlement/balance.go, entitlement/summary.go
//	What does a usage request take, and give back?       entitlement/use.go, entitlement/deduct.go
//	What pays for a feature: its own balance, or credits? catalog/source.go
//	May this customer use this feature, or product?      entitlement/check.go, scenario.go
//	What does a customer see who may not?                scenario.go
//	What does a product grant?                           entitlement/origin.go
//	What survives a switch of products?                  entitlement/grant.go
//	When does an allowance come back?                    money/interval.go
//	What do many uses at once take?                      entitlement/batch.go; app/track_batch.go, app/track_customer.go
//	How is a balance set by hand?                        entitlement/set_balance.go
//	What belongs to no product?                          entitlement/own_grant.go
//	What does a lock reserve, and when is it released?   entitlement/lock.go, entitlement/reservation.go; app/lock.go, app/finalize_lock.go
//	What if one row is too slow for it?                  entitlement/shards.go
//	What has an entity, and what do customer and entities have together? entitlement/entity.go; app/pool.go
//
// Usage
//
//	When is overage closed, and when billed?             entitlement/usage_close.go, billing/usage_bill.go
//	… that is billed more often than the subscription?   usage_within.go, app/usage_bill.go; catalog/product_check.go, checkIntervals
//	What becomes of a draft renewal when its subscription ends? payments/collect_ended.go, payments/unbegun.go
//	What if no try pays an invoice of no subscription?   invoice_room.go, Uncollected; payments/read_customer.go, collectable
//	What do seats cost, when taken, renewed, exchanged?  seats.go, seats_switch.go, seats_change.go, entitlement/seats_held.go
//	What does a line of usage cost?                      usage_line.go
//	What if it is more than one invoice takes?           invoice_room.go
//	How much may one call count?                         catalog/settings.go
//	What is kept of a use, and how is it added up?       entitlement/usage_event.go, entitlement/usage_report.go
//
// Customers and what they have
//
//	What identifies a customer?                          customer.go
//	Which ids may be made?                               limits.go
//	How long may a text be, how large a list?            limits.go, catalog/catalog_limits.go, catalog/json_size.go
//	What does a new customer get?                        customer.go
//	Which background work is due, and what does it do?   close.go
//	What status does a customer product have today?      customer_product.go
//	What is known of a customer at once?                 state.go
//	When does an ended product leave the rows?           state.go, moveEnded
//	Who may have entities, and what does one take?       entities.go
//	Whose products and balances does a rule look at?     scope.go
//	When do entities follow a change of plan?            app/follow_entities.go
//	When does a customer get a side at Stripe?           purchase.go, customer.go
//	What may a page that saves a card hold?              purchase.go
//	What does the history keep of a change?              audit.go
//	May a customer be deleted, and what ends first?      delete_customer.go
//	What is a charge of a deleted customer?              delete_customer.go
//	By what is a customer searched for?                  search.go
//	What may a company choose for all of its customers?  catalog/settings.go, settings_edit.go
//
// What is for sale
//
//	What is a product, an item, a feature?               catalog/product.go, catalog/feature.go
//	Which products and edits are allowed?                catalog/product_rules.go, catalog/item_rules.go, catalog/item_price_rules.go
//	When does an edit make a new version?                catalog/product_rules.go
//	What does an edit of a part leave as it is?          catalog/product_parts.go
//	What does a catalog that is pushed as a whole change? catalog/configuration.go, catalog/configure_features.go, catalog/configure_products.go, catalog/configure_rewards.go
//	What is a credit system?                             catalog/credit_rules.go
//	Which id does a name make?                           catalog/made_id.go
//	What is a reward, a program, a code?                 catalog/reward.go, catalog/reward_rules.go, catalog/reward_terms.go, catalog/free_product.go, catalog/program_rules.go
//	Who may use a reward or a promotion code?            reward/evaluate.go
//	How often may codes be guessed?                      app/explain_reward.go
//	What is a promotion code, and when does it die?      reward/promo_code.go, reward/place_code.go
//	Which codes may be made, and what does an edit do?   reward/new_code.go, reward/code_list.go
//	How does a code stand, as people are told?           reward/standing.go
//	What does a discount take off, and cover?            reward/discount.go, catalog/discount_rules.go
//	What does a reward do with a purchase or a change?   given.go
//	Who may redeem, and who is rewarded?                 redeem.go
//	When is a purchase paid that a reward waits for?     referral.go
//	What becomes of a redemption that waits or is held?  trigger.go
//	What goes back with the first payment?               take_back.go
//	When is an earned discount applied?                  reward_queue.go, step.go
//	How is a discount taken off a customer?              take_off.go
//	What does a grant of features give, and take back?   catalog/reward_grants.go, entitlement/gift.go
//	What becomes of free periods of a paid product?      free_periods.go
//	When do invoice credits begin, and what is told of?  credits.go
//	What became of credits, and what is left?            credit/account.go, credit/fold.go
//	What is put on a customer's balance for them?        credit/post.go
//	What do credits for some prices pay?                 credit/scoped.go, credits.go
//	When do credits come back from an invoice?           credit/invoice.go, credit/fold.go
//	How many grants may there be, and for how long?       credit/room.go
//
// And: money/number.go and money/money.go (units and exactness),
// refusal/refusal.go (every kind of failure).
package billing
