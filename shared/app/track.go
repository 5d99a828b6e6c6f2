package app

import (
	"context"
	"slices"
	"time"

	"windfall/shared/billing"
)

// A TrackCommand records a use of a feature.
type TrackCommand struct {
	CustomerID string
	Data       billing.CustomerData
	FeatureID  string // or
	EventName  string
	Value      billing.Decimal // below 0 gives back
	Whole      bool            // refused where not all of it can be taken
	RequestKey string          // idempotency_key: counts once per customer
	At         time.Time       // when it happened; zero is now
	Properties string          // a JSON object for the event, or ""
}

var errDuplicateTrack = &billing.Error{Kind: billing.KindConflict, Code: "duplicate_idempotency_key",
	Message: "An event with this idempotency_key was recorded for this customer before."}

// Track records a use and returns the event's id. In the common case it is one
// conditional write of one row, without a read.
func (a *App) Track(ctx context.Context, who Caller, cmd TrackCommand) (string, error) {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return "", err
	}
	if err := billing.CheckUsageEvent(cmd.EventName, cmd.Properties); err != nil {
		return "", err
	}
	uses, err := a.uses(ctx, who, cmd)
	if err != nil {
		return "", err
	}
	if cmd.Data.Given() {
		if _, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data); err != nil {
			return "", err
		}
	}
	event, err := a.usageEvent(ctx, who, cmd, uses)
	if err != nil {
		return "", err
	}
	id := event.ID
	if len(uses) == 0 && cmd.RequestKey == "" {
		return id, nil
	}
	var catalog *billing.Catalog // once the seats of a row turn out to be paid for
	return again(ctx, a, func() (string, error) {
		if catalog != nil {
			return id, a.trackSeats(ctx, who, catalog, cmd, event, uses)
		}
		done, known, err := a.fastTrack(ctx, who, cmd, event, uses)
		if done || err != nil {
			return id, err
		}
		// The rows as a whole: resets that are due, uses that span several
		// grants or sources, customers not yet known.
		held := known
		if len(uses) > 0 {
			if held, err = a.held(ctx, who, cmd.CustomerID, billing.CustomerData{}, known, uses...); err != nil {
				return id, err
			}
		}
		if paysSeats(held, who.Now) {
			if catalog, err = a.Store.Catalog(ctx, who.Env, true); err != nil {
				return id, err
			}
			return id, a.trackSeats(ctx, who, catalog, cmd, event, uses)
		}
		_, err = a.saveUse(ctx, who, cmd.CustomerID, held, cmd.RequestKey, event, uses...)
		return id, err
	})
}

// uses lists what a track takes, of each feature that counts it. A boolean
// feature is never used up.
func (a *App) uses(ctx context.Context, who Caller, cmd TrackCommand) ([]billing.Use, error) {
	features, catalog, err := a.tracked(ctx, who, cmd)
	if err != nil {
		return nil, err
	}
	var uses []billing.Use
	for _, f := range features {
		if f.Metered() {
			uses = append(uses, billing.Use{Feature: f, Sources: catalog.Sources(f), Value: cmd.Value, Whole: cmd.Whole, Now: who.Now})
		}
	}
	return uses, nil
}

func (a *App) tracked(ctx context.Context, who Caller, cmd TrackCommand) ([]billing.Feature, *billing.Catalog, error) {
	if cmd.FeatureID != "" {
		f, catalog, err := a.feature(ctx, who, cmd.FeatureID)
		return []billing.Feature{f}, catalog, err
	}
	for _, fresh := range []bool{false, true} {
		catalog, err := a.Store.Catalog(ctx, who.Env, fresh)
		if err != nil {
			return nil, nil, err
		}
		if features := catalog.Listening(cmd.EventName); len(features) > 0 {
			return features, catalog, nil
		}
	}
	return nil, nil, &billing.Error{Kind: billing.KindInvalid, Code: "invalid_event_name",
		Message: "No feature counts events named \"" + cmd.EventName + "\"."}
}

// fastTrack takes the uses without a read. known are the rows it met where
// that was not possible.
func (a *App) fastTrack(ctx context.Context, who Caller, cmd TrackCommand, event Tracked, uses []billing.Use) (done bool, known map[string]billing.Balance, err error) {
	if len(uses) == 0 || slices.ContainsFunc(uses, func(u billing.Use) bool { return !u.Plain() }) {
		return false, nil, nil
	}
	if len(uses) == 1 && cmd.RequestKey == "" {
		fast, err := a.useOne(ctx, who, cmd.CustomerID, uses[0], false, event)
		return fast.done, fast.known, err
	}
	takes, err := merged(uses)
	if err != nil {
		return false, nil, err
	}
	done, duplicate, err := a.Store.UseAll(ctx, who.Env, cmd.CustomerID, Usage{Takes: takes, Now: who.Now, Event: event}, cmd.RequestKey)
	if duplicate {
		err = errDuplicateTrack
	}
	return done, nil, err
}

// merged lists what uses take from their first sources, one take per row: a
// transaction can't change a row twice.
func merged(uses []billing.Use) ([]Take, error) {
	var takes []Take
	at := map[string]int{}
	for _, u := range uses {
		amount, err := u.Sources[0].Take(u.Value)
		if err != nil {
			return nil, err
		}
		id := u.Sources[0].FeatureID
		if i, again := at[id]; again {
			takes[i].Amount = takes[i].Amount.Add(amount)
			continue
		}
		at[id] = len(takes)
		takes = append(takes, Take{id, amount, u.Sources[0].Shards})
	}
	return takes, nil
}
