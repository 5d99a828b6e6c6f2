package catalog

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// A deletion is a command in two steps that removes one thing of the catalog.
type deletion struct {
	of    string // the tab of such things
	thing string // "Reward"
	back  ui.Link

	// find names the thing of a path, and says what its deletion would lead to; or why it can't be deleted.
	find func(c *catalog.Catalog, id string) (name string, sentences []string, err error)
	do   func(ctx context.Context, r *web.Request, id string) error
}

func (p pages) deleteRoutes() []web.Route {
	return slices.Concat(
		p.deletes(deletion{rewardsTab, "reward", toRewards, func(c *catalog.Catalog, id string) (string, []string, error) {
			w, err := catalog.DecideDeleteReward(c, id)
			return w.Name, []string{"Nobody can use its codes any more, and their texts are free.", "What was given already stays."}, err
		}, func(ctx context.Context, r *web.Request, id string) error {
			return p.admin.DeleteReward(ctx, r.Caller(), id)
		}}),

		p.deletes(deletion{programsTab, "referral program", toPrograms, func(c *catalog.Catalog, id string) (string, []string, error) {
			w, err := c.Program(id)
			return w.ID, []string{"Nobody can redeem its codes any more.", "Redemptions that wait for a purchase are closed. What was given, or is held for review, stays."}, err
		}, func(ctx context.Context, r *web.Request, id string) error {
			_, err := p.admin.DeleteProgram(ctx, r.Caller(), id)
			return err
		}}),

		p.deletes(deletion{featuresTab, "feature", toFeatures, func(c *catalog.Catalog, id string) (string, []string, error) {
			return c.Features[id].Name, []string{"Your application can ask for it no more: a check of it is refused."}, catalog.DecideDeleteFeature(c, id)
		}, func(ctx context.Context, r *web.Request, id string) error {
			return p.admin.DeleteFeature(ctx, r.Caller(), id)
		}}),

		p.deletes(deletion{productsTab, "product", toProducts, func(c *catalog.Catalog, id string) (string, []string, error) {
			_, err := catalog.DecideDeleteProduct(c, id)
			return nameOf(c, id), []string{"It is removed in all of its versions. No customer ever had it."}, err
		}, func(ctx context.Context, r *web.Request, id string) error {
			return p.admin.DeleteProduct(ctx, r.Caller(), id)
		}}),
	)
}

func (p pages) deletes(d deletion) []web.Route {
	return web.Command{
		Path: "/dashboard/products/" + d.of + "/{id}/delete",
		Title: func(context.Context, *web.Request) (ui.Page, error) {
			return ui.Page{Title: "Delete " + d.thing, Nav: "Products", Back: d.back, Narrow: true}, nil
		},
		Decide: func(ctx context.Context, r *web.Request) (out web.Decided, err error) {
			c, err := p.read(ctx, r)
			if err != nil {
				return out, err
			}
			name, sentences, err := d.find(c, r.Param("id"))
			if err != nil {
				return out, d.refused(err, r.Param("id"), name)
			}
			out.Sentences, out.Button, out.Danger = sentences, "Delete "+name, true
			return out, nil
		},
		Do: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			if err := d.do(ctx, r, r.Param("id")); err != nil {
				return web.Answer{}, err
			}
			return web.Done(d.back.Href, upper(d.thing)+" deleted."), nil
		},
	}.Routes()
}

// refused leads back; from a product that customers have, to where it is archived.
func (d deletion) refused(err error, id, name string) error {
	var no *refusal.Error
	if errors.As(err, &no) && no.Reason == catalog.ReasonProductHasCustomers {
		return web.WithLink(web.Refuse(http.StatusBadRequest, "Customers have or had %s, so it can't be deleted. Archive it instead: choose Archived and save.", name),
			ui.Link{Text: "Edit " + name, Href: productPath(id, "edit")})
	}
	return web.WithLink(err, d.back)
}
