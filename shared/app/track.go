package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A TrackCommand records a use of a feature.
type TrackCommand struct {
	CustomerID string
	Data       billing.CustomerData
	EntityID   string // of the customer; "" takes from the customer's own, then from the entities
	EntityData EntityData
	FeatureID  string // or
	EventName  string
	Value      money.Decimal // below 0 gives back
	Whole      bool          // refused where not all of it can be taken
	RequestKey string        // idempotency_key: counts once per customer
	At         time.Time     // when it happened; zero is now
	Properties string        // a JSON object for the event, or ""
	Lock       *LockTerms    // reserves the value instead of using it; nil for none
}

var errDuplicateTrack = refusal.Conflict(ReasonDuplicateTrack)

// keysUsed refuses a use of which these request keys were used before.
type keysUsed []RequestKey

func (keysUsed) Error() string { return errDuplicateTrack.Error() }

func (keysUsed) Unwrap() error { return errDuplicateTrack }

// key is what the use is counted once under, if it is.
func (cmd TrackCommand) key() []RequestKey {
	if cmd.RequestKey == "" {
		return nil
	}
	return []RequestKey{{Name: cmd.RequestKey}}
}

// A TrackResult is a recorded call.
type TrackResult struct {
	ID      string                // of the event
	Counted []entitlement.Counted // one for each feature that counts it
}

// Track records a use. In the common case it is one conditional write of one
// row, without a read.
func (a *App) Track(ctx context.Context, caller Caller, cmd TrackCommand) (TrackResult, error) {
	requests, cat, err := a.checkedUses(ctx, caller, cmd)
	if err != nil {
		return TrackResult{}, err
	}
	w := work{App: a, caller: caller, catalog: cat}
	if err := w.introduce(ctx, cmd.CustomerID, cmd.EntityID, cmd.Data); err != nil {
		return TrackResult{}, err
	}
	if cmd.Lock != nil {
		return w.trackLocked(ctx, cmd, requests)
	}
	event, err := a.usageEvent(ctx, caller, cmd, requests)
	if err != nil {
		return TrackResult{}, err
	}
	would := func() error { return w.wouldTrack(ctx, cmd, requests) }
	counted, err := withEntity(ctx, w, cmd.CustomerID, cmd.Data, cmd.EntityID, cmd.EntityData, would, func() ([]entitlement.Counted, error) {
		return w.track(ctx, cmd.CustomerID, cmd.EntityID, cmd.key(), []UsageRecord{event}, requests)
	})
	if final(err) != nil && cmd.RequestKey != "" { // what was counted before may have left too little for once more
		if used, failed := a.Store.UsedKeys(ctx, caller.Env, cmd.CustomerID, cmd.RequestKey); failed != nil || len(used) > 0 {
			err = cmp.Or(failed, error(errDuplicateTrack))
		}
	}
	return TrackResult{event.ID, counted}, err
}

func (w work) track(ctx context.Context, customerID, entityID string, keys []RequestKey, events []UsageRecord, requests []entitlement.UsageRequest) ([]entitlement.Counted, error) {
	var seats *work // once the seats of a row turn out to be paid for, with the catalog of now
	return RetryStale(ctx, w.Pause, func() ([]entitlement.Counted, error) {
		if seats != nil {
			counted, err := seats.trackSeats(ctx, customerID, entityID, func([]entitlement.Counted) []RequestKey { return keys }, events, requests)
			if errors.Is(err, errAway) {
				seats = nil
			}
			return counted, err
		}
		counted, known, err := w.fastTrack(ctx, w.caller, customerID, entityID, keys, events, requests)
		if len(counted) > 0 || err != nil {
			return counted, err
		}
		// The rows as a whole: resets that are due, uses that span several
		// grants or sources, customers not yet known.
		from, err := w.poolFor(ctx, customerID, entityID, billing.CustomerData{}, known, requests...)
		if err != nil {
			return nil, err
		}
		if paysSeats(from.balances, w.caller.Now) {
			fresh, err := w.begin(ctx, w.caller)
			if err != nil {
				return nil, err
			}
			seats = &fresh
			return seats.trackSeats(ctx, customerID, entityID, func([]entitlement.Counted) []RequestKey { return keys }, events, requests)
		}
		counted, err = w.saveUse(ctx, w.caller, customerID, from, keys, events, requests...)
		return counted, err
	})
}

// wouldTrack refuses a use of an entity that is to be made as it would be once it is there.
func (w work) wouldTrack(ctx context.Context, cmd TrackCommand, requests []entitlement.UsageRequest) error {
	if cmd.RequestKey != "" {
		if used, err := w.Store.UsedKeys(ctx, w.caller.Env, cmd.CustomerID, cmd.RequestKey); err != nil || len(used) > 0 {
			return cmp.Or(err, error(errDuplicateTrack))
		}
	}
	balances, err := w.imaginedBalances(ctx, cmd)
	if err == nil {
		_, _, err = entitlement.DecideUsage(balances, requests...)
	}
	return err
}

// checkedUses refuses what can never be recorded.
func (a *App) checkedUses(ctx context.Context, caller Caller, cmd TrackCommand) ([]entitlement.UsageRequest, *catalog.Catalog, error) {
	if err := cmp.Or(billing.CheckCustomerID(cmd.CustomerID), checkEntity(cmd.EntityID), entitlement.CheckUsageEvent(cmd.EventName, cmd.Properties), cmd.Data.Check()); err != nil {
		return nil, nil, err
	}
	requests, cat, err := a.uses(ctx, caller, cmd)
	if err == nil {
		err = cat.Settings.CheckUsage(cmd.Value)
	}
	return requests, cat, err
}

// requests lists what a track takes, of each feature that counts it.
func (a *App) uses(ctx context.Context, caller Caller, cmd TrackCommand) ([]entitlement.UsageRequest, *catalog.Catalog, error) {
	features, cat, err := a.tracked(ctx, caller, cmd)
	if err != nil {
		return nil, nil, err
	}
	var requests []entitlement.UsageRequest
	for _, f := range features {
		if !f.Metered() {
			return nil, nil, refusal.ErrNotMetered(f.ID)
		}
		requests = append(requests, entitlement.UsageRequest{Feature: f, Funding: cat.Funding(f), Value: cmd.Value, Whole: cmd.Whole, Now: caller.Now})
	}
	return requests, cat, nil
}

func (a *App) tracked(ctx context.Context, caller Caller, cmd TrackCommand) ([]catalog.Feature, *catalog.Catalog, error) {
	if cmd.FeatureID != "" {
		f, cat, err := a.feature(ctx, caller, cmd.FeatureID)
		return []catalog.Feature{f}, cat, err
	}
	for _, fresh := range []bool{false, true} {
		cat, err := a.Store.Catalog(ctx, caller.Env, fresh)
		if err != nil {
			return nil, nil, err
		}
		if features := cat.Listening(cmd.EventName); len(features) > 0 {
			return features, cat, nil
		}
	}
	return nil, nil, refusal.Invalid(ReasonEventNameUnknown, cmd.EventName)
}

// fastTrack debits without a read. counted is nil where that was not possible, and
// known holds the rows read by then. The write of one row returns its balance;
// shards and a transaction return none, as that would be another request.
func (a *App) fastTrack(ctx context.Context, caller Caller, customerID, entityID string, keys []RequestKey, events []UsageRecord, requests []entitlement.UsageRequest) (counted []entitlement.Counted, known map[string]entitlement.Balance, err error) {
	if slices.ContainsFunc(requests, func(u entitlement.UsageRequest) bool { return !u.Plain() }) {
		return nil, nil, nil
	}
	if len(requests) == 1 && len(keys) == 0 {
		u := requests[0]
		read := !slices.ContainsFunc(u.Funding, func(s catalog.Source) bool { return s.Shards > 1 })
		fast, err := a.useOne(ctx, caller, customerID, entityID, u, read, events)
		if !fast.done || err != nil {
			return nil, fast.known, err
		}
		done := u.All(fast.source)
		if read && entityID == "" && !fast.balance.OfEntities() { // else other rows count, too
			done = done.Known(fast.balance, caller.Now)
		}
		return []entitlement.Counted{done}, nil, nil
	}
	debits, err := merged(requests, entityID)
	if err != nil {
		return nil, nil, err
	}
	done, used, err := a.Store.UseAll(ctx, caller.Env, customerID, DebitBatch{Debits: debits, Now: caller.Now, Events: events, Keys: keys})
	if len(used) > 0 {
		err = keysUsed(used)
	}
	if !done || err != nil {
		return nil, nil, err
	}
	for _, u := range requests {
		counted = append(counted, u.All(u.Funding[0]))
	}
	return counted, nil, nil
}

// merged lists what uses take from their first sources, one take per row: a
// transaction can't change a row twice.
func merged(requests []entitlement.UsageRequest, entityID string) ([]Debit, error) {
	var debits []Debit
	at := map[string]int{}
	for _, u := range requests {
		amount, err := u.Funding[0].Convert(u.Value)
		if err != nil {
			return nil, err
		}
		id := u.Funding[0].FeatureID
		if i, again := at[id]; again {
			debits[i].Amount = debits[i].Amount.Add(amount)
			continue
		}
		at[id] = len(debits)
		debit := Debit{FeatureID: id, EntityID: entityID, Amount: amount, Shards: u.Funding[0].Shards}
		if entityID != "" {
			debit.Shards = 0
		}
		debits = append(debits, debit)
	}
	return debits, nil
}
