// Package admin keeps what a company administers: features, products, rewards, promotion codes,
// referral programs and settings. Each command reads the catalog anew, asks a
// rule and saves in one transaction; one that another call overtook is decided
// again.
//
// It owns no customer, no money and nothing at Stripe: what a change means for
// customers is decided by package app when they come, on the catalog of then.
// API keys are made here for a person in the dashboard (Keys), by the code of the
// operator's command; package api checks them. What waits for a person is dealt with by
// Attention, for functions that may do what the webhook and the sweep do.
package admin

import (
	"context"
	"log/slog"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Store is the part of the table that administration needs; app.Store says what
// each method promises.
type Store interface {
	app.RewardStore
	app.ReferralStore
	Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error)
	CustomersByKey(ctx context.Context, env catalog.Env, keys ...string) (map[string]billing.Customer, error)
	Audit(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) (entries []billing.Audit, next string, err error)
	Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error
}

// Admin carries out the commands of administration.
type Admin struct {
	store   Store
	lists   app.ListStore // of the same table: apart, so that what lists nothing links nothing of it
	newID   func() string
	newCode func() string
	log     *slog.Logger
	pause   app.Pause
}

// asRead guards an edit: it was decided on the catalog as it is. After another one it is
// decided again.
func asRead(c *catalog.Catalog) app.Write { return app.CatalogAsRead{Revision: c.Revision()} }

// Of is the administration of what an App sells.
func Of(a *app.App) *Admin {
	lists, _ := a.Store.(app.ListStore)
	return &Admin{a.Store, lists, a.NewID, a.NewCode, a.Log, a.Pause}
}
