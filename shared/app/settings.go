package app

import (
	"context"
	"log/slog"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// settingsLog is under which id the history of the settings is kept; that of
// a customer begins with "cus_".
const settingsLog = "SETTINGS"

// Settings reads the settings of the environment.
func (a *App) Settings(ctx context.Context, caller Caller) (catalog.Settings, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.Settings{}, err
	}
	return cat.Settings, nil
}

// EditSettings changes settings, and notes who changed what. Of two calls at
// the same moment none undoes what the other has set.
func (a *App) EditSettings(ctx context.Context, caller Caller, cmd billing.EditSettings) (catalog.Settings, error) {
	cmd.Actor, cmd.Now = caller.Actor, caller.Now
	done, err := retryStale(ctx, a, func() (billing.SettingsChange, error) {
		s, err := a.Settings(ctx, caller)
		if err != nil {
			return billing.SettingsChange{}, err
		}
		change, err := billing.DecideEditSettings(s, cmd)
		if err != nil || !change.Changed() {
			return change, err
		}
		change.Audit.ID = a.NewID()
		return change, a.Store.Commit(ctx, caller.Env, SaveSettings{change.Settings}, AddAudit{settingsLog, change.Audit})
	})
	if err == nil && done.Changed() {
		a.Log.LogAttrs(ctx, slog.LevelInfo, "the settings were changed", slog.String("env", string(caller.Env)),
			slog.String("key", caller.Actor), slog.Any("changes", done.Audit.Changes))
	}
	return done.Settings, err
}

// SettingsAudit reads a page of the history of the settings; see Store.Audit.
func (a *App) SettingsAudit(ctx context.Context, caller Caller, cursor string, limit int) ([]billing.Audit, string, error) {
	return a.Store.Audit(ctx, caller.Env, settingsLog, cursor, limit)
}
