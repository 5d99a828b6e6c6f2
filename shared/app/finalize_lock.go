package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A FinalizeCommand ends a lock.
type FinalizeCommand struct {
	LockID     string
	Action     LockEnd
	Value      *money.Decimal // what was used; nil is what was reserved
	Properties string         // of the event, beside those of the lock; "" or a JSON object
}

// FinalizeLock confirms what a lock reserved, as a use with its event, or releases it:
// once. A repetition changes nothing. counted says what became of the final value of each
// feature; it is nil if nothing was done.
func (a *App) FinalizeLock(ctx context.Context, caller Caller, cmd FinalizeCommand) (counted []entitlement.Counted, err error) {
	return RetryStale(ctx, a.Pause, func() ([]entitlement.Counted, error) {
		l, found, err := a.lockStore().Lock(ctx, caller.Env, cmd.LockID, caller.Now)
		switch {
		case err != nil:
			return nil, err
		case !found:
			return nil, refusal.NotFound(ReasonLockUnknown, cmd.LockID)
		}
		final := l.Value
		if cmd.Value != nil {
			final = *cmd.Value
		}
		if cmd.Action == Released {
			final = money.Zero
		}
		switch expired := !caller.Now.Before(l.Expires); {
		case l.Ended == cmd.Action && l.Final.Equal(final), l.Ended == "" && expired && cmd.Action == Released:
			return nil, nil
		case l.Ended != "":
			return nil, refusal.Conflict(ReasonLockFinal, l.ID, string(l.Ended), l.Final.String())
		case expired:
			return nil, refusal.Conflict(ReasonLockExpired, l.ID)
		}
		l.Ended, l.Final = cmd.Action, &final
		return a.finalize(ctx, caller, l, cmd.Properties)
	})
}

// finalize ends a lock that is open: balances, event and lock in one transaction.
func (a *App) finalize(ctx context.Context, caller Caller, l Lock, properties string) ([]entitlement.Counted, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return nil, err
	}
	if err := cat.Settings.CheckUsage(*l.Final); err != nil {
		return nil, err
	}
	uses, err := a.lockedUses(ctx, caller, cat, l)
	if err != nil {
		return nil, err
	}
	w := work{App: a, caller: caller, catalog: cat}
	rows, replaced, err := w.lockedRows(ctx, l, balancesOf(uses))
	if err != nil {
		return nil, err
	}
	changed, counted, held, err := entitlement.DecideFinalize(rows, l.ID, uses...)
	if err == nil && !held {
		err = a.notHeld(ctx, caller, l)
	}
	if err != nil {
		return nil, err
	}
	var requests []entitlement.UsageRequest
	for _, u := range uses {
		requests = append(requests, u.UsageRequest)
	}
	var events []UsageRecord
	if l.Final.IsPositive() {
		if l.Properties, err = merge(l.Properties, properties); err != nil {
			return nil, err
		}
		entity := l.EntityID
		if replaced {
			entity = "" // another one has its id: it is no event of that
		}
		event, err := a.usageEvent(ctx, caller, TrackCommand{CustomerID: l.CustomerKey, EntityID: entity, EventName: l.EventName, Value: *l.Final, At: l.At, Properties: l.Properties}, requests)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	also, err := w.lateBill(ctx, l.CustomerKey, rows, changed)
	if err != nil {
		return nil, err
	}
	distribute(changed, requests)
	err = a.saveUsed(ctx, caller, l.CustomerKey, changed, append(also, EndLock{l}), nil, events)
	return counted, err
}

// lockedRows reads the rows that a lock may have reserved of. Of an entity that is gone the
// customer's are left, for what is used beyond the reserved, too: replaced says that another
// entity has its id by now.
func (w work) lockedRows(ctx context.Context, l Lock, features []string) (rows map[string][]entitlement.Balance, replaced bool, err error) {
	from := pool{}
	gone := l.EntityID == ""
	if !gone {
		from, err = w.ofEntity(ctx, l.CustomerKey, l.EntityID, nil, features)
		replaced = err == nil && l.Number != 0 && l.Number != from.entity
		gone = replaced || errors.Is(err, billing.ErrEntityNotFound(""))
	}
	if gone {
		from = pool{}
		from.balances, err = w.Store.Balances(ctx, w.caller.Env, l.CustomerKey, features...)
	}
	rows = map[string][]entitlement.Balance{}
	for id, b := range from.balances {
		if rows[id] = from.rows[id]; rows[id] == nil {
			rows[id] = []entitlement.Balance{b}
		}
	}
	return rows, replaced, err
}

// notHeld says why no balance has anything of a lock that was open a moment ago: it was
// ended or moved by another call, or its customer was deleted.
func (a *App) notHeld(ctx context.Context, caller Caller, l Lock) error {
	now, found, err := a.lockStore().Lock(ctx, caller.Env, l.ID, caller.Now)
	switch {
	case err != nil:
		return err
	case found && (now.Ended != "" || now.CustomerKey != l.CustomerKey):
		return refusal.ErrStale
	}
	return refusal.NotFound(ReasonLockGone, l.ID)
}

// lockedUses is what becomes of each feature of a lock.
func (a *App) lockedUses(ctx context.Context, caller Caller, cat *catalog.Catalog, l Lock) (uses []entitlement.LockedUse, err error) {
	for i, id := range l.Features {
		f, known := cat.Features[id]
		if !known {
			if f, cat, err = a.feature(ctx, caller, id); err != nil {
				return nil, err
			}
		}
		use := entitlement.LockedUse{UsageRequest: entitlement.UsageRequest{Feature: f, Funding: cat.Funding(f), Value: *l.Final, Now: caller.Now}}
		for _, p := range l.Paid[i] {
			use.Paid = append(use.Paid, catalog.Source{FeatureID: p.FeatureID, Cost: p.Cost})
		}
		uses = append(uses, use)
	}
	return uses, nil
}

// balancesOf lists the balances that a lock may have reserved of, and that more than was
// reserved is taken from.
func balancesOf(uses []entitlement.LockedUse) (ids []string) {
	for _, u := range uses {
		for _, s := range slices.Concat(u.Paid, u.Funding) {
			if !slices.Contains(ids, s.FeatureID) {
				ids = append(ids, s.FeatureID)
			}
		}
	}
	return ids
}

// lateBill has the schedule make one more bill of a subscription that has ended, if what
// was confirmed is billed for a product of it.
func (w work) lateBill(ctx context.Context, key string, was map[string][]entitlement.Balance, changed []entitlement.Balance) ([]Write, error) {
	late := ""
	for _, b := range changed {
		for _, before := range was[b.FeatureID] {
			if n := len(b.Closed); before.Entity == b.Entity && n > len(before.At(w.caller.Now).Closed) {
				late, _, _ = strings.Cut(b.Closed[n-1].GrantID, "/")
			}
		}
	}
	if late == "" {
		return nil, nil
	}
	s, found, err := w.Store.State(ctx, w.caller.Env, key)
	if err != nil || !found {
		return nil, err
	}
	for _, cp := range s.Products {
		if cp.ID == late && cp.Status == billing.Expired && cp.SubscriptionID != "" {
			return []Write{SaveCustomer{s.Customer}, SaveCustomerProduct{Key: key, Product: cp, Due: w.caller.Now}}, nil
		}
	}
	return nil, nil
}

// merge adds properties to those of a lock; of two of one name the later stays.
func merge(first, more string) (string, error) {
	if first == "" || more == "" {
		return first + more, nil
	}
	all := map[string]json.RawMessage{}
	for _, text := range []string{first, more} {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return "", fmt.Errorf("read properties: %w", err)
		}
	}
	text, err := json.Marshal(all)
	return string(text), errors.Join(err, entitlement.CheckUsageEvent("", string(text)))
}

// moveLocks files the locks that a balance has reservations of under another key.
func moveLocks(b entitlement.Balance, to string, now time.Time, already []Write) (writes []Write) {
	b = b.At(now)
	add := func(id string) {
		move := Write(MoveLock{id, to})
		if !slices.Contains(already, move) && !slices.Contains(writes, move) {
			writes = append(writes, move)
		}
	}
	for _, g := range b.Grants {
		for _, r := range g.Reserved {
			add(r.LockID)
		}
	}
	for _, r := range b.Late {
		add(r.LockID)
	}
	return writes
}

type (
	// NewLock puts a lock, whose id must be new.
	NewLock struct {
		Lock Lock
		Now  time.Time
	}

	// EndLock notes how a lock ended, which must be open.
	EndLock struct{ Lock Lock }

	// MoveLock files an open lock under another key of its customer.
	MoveLock struct{ ID, Key string }
)

// LockTable is the part of Tables with locks.
type LockTable interface {
	NewLock(NewLock)
	EndLock(EndLock)
	MoveLock(MoveLock)
}

func (w NewLock) To(t Table)  { t.(interface{ NewLock(NewLock) }).NewLock(w) }
func (w EndLock) To(t Table)  { t.(interface{ EndLock(EndLock) }).EndLock(w) }
func (w MoveLock) To(t Table) { t.(interface{ MoveLock(MoveLock) }).MoveLock(w) }
