package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Lock reserves units of one or more features until it is confirmed or released, or
// until it expires. Its balances keep what it reserves, so that a date alone releases it.
type Lock struct {
	ID          string         `json:"id"`
	CustomerKey string         `json:"-"`
	EntityID    string         `json:"entity_id,omitzero"` // whose use it is; "" is the customer
	Number      int64          `json:"number,omitzero"`    // of that entity, as another one may get its id; 0 of a lock from before it was kept
	Content     string         `json:"content"`            // names what was asked for: the same id is for the same
	Features    []string       `json:"features"`           // that are to be used
	EventName   string         `json:"event_name,omitzero"`
	Paid        [][]paidBy     `json:"paid"`  // … and what each is reserved of
	Value       money.Decimal  `json:"value"` // reserved of each
	At          time.Time      `json:"at"`    // time of the use
	Properties  string         `json:"properties,omitzero"`
	Expires     time.Time      `json:"expires"`
	Ended       LockEnd        `json:"ended,omitzero"` // "" while it is open
	Final       *money.Decimal `json:"final,omitempty"`
}

// A paidBy is a balance that units may be reserved of, at the cost of that time.
type paidBy struct {
	FeatureID string        `json:"feature_id"`
	Cost      money.Decimal `json:"cost"`
}

// A LockEnd is how a lock ended.
type LockEnd string

const (
	Confirmed LockEnd = "confirm"
	Released  LockEnd = "release"
)

// LockTerms are what a check or track asks of a lock.
type LockTerms struct {
	ID      string
	Expires time.Time // zero is the longest life
}

// LockStore keeps locks. Functions without locks stay small without it.
type LockStore interface {
	// Lock finds a lock by its id, also one that has ended within 30 days.
	Lock(ctx context.Context, env catalog.Env, id string, now time.Time) (l Lock, found bool, err error)
}

func (a *App) lockStore() LockStore { return a.Store.(LockStore) }

// newLock is the lock of a command, which must have passed its checks.
func newLock(caller Caller, cmd TrackCommand, requests []entitlement.UsageRequest) (Lock, error) {
	l := Lock{ID: cmd.Lock.ID, CustomerKey: cmd.CustomerID, EntityID: cmd.EntityID, EventName: cmd.EventName, Value: cmd.Value, At: cmd.At, Properties: cmd.Properties, Expires: cmd.Lock.Expires}
	if l.Expires.IsZero() {
		l.Expires = caller.Now.Add(entitlement.MaxLockTime)
	}
	if l.At.IsZero() {
		l.At = caller.Now
	}
	for _, u := range requests {
		l.Features = append(l.Features, u.Feature.ID)
		var paid []paidBy
		for _, s := range u.Funding {
			paid = append(paid, paidBy{s.FeatureID, s.Cost})
		}
		l.Paid = append(l.Paid, paid)
	}
	asked := fmt.Appendf(nil, "%q %q %q %v %d %q %d", cmd.CustomerID, cmd.FeatureID, cmd.EventName, cmd.Value, cmd.At.UnixMilli(), cmd.Properties, cmd.Lock.Expires.UnixMilli())
	if cmd.EntityID != "" {
		asked = fmt.Appendf(asked, " entity %q", cmd.EntityID)
	}
	sum := sha256.Sum256(asked)
	l.Content = hex.EncodeToString(sum[:12])
	return l, entitlement.CheckLock(l.Expires, caller.Now, requests...)
}

// reserve takes the units of a command for its lock, all or nothing, and returns the
// balances before and after; without after, the same call did it before. Two requests:
// a read, and the transaction of the balances and the lock. For an entity they are its
// own, and then the customer's.
func (w work) reserve(ctx context.Context, cmd TrackCommand, requests []entitlement.UsageRequest) (before, after map[string]entitlement.Balance, err error) {
	lock, err := newLock(w.caller, cmd, requests)
	if err != nil {
		return nil, nil, err
	}
	try := func() (map[string]entitlement.Balance, error) {
		from, err := w.reservable(ctx, cmd, requests)
		if err != nil {
			return nil, err
		}
		before, lock.Number = from.balances, from.entity
		changed, err := entitlement.DecideReserve(before, lock.ID, lock.Expires, requests...)
		if err == nil {
			rows := from.taken(changed, w.caller.Now)
			distribute(rows, requests)
			err = w.saveUsed(ctx, w.caller, cmd.CustomerID, rows, []Write{NewLock{lock, w.caller.Now}}, nil, nil)
		}
		if err != nil && (errors.Is(err, refusal.ErrStale) || final(err) != nil) {
			known, found, failed := w.lockStore().Lock(ctx, w.caller.Env, lock.ID, w.caller.Now)
			if failed != nil || !found {
				return nil, firstError(failed, err)
			}
			return nil, known.repeated(lock, w.caller.Now)
		}
		if err != nil {
			return nil, err
		}
		return byFeature(before, changed), nil
	}
	would := func() error {
		known, found, err := w.lockStore().Lock(ctx, w.caller.Env, lock.ID, w.caller.Now)
		if err != nil || found {
			return firstError(err, known.repeated(lock, w.caller.Now))
		}
		if before, err = w.imaginedBalances(ctx, cmd); err == nil {
			_, err = entitlement.DecideReserve(before, lock.ID, lock.Expires, requests...)
		}
		return err
	}
	after, err = withEntity(ctx, w, cmd.CustomerID, cmd.Data, cmd.EntityID, cmd.EntityData,
		would, func() (map[string]entitlement.Balance, error) { return RetryStale(ctx, w.Pause, try) })
	return before, after, err
}

// reservable is what a lock may reserve of: an entity's balances and its customer's, or the
// customer's own.
func (w work) reservable(ctx context.Context, cmd TrackCommand, requests []entitlement.UsageRequest) (pool, error) {
	if cmd.EntityID != "" {
		return w.ofEntity(ctx, cmd.CustomerID, cmd.EntityID, nil, fundedBy(requests))
	}
	own, err := w.balancesFor(ctx, cmd.CustomerID, billing.CustomerData{}, nil, requests...)
	return pool{balances: own}, err
}

// repeated refuses a lock whose id is another one's, or was used up.
func (l Lock) repeated(again Lock, now time.Time) error {
	switch {
	case l.Content != again.Content:
		return refusal.Conflict(ReasonLockOther, l.ID)
	case l.Ended != "":
		return refusal.Conflict(ReasonLockEnded, l.ID, string(l.Ended))
	case !now.Before(l.Expires):
		return refusal.Conflict(ReasonLockExpired, l.ID)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// byFeature is balances with those that changed.
func byFeature(balances map[string]entitlement.Balance, changed []entitlement.Balance) map[string]entitlement.Balance {
	out := map[string]entitlement.Balance{}
	for id, b := range balances {
		out[id] = b
	}
	for _, b := range changed {
		out[b.FeatureID] = b
	}
	return out
}

// checkLocked answers a check whose units are to be reserved: if they can't be, it is not
// allowed.
func (w work) checkLocked(ctx context.Context, cmd CheckCommand, use entitlement.UsageRequest) (entitlement.Access, error) {
	track := TrackCommand{CustomerID: cmd.CustomerID, Data: cmd.Data, EntityID: cmd.EntityID, EntityData: cmd.EntityData, FeatureID: cmd.FeatureID, Value: cmd.Required, Properties: cmd.Properties, Lock: cmd.Lock}
	before, after, err := w.reserve(ctx, track, []entitlement.UsageRequest{use})
	lacking := final(err) != nil && final(err).Reason == entitlement.ReasonInsufficientBalance
	if err != nil && !lacking {
		return entitlement.Access{}, err
	}
	access, err := entitlement.DecideCheck(w.catalog, use, before)
	if err != nil || lacking {
		return access, err
	}
	access.Allowed = true
	if b, known := after[access.FeatureID]; known {
		access.Balance = b
	}
	return access, nil
}

// trackLocked is a track whose units are reserved instead of used. No event is kept until
// they are confirmed.
func (w work) trackLocked(ctx context.Context, cmd TrackCommand, requests []entitlement.UsageRequest) (TrackResult, error) {
	before, after, err := w.reserve(ctx, cmd, requests)
	if err != nil {
		return TrackResult{}, err
	}
	if after == nil {
		after = before
	}
	var out TrackResult
	for _, u := range requests {
		access, err := entitlement.DecideCheck(w.catalog, u, before)
		if err != nil {
			return out, err
		}
		done := entitlement.Counted{FeatureID: u.Feature.ID, Recorded: u.Value, PaidBy: access.FeatureID}
		out.Counted = append(out.Counted, done.Known(after[access.FeatureID], u.Now))
	}
	return out, nil
}
