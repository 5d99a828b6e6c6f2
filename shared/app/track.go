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

// A TrackResult is a recorded call.
type TrackResult struct {
	ID      string            // of the event
	Counted []billing.Counted // one for each feature that counts it
}

// Track records a use. In the common case it is one conditional write of one
// row, without a read.
func (a *App) Track(ctx context.Context, who Caller, cmd TrackCommand) (TrackResult, error) {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return TrackResult{}, err
	}
	if err := billing.CheckUsageEvent(cmd.EventName, cmd.Properties); err != nil {
		return TrackResult{}, err
	}
	uses, err := a.uses(ctx, who, cmd)
	if err != nil {
		return TrackResult{}, err
	}
	if cmd.Data.Given() {
		if _, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data); err != nil {
			return TrackResult{}, err
		}
	}
	event, err := a.usageEvent(ctx, who, cmd, uses)
	if err != nil {
		return TrackResult{}, err
	}
	counted, err := a.track(ctx, who, cmd, event, uses)
	return TrackResult{event.ID, counted}, err
}

func (a *App) track(ctx context.Context, who Caller, cmd TrackCommand, event Tracked, uses []billing.Use) ([]billing.Counted, error) {
	var catalog *billing.Catalog // once the seats of a row turn out to be paid for
	return again(ctx, a, func() ([]billing.Counted, error) {
		if catalog != nil {
			return a.trackSeats(ctx, who, catalog, cmd, event, uses)
		}
		counted, known, err := a.fastTrack(ctx, who, cmd, event, uses)
		if len(counted) > 0 || err != nil {
			return counted, err
		}
		// The rows as a whole: resets that are due, uses that span several
		// grants or sources, customers not yet known.
		held, err := a.held(ctx, who, cmd.CustomerID, billing.CustomerData{}, known, uses...)
		if err != nil {
			return nil, err
		}
		if paysSeats(held, who.Now) {
			if catalog, err = a.Store.Catalog(ctx, who.Env, true); err != nil {
				return nil, err
			}
			return a.trackSeats(ctx, who, catalog, cmd, event, uses)
		}
		_, counted, err = a.saveUse(ctx, who, cmd.CustomerID, held, cmd.RequestKey, event, uses...)
		return counted, err
	})
}

// uses lists what a track takes, of each feature that counts it.
func (a *App) uses(ctx context.Context, who Caller, cmd TrackCommand) ([]billing.Use, error) {
	features, catalog, err := a.tracked(ctx, who, cmd)
	if err != nil {
		return nil, err
	}
	var uses []billing.Use
	for _, f := range features {
		if !f.Metered() {
			return nil, billing.ErrNotMetered(f.ID)
		}
		uses = append(uses, billing.Use{Feature: f, Sources: catalog.Sources(f), Value: cmd.Value, Whole: cmd.Whole, Now: who.Now})
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

// fastTrack takes the uses without a read. counted is nil where that was not
// possible, and known are the rows it met then. The write of one row tells its
// balance; shards and a transaction tell none, as that would be another request.
func (a *App) fastTrack(ctx context.Context, who Caller, cmd TrackCommand, event Tracked, uses []billing.Use) (counted []billing.Counted, known map[string]billing.Balance, err error) {
	if slices.ContainsFunc(uses, func(u billing.Use) bool { return !u.Plain() }) {
		return nil, nil, nil
	}
	if len(uses) == 1 && cmd.RequestKey == "" {
		u := uses[0]
		read := !slices.ContainsFunc(u.Sources, func(s billing.Source) bool { return s.Shards > 1 })
		fast, err := a.useOne(ctx, who, cmd.CustomerID, u, read, event)
		if !fast.done || err != nil {
			return nil, fast.known, err
		}
		done := u.All(fast.source)
		if read {
			done = done.Known(fast.balance, who.Now)
		}
		return []billing.Counted{done}, nil, nil
	}
	takes, err := merged(uses)
	if err != nil {
		return nil, nil, err
	}
	done, duplicate, err := a.Store.UseAll(ctx, who.Env, cmd.CustomerID, Usage{Takes: takes, Now: who.Now, Event: event}, cmd.RequestKey)
	if duplicate {
		err = errDuplicateTrack
	}
	if !done || err != nil {
		return nil, nil, err
	}
	for _, u := range uses {
		counted = append(counted, u.All(u.Sources[0]))
	}
	return counted, nil, nil
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
