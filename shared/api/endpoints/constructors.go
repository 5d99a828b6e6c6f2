package endpoints

import (
	"windfall/shared/api"
	v1 "windfall/shared/api/v1"
	v2 "windfall/shared/api/v2"
	"windfall/shared/app"
)

// Attach attaches products to a customer.
func Attach(a *app.App) *api.Function { return api.NewFunction(a, v1.Attach(a), v2.Attach(a)) }

// PreviewAttach says what an attach would do and charge.
func PreviewAttach(a *app.App) *api.Function {
	return api.NewFunction(a, v1.PreviewAttach(a), v2.PreviewAttach(a))
}

// BillingPortal opens Stripe's pages for customers: the portal, and the page that saves a card.
func BillingPortal(a *app.App) *api.Function {
	return api.NewFunction(a, v1.BillingPortal(a), v2.BillingPortal(a))
}

// Cancel ends a customer product, with its period or at once.
func Cancel(a *app.App) *api.Function { return api.NewFunction(a, v1.Cancel(a)) }

// Check answers whether a customer may use a feature.
func Check(a *app.App) *api.Function {
	return api.NewFunction(a, v1.Check(a), v2.Check(a, v1.Preview(a)))
}

// Track records the use of features, and sets usage or balance.
func Track(a *app.App) *api.Function {
	return api.NewFunction(a, v1.Track(a), v2.Track(a, v1.BatchTrack(a)))
}

// Balances gives, changes and lists balances, and ends locks.
func Balances(a *app.App) *api.Function {
	return api.NewFunction(a, v1.Balances(a), v2.Balances(a))
}

// Events reports usage events: lists of them, and sums.
func Events(a *app.App) *api.Function {
	return api.NewFunction(a, v1.Events(a), v2.Events(a, v1.AggregateEvents))
}

// Customers creates, reads, lists, changes and deletes customers.
func Customers(a *app.App) *api.Function { return api.NewFunction(a, v1.Customers(a), v2.Customers(a)) }

// Features administers features: what products grant.
func Features(a *app.App) *api.Function { return api.NewFunction(a, v1.Features(a), v2.Features(a)) }

// Products administers products: what customers buy.
func Products(a *app.App) *api.Function { return api.NewFunction(a, v1.Products(a), v2.Products(a)) }

// Rewards administers rewards and their promotion codes.
func Rewards(a *app.App) *api.Function { return api.NewFunction(a, v1.Rewards(a), v2.Rewards(a)) }

// UseReward gives a customer a reward, and explains who may use one.
func UseReward(a *app.App) *api.Function { return api.NewFunction(a, v1.UseReward(a), v2.UseReward(a)) }

// ReferralPrograms administers which reward customers earn by bringing others.
func ReferralPrograms(a *app.App) *api.Function {
	return api.NewFunction(a, v1.ReferralPrograms(a), v2.ReferralPrograms(a))
}

// ReferralCode answers a customer's code in a program.
func ReferralCode(a *app.App) *api.Function {
	return api.NewFunction(a, v1.ReferralCode(a), v2.ReferralCode(v1.CreateCode(a)))
}

// RedeemReferral redeems the code of a referrer, and reports redemptions.
func RedeemReferral(a *app.App) *api.Function {
	return api.NewFunction(a, v1.RedeemReferral(a), v2.RedeemReferral(v1.RedeemCode(a)))
}

// Settings administers a company's settings of an environment.
func Settings(a *app.App) *api.Function { return api.NewFunction(a, v1.Settings(a), v2.Settings()) }

// StripeWebhook takes Stripe's events, which know of no dialect.
func StripeWebhook(a *app.App) *api.Function { return api.NewFunction(a, v1.StripeWebhook(a)) }

// Entities makes, reads and deletes entities of customers.
func Entities(a *app.App) *api.Function { return api.NewFunction(a, v1.Entities(a), v2.Entities(a)) }
