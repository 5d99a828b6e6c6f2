// Package catalog owns what a company sells in one environment: features,
// products with their versions and items, credit systems, rewards, promotion
// codes, referral programs and settings, and which edits of them are allowed.
// It knows no customer.
//
//	What is a product, an item, a feature?               product.go, feature.go
//	Which products and edits are allowed?                product_rules.go, item_rules.go, item_price_rules.go
//	When does an edit make a new version?                product_rules.go
//	What does an item cost, in packs and tiers?          item_price.go, quantity.go
//	What is an upgrade?                                  upgrade.go
//	What is a credit system, and what pays for a feature? credit_rules.go, source.go
//	What is a reward, a program, a code?                 reward.go, reward_rules.go, discount_rules.go, program_rules.go, code_text.go
//	What may a company choose for all of its customers?  settings.go
//	How long may a list or a text be?                    catalog_limits.go, catalog_text.go, json_size.go
package catalog
