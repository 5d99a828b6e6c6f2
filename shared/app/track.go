package app

import (
	"context"

	"windfall/shared/billing"
)

// A TrackCommand records a use of a feature.
type TrackCommand struct {
	CustomerID string
	Data       billing.CustomerData
	FeatureID  string // or
	EventName  string
	Value      billing.Decimal // below 0 gives back
	RequestKey string          // idempotency_key: counts once per customer
}

var errDuplicateTrack = &billing.Error{Kind: billing.KindConflict, Code: "duplicate_idempotency_key",
	Message: "An event with this idempotency_key was recorded for this customer before."}

// Track records a use and returns the event's id. In the common case it is one
// conditional write of one row, without a read.
func (a *App) Track(ctx context.Context, who Caller, cmd TrackCommand) (string, error) {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return "", err
	}
	features, err := a.tracked(ctx, who, cmd)
	if err != nil {
		return "", err
	}
	if cmd.Data.Given() {
		if _, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data); err != nil {
			return "", err
		}
	}
	id := "evt_" + a.NewID()
	use := Usage{Value: cmd.Value, Now: who.Now}
	known := map[string]billing.Balance{}
	if cmd.Value.IsPositive() && len(features) > 0 {
		done, err := a.fastTrack(ctx, who, cmd, features, use, known)
		if done || err != nil {
			return id, err
		}
	}
	return id, a.slowTrack(ctx, who, cmd, features, use, known)
}

// tracked lists the features that count a use down. A boolean feature is never
// used up.
func (a *App) tracked(ctx context.Context, who Caller, cmd TrackCommand) ([]string, error) {
	var features []billing.Feature
	if cmd.FeatureID != "" {
		f, err := a.feature(ctx, who, cmd.FeatureID)
		if err != nil {
			return nil, err
		}
		features = []billing.Feature{f}
	} else {
		for _, fresh := range []bool{false, true} {
			catalog, err := a.Store.Catalog(ctx, who.Env, fresh)
			if err != nil {
				return nil, err
			}
			if features = catalog.Listening(cmd.EventName); len(features) > 0 {
				break
			}
		}
		if len(features) == 0 {
			return nil, &billing.Error{Kind: billing.KindInvalid, Code: "invalid_event_name",
				Message: "No feature counts events named \"" + cmd.EventName + "\"."}
		}
	}
	var ids []string
	for _, f := range features {
		if f.Metered() {
			ids = append(ids, f.ID)
		}
	}
	return ids, nil
}

func (a *App) fastTrack(ctx context.Context, who Caller, cmd TrackCommand, features []string, use Usage, known map[string]billing.Balance) (bool, error) {
	if len(features) == 1 && cmd.RequestKey == "" {
		b, done, err := a.Store.Use(ctx, who.Env, cmd.CustomerID, features[0], use)
		if b.Version > 0 {
			known[features[0]] = b // the row as it is: saves the slow path a read
		}
		return done, err
	}
	done, duplicate, err := a.Store.UseAll(ctx, who.Env, cmd.CustomerID, features, use, cmd.RequestKey)
	if duplicate {
		return false, errDuplicateTrack
	}
	return done, err
}

// slowTrack looks at the rows as a whole: resets that are due, uses that span
// several grants, values given back, customers not yet known.
func (a *App) slowTrack(ctx context.Context, who Caller, cmd TrackCommand, features []string, use Usage, known map[string]billing.Balance) error {
	_, err := again(ctx, a, func() (struct{}, error) {
		var next []billing.Balance
		for _, f := range features {
			b, err := a.balance(ctx, who, cmd, f, known)
			if err != nil {
				return struct{}{}, err
			}
			if after := b.Deduct(use.Value, use.Now); b.Version > 0 && !after.Same(b) {
				next = append(next, after)
			}
		}
		if len(next) == 0 && cmd.RequestKey == "" {
			return struct{}{}, nil // nothing to count down
		}
		clear(known)
		done, duplicate, err := a.Store.SaveUsed(ctx, who.Env, cmd.CustomerID, next, use, cmd.RequestKey)
		switch {
		case duplicate:
			err = errDuplicateTrack
		case err == nil && !done:
			err = billing.ErrStale
		}
		return struct{}{}, err
	})
	return err
}

func (a *App) balance(ctx context.Context, who Caller, cmd TrackCommand, featureID string, known map[string]billing.Balance) (billing.Balance, error) {
	if b, ok := known[featureID]; ok {
		return b, nil
	}
	b, err := a.Store.Balance(ctx, who.Env, cmd.CustomerID, featureID)
	if err != nil || b.Version > 0 {
		return b, err
	}
	s, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data)
	b = s.Balances[featureID]
	b.FeatureID = featureID
	return b, err
}
