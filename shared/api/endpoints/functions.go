package endpoints

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/app"
)

// Functions builds every function over one App, by the name of its folder. A
// deployed Lambda is one of them; a laptop runs them all.
func Functions(a *app.App) map[string]lambda.Handler {
	return map[string]lambda.Handler{
		"attach":            Attach(a),
		"preview_attach":    PreviewAttach(a),
		"billing_portal":    BillingPortal(a),
		"cancel":            Cancel(a),
		"check":             Check(a),
		"track":             Track(a),
		"balances":          Balances(a),
		"events":            Events(a),
		"table_stream":      api.TableStream(a),
		"customers":         Customers(a),
		"entities":          Entities(a),
		"features":          Features(a),
		"products":          Products(a),
		"rewards":           Rewards(a),
		"use_reward":        UseReward(a),
		"referral_programs": ReferralPrograms(a),
		"referral_code":     ReferralCode(a),
		"redeem_referral":   RedeemReferral(a),
		"settings":          Settings(a),
		"stripe_webhook":    StripeWebhook(a),
		"close_periods":     api.ClosePeriods(a),
		"unknown_route":     UnknownRoute(a),
	}
}

// Routes lists the patterns of each function, by the name of its folder, as
// template.yaml has them.
func Routes() map[string][]string {
	routes := map[string][]string{}
	for name, f := range Functions(&app.App{}) {
		if served, ok := f.(interface{ Routes() []string }); ok {
			routes[name] = served.Routes()
		}
	}
	return routes
}
