// Package dashboard is the dashboard: pages for the people of a company. They find a customer, see why something
// was charged, give a reward, approve what is held.
//
// It holds no rule. Every change is a command of package app or admin that the API calls, too; every refusal is
// the sentence that the API gives.
//
//	web        finds the page, keeps strangers out, answers; forms and commands in two steps
//	ui         draws: the frame, tables, forms, previews
//	signin     signing in and out, the environment of a session
//	customers  /customers
//	catalog    /products and /codes
//	operate    Overview, /redemptions, /activity, /keys, /settings
package dashboard

import (
	"windfall/shared/app"
	"windfall/shared/dashboard/catalog"
	"windfall/shared/dashboard/customers"
	"windfall/shared/dashboard/operate"
	"windfall/shared/dashboard/signin"
	"windfall/shared/dashboard/web"
)

// Dashboard serves all pages behind API Gateway.
func Dashboard(a *app.App) *web.Function {
	return web.NewFunction(Site(a, web.Options{}), "ANY /dashboard", "ANY /dashboard/{proxy+}")
}

// Site is all pages.
func Site(a *app.App, o web.Options) *web.Site {
	s := web.New(a, o)
	s.Add(signin.Routes(s, a), customers.Routes(a), catalog.Routes(a), operate.Routes(s, a))
	return s
}
