// Package entitlement owns balances: what a product grants of a feature, what
// is used of it, when it comes back and what is used beyond it. It knows the
// catalog and of a customer product no more than its Origin; it neither charges
// nor decides who gets a product.
//
//	What is a balance, and in which order is it used up? balance.go, summary.go
//	What does a usage request take, and give back?       use.go, deduct.go
//	May this customer use this feature?                  check.go
//	What does a product grant?                           origin.go
//	What survives a switch of products?                  grant.go, grant_change.go, keep_usage.go
//	Which seats are taken, and paid for?                 seats_held.go
//	When is overage closed?                              usage_close.go
//	How is a balance set by hand?                        set_balance.go
//	What if one row is too slow for it?                  shards.go
//	What has an entity of a customer, and what do both?  entity.go
//	What is kept of a use, and how is it added up?       usage_event.go, usage_report.go
package entitlement
