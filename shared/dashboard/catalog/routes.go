// Package catalog has the pages of what a company offers: products, features, rewards, referral programs and codes.
//
//	The tabs of Products                    products.go
//	What a reward or a program does         sentence.go
//	Forms of rewards and programs           reward_form.go, reward_read.go, program_form.go
//	Forms of products and features          product_form.go, product_read.go, feature_form.go
//	One reward, one program                 reward_page.go, program_page.go
//	Codes: list, new, deactivate, explain   codes.go, code_form.go, deactivate.go, explain.go
//	Deletions                               delete.go
package catalog

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// pages are the pages of this package.
type pages struct {
	app   *app.App
	admin *admin.Admin
}

// Routes are those of this package.
func Routes(a *app.App) []web.Route {
	p := pages{a, admin.Of(a)}
	return slices.Concat(
		p.productRoutes(), p.featureRoutes(), p.rewardRoutes(), p.programRoutes(), p.codeRoutes(), p.deleteRoutes(),
	)
}

// The parts of paths below /dashboard/products, which are the names of its tabs, too.
const (
	productsTab = "products"
	featuresTab = "features"
	rewardsTab  = "rewards"
	programsTab = "referral-programs"
)

// tab is the address of a tab of Products.
func tab(name string) string { return ui.With(ui.Path("products"), "tab", name) }

// at is the address of a page below Products.
func at(parts ...string) string { return ui.Path(append([]string{"products"}, parts...)...) }

// read is the catalog as it is now. One request.
func (p pages) read(ctx context.Context, r *web.Request) (*catalog.Catalog, error) {
	return p.app.Store.Catalog(ctx, r.Session.Env, true)
}

// about says which field of a form a refusal is about, by its reason.
func about(err error, fields map[refusal.Reason]string) error {
	var no *refusal.Error
	if errors.As(err, &no) && fields[no.Reason] != "" {
		return web.On(fields[no.Reason], err)
	}
	return err
}

// missing is the page for something that is not there, with a way back; other errors stay.
func missing(err error, back ui.Link) error {
	var no *refusal.Error
	if errors.As(err, &no) && no.Kind == refusal.KindNotFound {
		return web.WithLink(err, back)
	}
	return err
}
