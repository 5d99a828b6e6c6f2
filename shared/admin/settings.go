package admin

import (
	"context"
	"log/slog"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Settings reads the settings of the environment.
func (a *Admin) Settings(ctx context.Context, caller app.Caller) (catalog.Settings, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.Settings{}, err
	}
	return cat.Settings, nil
}

// EditSettings changes settings, and notes who changed what. Of two calls at
// the same moment none undoes what the other has set.
func (a *Admin) EditSettings(ctx context.Context, caller app.Caller, cmd billing.EditSettings) (catalog.Settings, error) {
	cmd.Actor, cmd.Now = caller.Actor, caller.Now
	done, err := app.RetryStale(ctx, a.pause, func() (billing.SettingsChange, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return billing.SettingsChange{}, err
		}
		cmd.InCurrency = cat.InCurrency()
		change, err := billing.DecideEditSettings(cat.Settings, cmd)
		if err != nil || !change.Changed() {
			return change, err
		}
		change.Audit.ID = a.newID()
		writes := []app.Write{app.SaveSettings{Settings: change.Settings}, app.AddAudit{InternalID: app.SettingsLog, Audit: change.Audit}}
		if change.Settings.Currency != cat.Settings.Currency { // what is priced meanwhile is not in it
			writes = append(writes, asRead(cat))
		}
		return change, a.store.Commit(ctx, caller.Env, writes...)
	})
	if err == nil && done.Changed() {
		a.log.LogAttrs(ctx, slog.LevelInfo, "the settings were changed", slog.String("env", string(caller.Env)),
			slog.String("key", caller.Actor), slog.Any("changes", done.Audit.Changes))
	}
	return done.Settings, err
}

// SettingsAudit reads a page of the history of the settings; see Store.Audit.
func (a *Admin) SettingsAudit(ctx context.Context, caller app.Caller, cursor string, limit int) ([]billing.Audit, string, error) {
	return a.store.Audit(ctx, caller.Env, app.SettingsLog, cursor, limit)
}
