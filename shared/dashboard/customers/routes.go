// Package customers has the pages under /dashboard/customers: the list with its search, one customer with all that
// was bought, used, billed and given, and the commands for one customer.
//
//	list.go       the list and the search
//	create.go     New customer, Edit customer
//	customer.go   the page of one customer and its tabs
//	overview.go   the tab Overview: details.go, products.go, balances.go, rewards.go
//	usage.go, invoices.go, referrals.go, timeline.go  the other tabs
//	enable.go     Enable product; cancel.go, gift.go, balance.go: the other commands
//	export.go, import.go  CSV files
package customers

import (
	"slices"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

type pages struct{ app *app.App }

// Routes are those of this package.
func Routes(a *app.App) []web.Route {
	p := pages{a}
	return slices.Concat(
		[]web.Route{
			{Pattern: "GET /dashboard/customers", Serve: p.list},
			{Pattern: "GET /dashboard/customers/{id}", Serve: p.one},
			{Pattern: "POST /dashboard/customers/{id}/products/{product}/continue", Access: web.Editing, Serve: p.undoCancel},
		},
		p.newCustomer().Routes(), p.editCustomer().Routes(), p.enable().Routes(), p.cancel().Routes(), p.gift().Routes(), p.balance().Routes(),
		p.export(), p.importing())
}

// root is the address of the list.
func root() string { return ui.Path("customers") }

var toList = ui.Link{Text: "Back to customers", Href: ui.Path("customers")}
